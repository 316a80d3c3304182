import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { projectFile, sha256 } from '#platform';
import {
  ContextStore,
  canonize,
  checkAnyProof,
  checkProof,
  type JsonObject,
  jcs,
  multibaseBytes,
  prepare,
  proofFor,
  publicKeyOfMultikey,
  withProofs,
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

describe('W3C Data Integrity EdDSA Cryptosuites 1.0, eddsa-jcs-2022', () => {
  const folder = 'eddsa-jcs-2022';
  const { proof, ...document } = json(`${folder}/signedJCS.json`) as JsonObject & { proof: JsonObject };

  it('writes document and proof configuration as published, with the published hashes', () => {
    const texts = [jcs(json(`${folder}/proofConfigJCS.json`)), jcs(json('unsigned.json'))];
    expect(texts).toEqual([read(`${folder}/proofCanonJCS.txt`), read(`${folder}/canonDocJCS.txt`)]);
    const hashes = texts.map((text) => sha256(text).toString('hex'));
    expect(hashes[0]).toBe(read(`${folder}/proofHashJCS.txt`).trim());
    expect(hashes[1]).toBe(read(`${folder}/docHashJCS.txt`).trim());
    expect(hashes.join('')).toBe(read(`${folder}/combinedHashJCS.txt`).trim());
  });

  it('accepts the published signed document and refuses it after any change', async () => {
    const prepared = await prepare(document, contexts);
    expect(await checkAnyProof(prepared, proof, publicKey)).toBe(true);
    expect(await checkAnyProof(prepared, { ...proof, '@context': undefined }, publicKey)).toBe(false);
    const changed = await prepare({ ...document, name: 'Alumni Credential.' }, contexts);
    expect(await checkAnyProof(changed, proof, publicKey)).toBe(false);
  });
});

describe('W3C proof chains, eddsa-rdfc-2022', () => {
  type Chained = JsonObject & { id?: string; verificationMethod: string; previousProof?: string | string[] };

  it.each(['signedProofChain1', 'signedProofChain2'])(
    'accepts each proof of %s over those it names',
    async (name) => {
      const { proof, ...document } = json(`proof-set-chain/${name}.json`) as JsonObject & {
        proof: Chained[];
      };
      const prepared = await prepare(document, contexts);
      let chained = 0;
      for (const one of proof) {
        const named = [one.previousProof ?? []].flat();
        const previous = proof.filter(({ id }) => id !== undefined && named.includes(id));
        const key = publicKeyOfMultikey(one.verificationMethod.split('#')[1]!);
        expect(await checkAnyProof(await withProofs(prepared, previous), one, key)).toBe(true);
        if (named.length === 0) continue;
        chained += 1;
        expect(await checkAnyProof(prepared, one, key)).toBe(false);
      }
      expect(chained).toBeGreaterThan(0);
    },
  );
});
