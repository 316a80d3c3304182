import { createPublicKey } from 'node:crypto';
import { type JsonObject, multikeyOf } from '#signing';
import { aJwt, claimsOf } from '../../../test/vectors/jwts.js';
import { aBadge, aWeb, keys, now, otherDid, signed, signedJwt } from '../../../test/vectors/world.js';
import { verifyAnyCredential } from './any-credential.js';
import { verifyBadge } from './verify-badge.js';

const proofOf = ({ proof }: JsonObject): JsonObject => [proof].flat()[0] as JsonObject;

const told = async (given: object | string) => {
  const { verdict, checks, notChecked } = await verifyBadge(given, { fetcher: await aWeb(), now });
  const proof = checks.find(({ name }) => name === 'proof');
  return {
    verdict,
    code: proof?.code,
    remark: proof?.remark,
    notChecked: notChecked.map(({ en }) => en).join(),
  };
};

describe('a signature of somebody else beside that of the issuer', () => {
  const by = (verificationMethod: string, privateKey = keys.otherEd) =>
    signed(aBadge(), { privateKey, verificationMethod });
  const multikey = multikeyOf(createPublicKey(keys.otherEd));
  const didKey = `did:key:${multikey}`;

  it.each([`${otherDid}#ed-other`, `${didKey}#${multikey}`])(
    'takes nothing from a badge when it is good: %s',
    async (method) => {
      const [own, other] = [proofOf(await signed()), proofOf(await by(method))];
      for (const proof of [
        [own, other],
        [other, own],
      ]) {
        expect(await told({ ...aBadge(), proof })).toMatchObject({
          verdict: 'authentic',
          code: 'signature_fits_beside_others',
          remark: method.split('#')[0],
          notChecked: expect.stringContaining('somebody other than the issuer'),
        });
        const any = await verifyAnyCredential({ ...aBadge(), proof }, { fetcher: await aWeb(), now });
        expect(any.notChecked.map(({ code }) => code)).toContain('signature_fits_beside_others');
      }
      expect((await told({ ...aBadge(), proof: [other] })).verdict).toBe('not_authentic');
    },
  );

  it('makes it not authentic when it is not good, or when that of the issuer is not', async () => {
    const own = proofOf(await signed());
    const other = proofOf(await by(`${otherDid}#ed-other`));
    const forged = proofOf(await by(`${otherDid}#ed-other`, keys.ed));
    const unlisted = { ...other, verificationMethod: `${otherDid}#none` };
    const wrong = { ...own, proofValue: other.proofValue };
    for (const proof of [
      [own, forged],
      [own, unlisted],
      [wrong, other],
      [other, wrong],
    ])
      expect([proof, (await told({ ...aBadge(), proof })).verdict]).toEqual([proof, 'not_authentic']);
  });
});

describe('a badge in a JWT', () => {
  it('says that the signature written inside it was not checked', async () => {
    const inside = { ...aBadge(), proof: [{ ...proofOf(await signed()), proofValue: `z${'3'.repeat(86)}` }] };
    expect(await told(aJwt(claimsOf(inside)))).toMatchObject({
      verdict: 'authentic',
      code: 'signature_fits_proof_inside',
      notChecked: expect.stringContaining('only that of the JWT'),
    });
    expect(await told(signedJwt())).toMatchObject({
      code: 'signature_fits',
      notChecked: expect.not.stringContaining('only that of the JWT'),
    });
  });

  it.each(['EnvelopedVerifiableCredential', ['EnvelopedVerifiableCredential']])(
    'is read from its envelope, however that writes its type: %j',
    async (type) => {
      const envelope = {
        '@context': 'https://www.w3.org/ns/credentials/v2',
        type,
        id: `data:application/vc+jwt,${signedJwt()}`,
      };
      expect(await told(envelope)).toMatchObject({ verdict: 'authentic', code: 'signature_fits' });
    },
  );
});
