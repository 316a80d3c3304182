import { CanonicalTemplates, prepare, proofFor, RehearsalKey, signPreparedVcJwt } from '#signing';
import { aBadge, aWeb, edMethod, now, origin, rsaKid } from '../../../test/vectors/world.js';
import { rehearse } from './rehearse.js';
import { verifyCredential } from './verify-credential.js';
import { verifyIssued } from './verify-issued.js';

const rehearsed = async (key: RehearsalKey, badge = aBadge()) => {
  const prepared = await prepare(badge);
  const proof = await proofFor(prepared, { privateKey: key, verificationMethod: edMethod, created: now });
  return {
    document: { ...badge, proof: [proof] },
    jwt: await signPreparedVcJwt(prepared, { privateKey: key, kid: rsaKid }),
    keys: {
      proof: { verificationMethod: edMethod, publicKey: key },
      jwt: { kid: rsaKid, publicKey: key },
    },
    prepared,
    now,
  };
};

describe('a rehearsal', () => {
  beforeAll(async () => void (await rehearse(await prepare(aBadge()))), 60_000);

  it('passes a badge that will be authentic, read from text or not', async () => {
    expect(await rehearse(await prepare(aBadge()))).toBeUndefined();
    const { prepared } = await new CanonicalTemplates(['/id']).prepareText(JSON.stringify(aBadge()));
    expect(await rehearse(prepared)).toBeUndefined();
  });

  it('finds content that breaks the schema, and a forged form of either kind', async () => {
    const broken = await prepare(
      aBadge({ credentialSubject: { id: 'urn:uuid:1', type: ['AchievementSubject'] } }),
    );
    expect(await rehearse(broken)).toMatch(/^schema: schema_broken/);
    const good = await rehearsed(new RehearsalKey());
    const other = await rehearsed(good.keys.jwt.publicKey, aBadge({ name: 'x' }));
    for (const forged of [
      { document: { ...good.document, name: 'x' } },
      { text: JSON.stringify(other.document) },
      { jwt: other.jwt },
      { jwt: good.jwt.replace('.', '.e') },
    ])
      expect((await verifyIssued({ ...good, ...forged })).verdict).toBe('not_authentic');
  });

  it('accepts nothing that another key of its kind signed, nor a signature with a byte changed', async () => {
    const key = new RehearsalKey();
    const good = await rehearsed(key);
    const bad = await rehearsed(new RehearsalKey());
    expect((await verifyIssued(good)).verdict).toBe('authentic');
    expect((await verifyIssued({ ...good, document: bad.document })).verdict).toBe('not_authentic');
    expect((await verifyIssued({ ...good, jwt: bad.jwt })).verdict).toBe('not_authentic');
    const signature = key.sign('text');
    expect(key.verify('text', signature)).toBe(true);
    for (const wrong of [Buffer.alloc(64), signature.subarray(0, 32), Buffer.concat([signature, signature])])
      expect(key.verify('text', wrong)).toBe(false);
    signature[5]! ^= 1;
    expect(key.verify('text', signature)).toBe(false);
  });

  it('makes nothing that anybody outside takes for signed', async () => {
    const { document, jwt } = await rehearsed(new RehearsalKey());
    for (const input of [document, jwt]) {
      const { verdict } = await verifyCredential(input, { fetcher: await aWeb(), now, origin });
      expect(verdict).toBe('not_authentic');
    }
  });

  it('shows nothing of its secret', () => {
    const key = new RehearsalKey();
    expect(JSON.stringify(key)).toBe('{}');
    expect(Object.getOwnPropertyNames(key)).toEqual([]);
  });
});
