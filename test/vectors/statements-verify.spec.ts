import { anEndorsement, aRecord } from './statements.js';
import { aBadge, answer, keys, otherDid, signed, signedJwt, verify } from './world.js';

describe('endorsements and records, verified', () => {
  it('are authentic in both forms', async () => {
    for (const document of [anEndorsement(), aRecord()]) {
      expect((await verify(await signed(document))).verdict).toBe('authentic');
      expect((await verify(signedJwt(document))).verdict).toBe('authentic');
    }
  });

  it('gather badges that keep their own proofs', async () => {
    const badge = await signed(aBadge());
    const record = await signed(
      aRecord({
        credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'], verifiableCredential: [badge] },
      }),
    );
    expect((await verify(record)).verdict).toBe('authentic');
    expect((await verify(badge)).verdict).toBe('authentic');
  });

  it('are not authentic when a word was changed, another signed, or the form is broken', async () => {
    const endorsement = await signed(anEndorsement());
    const said = { ...(endorsement.credentialSubject as object), endorsementComment: 'Autre chose.' };
    expect(answer(await verify({ ...endorsement, credentialSubject: said }), 'proof')).toBe(
      'failed signature_wrong',
    );
    const record = await signed(aRecord());
    const { verifiableCredential } = record.credentialSubject as { verifiableCredential: object[] };
    const shorter = {
      ...(record.credentialSubject as object),
      verifiableCredential: verifiableCredential.slice(1),
    };
    expect(answer(await verify({ ...record, credentialSubject: shorter }), 'proof')).toBe(
      'failed signature_wrong',
    );
    const forged = await signed(
      anEndorsement({ issuer: { id: otherDid, type: ['Profile'], name: 'Structure du Sud' } }),
      { privateKey: keys.otherEd },
    );
    expect((await verify(forged)).verdict).toBe('not_authentic');
    const empty = await signed(aRecord({ credentialSubject: { id: 'urn:uuid:1', type: ['ClrSubject'] } }));
    expect(answer(await verify(empty), 'schema')).toMatch(/^failed schema_broken/);
  });
});
