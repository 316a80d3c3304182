import fc from 'fast-check';
import { Fetcher, FetchFailed } from './fetcher.js';
import { said } from './said.js';
import { verifyBadge } from './verify-badge.js';

/** What JSON can hold and `String` cannot take. */
const hostile = { toString: 1, valueOf: 'x' };

class NoWeb extends Fetcher {
  async fetch(url: string): Promise<never> {
    throw new FetchFailed('fetch_refused', url);
  }
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a value of a stranger', () => {
  it('is said whatever JSON it is, and as String says it when it is no object', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => typeof said(value) === 'string'));
    for (const value of ['a', 1, true, null, undefined]) expect(said(value)).toBe(String(value));
    expect(said(hostile)).toBe('{"toString":1,"valueOf":"x"}');
  });

  it.each([
    ['a context', { '@context': hostile }],
    ['one of the contexts', { '@context': [hostile], type: ['VerifiableCredential'] }],
    ['a schema', { '@context': ['https://www.w3.org/ns/credentials/v2'], credentialSchema: { id: hostile } }],
    [
      'a context of Open Badges 2.0',
      { '@context': [hostile, 'https://w3id.org/openbadges/v2'], type: 'Assertion' },
    ],
    [
      'an id of Open Badges 2.0',
      { '@context': 'https://w3id.org/openbadges/v2', type: 'Assertion', id: hostile, badge: hostile },
    ],
    ['a cryptosuite', { '@context': [], proof: { type: 'DataIntegrityProof', cryptosuite: hostile } }],
  ])('is answered and not thrown over, as %s', async (_what, badge) => {
    const { verdict } = await verifyBadge(JSON.stringify(badge), { fetcher: new NoWeb(), now: new Date() });
    expect(['not_authentic', 'cannot_check']).toContain(verdict);
  });

  it('is answered as the algorithm of a JWT', async () => {
    const token = `${encoded({ alg: hostile, kid: hostile })}.${encoded({ issuer: hostile })}.AAAA`;
    const { verdict } = await verifyBadge(token, { fetcher: new NoWeb(), now: new Date() });
    expect(verdict).toBe('not_authentic');
  });
});
