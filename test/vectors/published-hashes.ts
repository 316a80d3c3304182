import { canonize, type JsonObject, jcs, multibaseBytes, publicKeyOfMultikey } from '#signing';
import {
  contexts,
  type HashName,
  hashed,
  line,
  noCitizenship,
  publicPartOf,
  type Row,
  read,
  recanonized,
  signatureFits,
  text,
  without,
} from './published-files.js';

/** One folder of a cryptosuite: document, configuration, texts, hashes and signature, each from the one before. */
function suiteRows(given: {
  folder: string;
  suffix: string;
  unsigned: string;
  hash?: HashName;
  isJcs?: boolean;
  isHeld?: boolean;
}): Row[] {
  const { folder, suffix, unsigned, hash = 'sha256', isJcs = false, isHeld = true } = given;
  const path = (name: string, end = 'txt'): string => `${folder}/${name}${suffix}.${end}`;
  const canonical = async (document: JsonObject): Promise<string> =>
    isJcs ? jcs(document) : canonize(document, contexts, hash);
  const signer = () => {
    const { verificationMethod } = read<{ proof: { verificationMethod: string } }>(
      path('signed', 'json'),
    ).proof;
    return publicKeyOfMultikey(verificationMethod.split('#')[1]!);
  };
  return [
    isHeld
      ? {
          file: path('canonDoc'),
          says: 'is the canonical form of the unsigned document',
          holds: async () => expect(await canonical(read(unsigned))).toBe(text(path('canonDoc'))),
        }
      : {
          file: path('canonDoc'),
          says: 'is in canonical form',
          butNot: noCitizenship,
          holds: async () =>
            expect(await recanonized(text(path('canonDoc')), hash)).toBe(text(path('canonDoc'))),
        },
    {
      file: path('docHash'),
      says: 'is the hash of the canonical document',
      holds: () => expect(hashed(text(path('canonDoc')), hash)).toBe(line(path('docHash'))),
    },
    {
      file: path('proofConfig', 'json'),
      says: 'has the published canonical form, and is the signed proof without its value',
      holds: async () => {
        const configuration = read(path('proofConfig', 'json'));
        expect(await canonical(configuration)).toBe(text(path('proofCanon')));
        const { proof } = read<{ proof: JsonObject }>(path('signed', 'json'));
        expect(without(configuration, '@context')).toEqual(without(proof, '@context', 'proofValue'));
      },
    },
    {
      file: path('proofCanon'),
      says: 'is what is hashed of the configuration',
      holds: () => expect(hashed(text(path('proofCanon')), hash)).toBe(line(path('proofHash'))),
    },
    {
      file: path('proofHash'),
      says: 'is the first half of what is signed',
      holds: () => expect(line(path('combinedHash')).startsWith(line(path('proofHash')))).toBe(true),
    },
    {
      file: path('combinedHash'),
      says: 'is both hashes, the configuration’s first',
      holds: () => expect(line(path('combinedHash'))).toBe(line(path('proofHash')) + line(path('docHash'))),
    },
    {
      file: path('sigHex'),
      says: 'fits the combined hash and the signer’s key',
      holds: () => {
        const signature = line(path('sigHex'));
        expect(signatureFits(line(path('combinedHash')), signer(), signature, hash)).toBe(true);
        const other = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
        expect(signatureFits(line(path('combinedHash')), signer(), other, hash)).toBe(false);
      },
    },
    {
      file: path('sigBTC58'),
      says: 'is the same signature in base58, and the proof’s value',
      holds: () => {
        const value = line(path('sigBTC58'));
        expect(multibaseBytes(value).toString('hex')).toBe(line(path('sigHex')));
        expect(read<{ proof: JsonObject }>(path('signed', 'json')).proof.proofValue).toBe(value);
      },
    },
  ];
}

/** The published keys: the secret one has the public one. */
const keyRow = (file: string, pairs: (content: JsonObject) => unknown[]): Row => ({
  file,
  says: 'holds secret keys that have the public ones beside them',
  holds: () => {
    const all = pairs(read(file)) as Record<string, string>[];
    expect(all.length).toBeGreaterThan(0);
    for (const pair of all) {
      const secret = pair.privateKeyMultibase ?? pair.secretKeyMultibase!;
      expect(publicPartOf(secret)).toEqual(multibaseBytes(pair.publicKeyMultibase!).subarray(2));
      expect(publicKeyOfMultikey(pair.publicKeyMultibase!).type).toBe('public');
    }
  },
});

const eddsa = 'vc-di-eddsa';
const ecdsa = 'vc-di-ecdsa';
const set = `${eddsa}/proof-set-chain`;

