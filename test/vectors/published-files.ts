import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonize as canonizeRdf } from 'rdf-canonize';
import { projectFile } from '#platform';
import { bundledContexts, ContextStore, type JsonObject, multibaseBytes } from '#signing';

/** What is asserted of one published file. */
export interface Row {
  /** Below `test/vectors/published`. */
  file: string;
  says: string;
  /** Why more cannot be asserted of it. */
  butNot?: string;
  holds: () => void | Promise<void>;
}

export const noCitizenship =
  'its canonical form is not made from the document: the context citizenship/v4rc1 is not held';

export const text = (path: string): string =>
  readFileSync(projectFile('test/vectors/published', path), 'utf8');
export const line = (path: string): string => text(path).trim();
export const read = <T = JsonObject>(path: string): T => JSON.parse(text(path)) as T;

/** Of citizenship nothing but that it exists: enough for a proof configuration, which has none of its words. */
export const contexts = new ContextStore({ 'https://w3id.org/citizenship/v4rc1': { '@context': {} } });
export { bundledContexts };

export type HashName = 'sha256' | 'sha384';
export const hashed = (content: string, name: HashName = 'sha256'): string =>
  createHash(name).update(content).digest('hex');

/** Does a signature given in hexadecimal fit the bytes? Ed25519 signs them as they are. */
export function signatureFits(
  data: string | Buffer,
  key: KeyObject,
  signature: string | Buffer,
  hash: HashName = 'sha256',
): boolean {
  const bytes = typeof data === 'string' ? Buffer.from(data, 'hex') : data;
  const own = typeof signature === 'string' ? Buffer.from(signature, 'hex') : signature;
  return key.asymmetricKeyType === 'ed25519'
    ? verify(null, bytes, key, own)
    : verify(hash, bytes, { key, dsaEncoding: 'ieee-p1363' }, own);
}

/** The raw public key that a published secret key has, without the two bytes that say its kind. */
export function publicPartOf(secretMultibase: string): Buffer {
  const bytes = multibaseBytes(secretMultibase);
  const kind = bytes.subarray(0, 2).toString('hex');
  const secret = bytes.subarray(2);
  if (kind === '8026') {
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secret]);
    const pair = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    return pair.export({ format: 'der', type: 'spki' }).subarray(-32);
  }
  const curve = createECDH(kind === '8626' ? 'prime256v1' : 'secp384r1');
  curve.setPrivateKey(secret);
  return curve.getPublicKey(null, 'compressed');
}

export const without = (document: JsonObject, ...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));

/** N-Quads, their blank nodes named anew by RDFC-1.0: what is in canonical form stays as it is. */
export const recanonized = (quads: string, hash: HashName = 'sha256'): Promise<string> =>
  canonizeRdf(quads, {
    algorithm: 'RDFC-1.0',
    inputFormat: 'application/n-quads',
    format: 'application/n-quads',
    messageDigestAlgorithm: hash,
  });
