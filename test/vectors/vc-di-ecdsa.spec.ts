import { createHash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { projectFile } from '#platform';
import {
  ContextStore,
  canonize,
  checkAnyProof,
  disclosureFits,
  type JsonObject,
  multibaseBytes,
  prepare,
  publicKeyOfMultikey,
} from '#signing';

const read = (path: string): string =>
  readFileSync(projectFile('test/vectors/published/vc-di-ecdsa', path), 'utf8');
const json = <T = JsonObject>(path: string): T => JSON.parse(read(path)) as T;
// The vectors' own context: every unknown word becomes a term of the examples vocabulary.
const contexts = new ContextStore({
  'https://www.w3.org/ns/credentials/examples/v2': {
    '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' },
  },
  'https://w3id.org/citizenship/v4rc1': { '@context': {} },
});
const hashOf = (text: string, hash: 'sha256' | 'sha384'): Buffer => createHash(hash).update(text).digest();

describe.each([
  ['P256', 'sha256', 'ecdsa-rdfc-2019-p256', 'p256KeyPair.json', 'p384KeyPair.json'],
  ['P384', 'sha384', 'ecdsa-rdfc-2019-p384', 'p384KeyPair.json', 'p256KeyPair.json'],
] as const)(
  'W3C Data Integrity ECDSA Cryptosuites 1.0, ecdsa-rdfc-2019, %s',
  (curve, hash, folder, own, other) => {
    const key = publicKeyOfMultikey(json<{ publicKeyMultibase: string }>(own).publicKeyMultibase);
    const otherKey = publicKeyOfMultikey(json<{ publicKeyMultibase: string }>(other).publicKeyMultibase);
    const { proof, ...document } = json(`${folder}/signedECDSA${curve}.json`) as JsonObject & {
      proof: JsonObject;
    };

    it('canonicalises document and proof configuration to the published texts and hashes', async () => {
      const text = await canonize(json('unsigned.json'), contexts, hash);
      expect(text).toBe(read(`${folder}/canonDocECDSA${curve}.txt`));
      const configuration = await canonize(json(`${folder}/proofConfigECDSA${curve}.json`), contexts, hash);
      expect(configuration).toBe(read(`${folder}/proofCanonECDSA${curve}.txt`));
      expect(hashOf(text, hash).toString('hex')).toBe(read(`${folder}/docHashECDSA${curve}.txt`).trim());
      expect(hashOf(configuration, hash).toString('hex')).toBe(
        read(`${folder}/proofHashECDSA${curve}.txt`).trim(),
      );
      expect(Buffer.concat([hashOf(configuration, hash), hashOf(text, hash)]).toString('hex')).toBe(
        read(`${folder}/combinedHashECDSA${curve}.txt`).trim(),
      );
    });

    it('accepts the published signed document', async () => {
      expect(multibaseBytes(String(proof.proofValue)).toString('hex')).toBe(
        read(`${folder}/sigHexECDSA${curve}.txt`).trim(),
      );
      expect(await checkAnyProof(await prepare(document, contexts), proof, key)).toBe(true);
    });

    it('refuses it after a change, with a key of the other curve, or with a signature cut short', async () => {
      const prepared = await prepare(document, contexts);
      const changed = await prepare({ ...document, name: 'Alumni Credential.' }, contexts);
      expect(await checkAnyProof(changed, proof, key)).toBe(false);
      expect(await checkAnyProof(prepared, { ...proof, created: '2023-02-24T23:36:39Z' }, key)).toBe(false);
      expect(await checkAnyProof(prepared, proof, otherKey)).toBe(false);
      const short = { ...proof, proofValue: String(proof.proofValue).slice(0, -2) };
      expect(await checkAnyProof(prepared, short, key)).toBe(false);
    });

    it('follows the employment vector from its published canonical texts to its signature', () => {
      const employ = `${folder}/employ`;
      const texts = [
        read(`${employ}/proofCanonECDSA${curve}.txt`),
        read(`${employ}/canonDocECDSA${curve}.txt`),
      ];
      const data = Buffer.concat(texts.map((text) => hashOf(text, hash)));
      expect(data.toString('hex')).toBe(read(`${employ}/combinedHashECDSA${curve}.txt`).trim());
      const { proofValue, verificationMethod } = json<{ proof: Record<string, string> }>(
        `${employ}/signedECDSA${curve}.json`,
      ).proof as { proofValue: string; verificationMethod: string };
      const signer = publicKeyOfMultikey(verificationMethod.split('#')[1]!);
      const signature = multibaseBytes(proofValue);
      expect(verify(hash, data, { key: signer, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    });
  },
);

describe.each(['prc', 'employ'])('W3C Data Integrity ECDSA Cryptosuites 1.0, ecdsa-sd-2023, %s', (folder) => {
  const published = json<{
    baseSignature: string;
    proofHash: string;
    publicKey: string;
    signatures: string[];
    nonMandatory: string[];
    mandatoryHash: string;
  }>(`ecdsa-sd-2023/${folder}/verifyCreateVerifyData.json`);
  const hex = (text: string): Buffer => Buffer.from(text, 'hex');
  const data = {
    baseSignature: hex(published.baseSignature),
    proofHash: hex(published.proofHash),
    publicKey: multibaseBytes(published.publicKey),
    signatures: published.signatures.map(hex),
    nonMandatory: published.nonMandatory,
    mandatoryHash: hex(published.mandatoryHash),
  };
  const { baseKeyPair } = json<{ baseKeyPair: { publicKeyMultibase: string } }>(
    'ecdsa-sd-2023/SDKeyMaterial.json',
  );
  const key = publicKeyOfMultikey(baseKeyPair.publicKeyMultibase);

  it('hashes the published proof configuration to the published hash', () => {
    const text = read(`ecdsa-sd-2023/${folder}/addProofConfigCanon.txt`);
    expect(hashOf(text, 'sha256').toString('hex')).toBe(published.proofHash);
  });

  it('accepts the published derived signatures, and none after one byte changed', () => {
    expect(disclosureFits(data, key)).toBe(true);
    const flipped = (bytes: Buffer): Buffer =>
      Buffer.from(bytes.map((byte, at) => (at === 7 ? byte ^ 1 : byte)));
    for (const part of ['baseSignature', 'proofHash', 'mandatoryHash', 'publicKey'] as const)
      expect(disclosureFits({ ...data, [part]: flipped(data[part]) }, key)).toBe(false);
    const [first, ...others] = data.signatures;
    expect(disclosureFits({ ...data, signatures: [flipped(first!), ...others] }, key)).toBe(false);
    expect(disclosureFits({ ...data, signatures: others }, key)).toBe(false);
    const [statement, ...rest] = data.nonMandatory;
    expect(disclosureFits({ ...data, nonMandatory: [`${statement} `, ...rest] }, key)).toBe(false);
  });
});
