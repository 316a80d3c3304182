import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import canonicalize from 'canonicalize';
import { canonize, type JsonObject } from './canonical.js';
import { canonicalProofConfiguration, checkProof, type PreparedDocument } from './data-integrity.js';
import { ProofUnfit } from './errors.js';
import { multibaseBytes } from './multikey.js';
import { RehearsalKey } from './rehearsal-key.js';
import { checkDerivedProof } from './selective-disclosure.js';

// CommonJS: its function is the default export of what types call the default export.
const canonicalJson = canonicalize as unknown as typeof canonicalize.default;

/** What a kind of proof is made of. */
export interface Suite {
  /** Its `cryptosuite`, or its `type` where it has none. */
  name: string;
  canonical: 'rdfc' | 'jcs' | 'selective';
  keys: 'ed25519' | 'ec';
}

const suites: Suite[] = [
  { name: 'eddsa-rdfc-2022', canonical: 'rdfc', keys: 'ed25519' },
  { name: 'eddsa-jcs-2022', canonical: 'jcs', keys: 'ed25519' },
  { name: 'ecdsa-rdfc-2019', canonical: 'rdfc', keys: 'ec' },
  { name: 'ecdsa-jcs-2019', canonical: 'jcs', keys: 'ec' },
  { name: 'ecdsa-sd-2023', canonical: 'selective', keys: 'ec' },
];
const ed25519Signature2020: Suite = { name: 'Ed25519Signature2020', canonical: 'rdfc', keys: 'ed25519' };

/** The suite of a proof, by its `type` and `cryptosuite`; nothing when this program does not know it. */
export function suiteOf(proof: JsonObject): Suite | undefined {
  if (proof.type === ed25519Signature2020.name)
    return proof.cryptosuite === undefined ? ed25519Signature2020 : undefined;
  if (proof.type !== 'DataIntegrityProof') return undefined;
  return suites.find(({ name }) => name === proof.cryptosuite);
}

interface Curve {
  hash: 'sha256' | 'sha384';
  signatureLength: number;
}
// Data Integrity ECDSA Cryptosuites 1.0, 3.1.1: the hash goes by the curve.
const curves: Record<string, Curve> = {
  prime256v1: { hash: 'sha256', signatureLength: 64 },
  secp384r1: { hash: 'sha384', signatureLength: 96 },
};

/**
 * Does a proof of any supported suite fit the prepared document and the key? Only the cryptography, as `checkProof`:
 * eddsa-rdfc-2022 and -jcs-2022 (Data Integrity EdDSA Cryptosuites 1.0), ecdsa-rdfc-2019, -jcs-2019 and derived
 * ecdsa-sd-2023 (Data Integrity ECDSA Cryptosuites 1.0), Ed25519Signature2020. Of ECDSA signatures either half, (r, s) and
 * (r, n − s), fits: FIPS 186-5 and the suites call both valid.
 * @param inThread have an eddsa-rdfc-2022 proof verified in the thread pool, as `checkProof`
 * @returns false for a signature that does not fit, is malformed, or belongs to another kind of key
 * @throws ProofUnfit (`proof_unfit`) for a base proof of ecdsa-sd-2023; as `canonize` for terms no context defines
 */
export async function checkAnyProof(
  prepared: PreparedDocument,
  proof: JsonObject,
  key: KeyObject | RehearsalKey,
  inThread = false,
): Promise<boolean> {
  const suite = suiteOf(proof);
  if (!suite) throw new ProofUnfit('unknown', 'the suite is not supported');
  if (key instanceof RehearsalKey || (suite.keys === 'ed25519' && suite.canonical === 'rdfc'))
    return checkProof(prepared, proof, key, inThread);
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const { hash, signatureLength } = curveOf(publicKey, suite) ?? {};
  if (!hash || !signatureLength) return false;
  if (suite.canonical === 'selective')
    return hash === 'sha256' && checkDerivedProof(prepared, proof, publicKey);
  const { proofValue, ...options } = proof;
  const signature = signatureOf(proofValue, signatureLength);
  if (!signature) return false;
  const data =
    suite.canonical === 'jcs'
      ? jcsData(prepared.document, options, hash)
      : await rdfcData(prepared, options, hash);
  return suite.keys === 'ed25519'
    ? verify(null, data, publicKey, signature)
    : verify(hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

function curveOf(key: KeyObject, suite: Suite): Curve | undefined {
  if (suite.keys === 'ed25519')
    return key.asymmetricKeyType === 'ed25519' ? { hash: 'sha256', signatureLength: 64 } : undefined;
  return key.asymmetricKeyType === 'ec' ? curves[key.asymmetricKeyDetails?.namedCurve ?? ''] : undefined;
}

function signatureOf(proofValue: unknown, length: number): Buffer | undefined {
  if (typeof proofValue !== 'string' || !/^z[1-9A-HJ-NP-Za-km-z]{1,140}$/.test(proofValue)) return undefined;
  const bytes = multibaseBytes(proofValue);
  return bytes.length === length ? bytes : undefined;
}

async function rdfcData(
  prepared: PreparedDocument,
  options: JsonObject,
  hash: Curve['hash'],
): Promise<Buffer> {
  const { document, contexts, documentHash } = prepared;
  const configuration =
    hash === 'sha256'
      ? await canonicalProofConfiguration(options, document['@context'], contexts)
      : await canonize({ ...options, '@context': document['@context'] }, contexts, hash);
  const ofDocument =
    hash === 'sha256' ? documentHash : hashed(await canonize(document, contexts, hash), hash);
  return Buffer.concat([hashed(configuration, hash), ofDocument]);
}

/** JSON Canonicalization Scheme (RFC 8785) of both; the proof brings its own copy of the contexts, if any. */
function jcsData(document: JsonObject, options: JsonObject, hash: Curve['hash']): Buffer {
  const context = options['@context'];
  const secured = context === undefined ? document : { ...document, '@context': context };
  return Buffer.concat([hashed(jcs(options), hash), hashed(jcs(secured), hash)]);
}

/** RFC 8785. @throws ProofUnfit when the document cannot be written that way: a half of a surrogate pair */
export function jcs(value: JsonObject): string {
  let text: string | undefined;
  try {
    text = canonicalJson(value);
  } catch (cause) {
    throw new ProofUnfit('not_canonical', (cause as Error).message, { cause });
  }
  if (text === undefined || !text.isWellFormed())
    throw new ProofUnfit('not_canonical', 'a text in it is not Unicode');
  return text;
}

const hashed = (text: string, hash: Curve['hash']): Buffer => createHash(hash).update(text).digest();
