import fc from 'fast-check';
import { didWebFor } from '#signing';
import { issuerProfile } from '../credential-for.js';
import { publicFactsIn } from './put-issuers-back.js';

const origin = 'https://badges.example';
type Issuer = Parameters<typeof issuerProfile>[1];
const anIssuer = (given: Partial<Issuer> = {}): Issuer => ({
  did: didWebFor(origin, 'atelier-exemple'),
  slug: 'atelier-exemple',
  name: 'Atelier Exemple',
  url: null,
  description: { fr: 'Une association', en: 'An association' },
  siret: null,
  parent: null,
  ...given,
});
const archived = (issuer: Issuer, at = origin) => ({
  issuerDid: issuer.did,
  payload: JSON.stringify({ id: `${at}/b/abc`, issuer: issuerProfile(at, issuer) }),
});

describe('what a signed badge says of its structure', () => {
  it('is all that the badge was given', () => {
    const text = fc.string({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}$/),
        text,
        fc.option(fc.webUrl()),
        fc.option(fc.stringMatching(/^[0-9]{14}$/)),
        fc.option(fc.stringMatching(/^[a-z0-9]{1,9}$/)),
        (slug, name, url, siret, parent) => {
          const given = { did: didWebFor(origin, slug), slug, name, url, siret };
          const issuer = anIssuer({
            ...given,
            parent: parent === null ? null : { slug: parent, name: 'Above' },
          });
          expect(publicFactsIn(archived(issuer))).toEqual({
            kind: 'structure',
            slug,
            name,
            url,
            siret,
            parentSlug: parent,
          });
        },
      ),
    );
  });

  it('counts only for an issuer at an address of this service', () => {
    expect(publicFactsIn(archived(anIssuer()))).toMatchObject({ slug: 'atelier-exemple' });
    for (const did of [
      'did:web:badges.example:issuers:Atelier',
      'did:web:badges.example:issuers:a%20b',
      'did:web:other.example:issuers:atelier-exemple',
      'did:web:badges.example:atelier-exemple',
      'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    ])
      expect(publicFactsIn(archived(anIssuer({ did })))).toBeUndefined();
  });
});