/** A step of a set or chain: its configuration, and the document it is signed over. */
const stepRows = (kind: 'Set' | 'Chain', number: 1 | 2): Row[] => {
  const file = `${set}/proof${kind}Config${number}.json`;
  const signedFile = `${set}/proof${kind}ConfigSigned${number}.json`;
  const over = kind === 'Set' ? `${set}/unsigned.json` : `${set}/proofChainTempDoc${number}.json`;
  return [
    {
      file,
      says: 'has the hash that is signed together with that of the document',
      holds: async () => {
        const document = read<JsonObject>(over);
        const configuration = read(file);
        const { proofValue } = read<{ proofValue: string }>(signedFile);
        const key = publicKeyOfMultikey(String(configuration.verificationMethod).split('#')[1]!);
        const fits = async (given: JsonObject): Promise<boolean> => {
          const canonical = await canonize({ '@context': document['@context'], ...given }, contexts);
          const data = hashed(canonical) + hashed(await canonize(document, contexts));
          return signatureFits(data, key, multibaseBytes(proofValue));
        };
        expect(await fits(configuration)).toBe(true);
        expect(await fits({ ...configuration, created: '2023-02-24T23:36:39Z' })).toBe(false);
      },
    },
    {
      file: signedFile,
      says: 'is the configuration with its value, and stands so in the signed document',
      holds: () => {
        const signed = read(signedFile);
        expect(without(signed, 'proofValue')).toEqual(read(file));
        const { proof } = read(`${set}/signedProof${kind}${number}.json`);
        expect([proof].flat()).toContainEqual(signed);
      },
    },
  ];
};

const tempRow = (number: 1 | 2): Row => ({
  file: `${set}/proofChainTempDoc${number}.json`,
  says: 'is the document with the proofs that the next one names, and no others',
  holds: () => {
    const document = read<{ proof: JsonObject[] }>(`${set}/proofChainTempDoc${number}.json`);
    expect(without(document as never, 'proof')).toEqual(read(`${set}/unsigned.json`));
    const named = [read(`${set}/proofChainConfig${number}.json`).previousProof].flat();
    expect(document.proof.map(({ id }) => id)).toEqual(named);
    const { proof } = read<{ proof: JsonObject[] }>(`${set}/signedProofChain2.json`);
    for (const one of document.proof) expect(proof).toContainEqual(one);
  },
});

/** An unsigned document is what the signed ones hold beside their proof. */
const unsignedRow = (file: string, ...signedOnes: string[]): Row => ({
  file,
  says: `is the document of ${signedOnes.length} signed ones`,
  holds: () => {
    for (const signed of signedOnes) expect(without(read(signed), 'proof')).toEqual(read(file));
  },
});

const employ = (folder: string): string => `${folder}/employ`;
const p256 = `${ecdsa}/ecdsa-rdfc-2019-p256`;
const p384 = `${ecdsa}/ecdsa-rdfc-2019-p384`;
const rdfc = `${eddsa}/eddsa-rdfc-2022`;

export const hashRows: Row[] = [
  ...suiteRows({ folder: rdfc, suffix: 'DataInt', unsigned: `${eddsa}/unsigned.json` }),
  ...suiteRows({ folder: employ(rdfc), suffix: 'DataInt', unsigned: '', isHeld: false }),
  ...suiteRows({
    folder: `${eddsa}/eddsa-jcs-2022`,
    suffix: 'JCS',
    unsigned: `${eddsa}/unsigned.json`,
    isJcs: true,
  }),
  ...suiteRows({ folder: p256, suffix: 'ECDSAP256', unsigned: `${ecdsa}/unsigned.json` }),
  ...suiteRows({ folder: employ(p256), suffix: 'ECDSAP256', unsigned: '', isHeld: false }),
  ...suiteRows({ folder: p384, suffix: 'ECDSAP384', unsigned: `${ecdsa}/unsigned.json`, hash: 'sha384' }),
  ...suiteRows({ folder: employ(p384), suffix: 'ECDSAP384', unsigned: '', hash: 'sha384', isHeld: false }),
  keyRow(`${eddsa}/keyPair.json`, (pair) => [pair]),
  keyRow(`${set}/multiKeyPairs.json`, (pairs) => Object.values(pairs)),
  keyRow(`${ecdsa}/p256KeyPair.json`, (pair) => [pair]),
  keyRow(`${ecdsa}/p384KeyPair.json`, (pair) => [pair]),
  keyRow(`${ecdsa}/ecdsa-sd-2023/SDKeyMaterial.json`, ({ baseKeyPair, proofKeyPair }) => [
    baseKeyPair,
    proofKeyPair,
  ]),
  ...stepRows('Set', 1),
  ...stepRows('Set', 2),
  ...stepRows('Chain', 1),
  ...stepRows('Chain', 2),
  tempRow(1),
  tempRow(2),
  unsignedRow(
    `${set}/unsigned.json`,
    ...['Set1', 'Set2', 'Chain1', 'Chain2'].map((name) => `${set}/signedProof${name}.json`),
  ),
  unsignedRow(
    `${eddsa}/unsigned.json`,
    `${rdfc}/signedDataInt.json`,
    ...[`${p256}/signedECDSAP256.json`, `${p384}/signedECDSAP384.json`],
  ),
  unsignedRow(`${ecdsa}/unsigned.json`, `${p256}/signedECDSAP256.json`, `${p384}/signedECDSAP384.json`),
  unsignedRow(`${eddsa}/employmentAuth.json`, `${employ(rdfc)}/signedDataInt.json`),
  unsignedRow(
    `${ecdsa}/employmentAuth.json`,
    `${employ(p256)}/signedECDSAP256.json`,
    `${employ(p384)}/signedECDSAP384.json`,
    `${ecdsa}/ecdsa-sd-2023/employ/addSignedSDBase.json`,
  ),
];
