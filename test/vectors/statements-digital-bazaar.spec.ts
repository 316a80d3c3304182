import type { JsonObject } from '#signing';
import { anEndorsement, aRecord } from './statements.js';
import { accepted } from './their-verifier.js';
import { aBadge, signed } from './world.js';

describe('@digitalbazaar/vc, of endorsements and records', () => {
  it('accepts an endorsement, and not with another comment', async () => {
    const endorsement = await signed(anEndorsement());
    expect(await accepted(endorsement)).toBe(true);
    const subject = { ...(endorsement.credentialSubject as object), endorsementComment: 'Autre chose.' };
    expect(await accepted({ ...endorsement, credentialSubject: subject })).toBe(false);
  });

  it('accepts a record, each badge in it, and neither after a change', async () => {
    const badge = await signed(aBadge());
    const subject = { id: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f03', type: ['ClrSubject'] };
    const record = await signed(
      aRecord({ credentialSubject: { ...subject, verifiableCredential: [badge] } }),
    );
    expect(await accepted(record)).toBe(true);
    const [inner] = (record.credentialSubject as { verifiableCredential: JsonObject[] }).verifiableCredential;
    expect(await accepted(inner!)).toBe(true);
    const changed = { ...inner!, name: 'Autre badge' };
    expect(await accepted(changed)).toBe(false);
    expect(
      await accepted({ ...record, credentialSubject: { ...subject, verifiableCredential: [changed] } }),
    ).toBe(false);
  });
});
