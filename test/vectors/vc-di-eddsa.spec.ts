import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { projectFile, sha256 } from '#platform';
import {
  ContextStore,
  canonize,
  checkProof,
  type JsonObject,
  multibaseBytes,
  prepare,
  proofFor,
  publicKeyOfMultikey,
} from '#signing';

const read = (path: string): string =>
  readFileSync(projectFile('test/vectors/published/vc-di-eddsa', path), 'utf8');
const json = (path: string): JsonObject => JSON.parse(read(path)) as JsonObject;
const keys = json('keyPair.json') as { publicKeyMultibase: string; privateKeyMultibase: string };
const publicKey = publicKeyOfMultikey(keys.publicKeyMultibase);
const privateKey = createPrivateKey({
  key: Buffer.concat([
    Buffer.from('302e020100300506032b657004220420', 'hex'),
    multibaseBytes(keys.privateKeyMultibase).subarray(2),
  ]),
  format: 'der',
  type: 'pkcs8',
});
// The vectors' own context: every unknown word becomes a term of the examples vocabulary.
const contexts = new ContextStore({
  'https://www.w3.org/ns/credentials/examples/v2': {
    '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' },
  },
  'https://w3id.org/citizenship/v4rc1': { '@context': {} },
});

describe('W3C Data Integrity EdDSA Cryptosuites 1.0, eddsa-rdfc-2022', () => {
  const proofConfiguration = json('eddsa-rdfc-2022/proofConfigDataInt.json');

  it('canonicalises the document to the published text and hash', async () => {
    const text = await canonize(json('unsigned.json'), contexts);
    expect(text).toBe(read('eddsa-rdfc-2022/canonDocDataInt.txt'));
    expect(sha256(text).toString('hex')).toBe(read('eddsa-rdfc-2022/docHashDataInt.txt').trim());
  });

  it('canonicalises the proof configuration to the published text and hash', async () => {
    const text = await canonize(proofConfiguration, contexts);
    expect(text).toBe(read('eddsa-rdfc-2022/proofCanonDataInt.txt'));
    expect(sha256(text).toString('hex')).toBe(read('eddsa-rdfc-2022/proofHashDataInt.txt').trim());
  });

  it('makes the published signature', async () => {
    const proof = await proofFor(await prepare(json('unsigned.json'), contexts), {
      privateKey,
      verificationMethod: proofConfiguration.verificationMethod as string,
      created: new Date(proofConfiguration.created as string),
    });
    expect(proof.proofValue).toBe(read('eddsa-rdfc-2022/sigBTC58DataInt.txt').trim());
    expect(multibaseBytes(proof.proofValue).toString('hex')).toBe(
      read('eddsa-rdfc-2022/sigHexDataInt.txt').trim(),
    );
    expect(proof).toEqual(json('eddsa-rdfc-2022/signedDataInt.json').proof);
  });

  it('accepts the published signed document and refuses it after any change', async () => {
    const { proof, ...document } = json('eddsa-rdfc-2022/signedDataInt.json');
    expect(await checkProof(await prepare(document, contexts), proof as JsonObject, publicKey)).toBe(true);
    const changed = await prepare({ ...document, name: 'Alumni Credential.' }, contexts);
    expect(await checkProof(changed, proof as JsonObject, publicKey)).toBe(false);
  });

  it('follows the employment vector from its published canonical text to its signature', async () => {
    const folder = 'eddsa-rdfc-2022/employ';
    const { proof, ...document } = json(`${folder}/signedDataInt.json`);
    const documentHash = sha256(read(`${folder}/canonDocDataInt.txt`));
    expect(documentHash.toString('hex')).toBe(read(`${folder}/docHashDataInt.txt`).trim());
    const prepared = { document, documentHash, contexts };
    const { verificationMethod, created, ...rest } = proof as { verificationMethod: string; created: string };
    const key = publicKeyOfMultikey(verificationMethod.split('#')[1]!);
    expect(await checkProof(prepared, { ...rest, verificationMethod, created }, key)).toBe(true);
    const text = await canonize(json(`${folder}/proofConfigDataInt.json`), contexts);
    expect(text).toBe(read(`${folder}/proofCanonDataInt.txt`));
    expect(Buffer.concat([sha256(text), documentHash]).toString('hex')).toBe(
      read(`${folder}/combinedHashDataInt.txt`).trim(),
    );
    const made = await proofFor(prepared, { privateKey, verificationMethod, created: new Date(created) });
    expect(made.proofValue).toBe(read(`${folder}/sigBTC58DataInt.txt`).trim());
  });
});

describe('W3C proof sets, eddsa-rdfc-2022', () => {
  it.each(['signedProofSet1', 'signedProofSet2'])(
    'accepts each proof of %s over the document without proofs',
    async (name) => {
      const { proof, ...document } = json(`proof-set-chain/${name}.json`);
      const prepared = await prepare(document, contexts);
      const proofs = (Array.isArray(proof) ? proof : [proof]) as (JsonObject & {
        verificationMethod: string;
      })[];
      for (const one of proofs)
        expect(
          await checkProof(prepared, one, publicKeyOfMultikey(one.verificationMethod.split('#')[1]!)),
        ).toBe(true);
    },
  );
});
