import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { DomainError, sha256 } from '#platform';
import { canonicalDataset, canonicalHash, canonize, type JsonObject } from './canonical.js';
import { bundledContexts, type ContextStore, vcContext } from './contexts.js';
import { KeyMalformed } from './errors.js';
import { multibase, multibaseBytes } from './multikey.js';
import { RehearsalKey } from './rehearsal-key.js';
import type { Shape } from './slots.js';
import { StringUses } from './string-uses.js';

export interface DataIntegrityProof extends JsonObject {
  type: 'DataIntegrityProof';
  cryptosuite: 'eddsa-rdfc-2022';
  created: string;
  verificationMethod: string;
  proofPurpose: 'assertionMethod';
  proofValue: string;
}

/** A document whose canonical form was hashed once, to be linted, signed and checked without expanding it again. */
export interface PreparedDocument {
  /** The document without its `proof`. */
  readonly document: JsonObject;
  /** SHA-256 of its canonical N-Quads, 32 bytes. */
  readonly documentHash: Buffer;
  readonly contexts: ContextStore;
  /** What it shares with documents of its kind and what is its own, when it was prepared with templates. */
  readonly shape?: Shape;
  /** Its JSON text, exactly as `JSON.stringify` writes it, when it was read from it. */
  readonly text?: string;
}

/**
 * Canonicalises and hashes a document (its `proof` set aside), the costly step of eddsa-rdfc-2022.
 * @throws as `canonize`: `context_unknown`, `context_inline`, `jsonld_unsafe`
 */
export async function prepare(
  document: JsonObject,
  contexts: ContextStore = bundledContexts,
): Promise<PreparedDocument> {
  const { proof: _proof, ...unsecured } = document;
  return { document: unsecured, documentHash: await canonicalHash(unsecured, contexts), contexts };
}

/**
 * Every word of a document has a meaning that a signature could cover.
 * @returns which of its strings could be others without changing that
 * @throws as `prepare`
 */
export async function assertMeaning(
  document: JsonObject,
  contexts: ContextStore = bundledContexts,
): Promise<StringUses> {
  const { proof, ...unsecured } = document;
  const uses = new StringUses();
  // What is asked of it is by its objects: the document itself, and not a copy without a proof.
  await canonicalDataset(proof === undefined ? document : unsecured, contexts, uses);
  return uses;
}

/**
 * The document together with earlier proofs, which is what a proof of a chain signs (Data Integrity 1.0, 4.5).
 * Errors as `prepare`.
 */
export async function withProofs(prepared: PreparedDocument, proof: JsonObject[]): Promise<PreparedDocument> {
  if (proof.length === 0) return prepared;
  const { contexts } = prepared;
  const document = { ...prepared.document, proof };
  return { document, documentHash: await canonicalHash(document, contexts), contexts };
}

const texts = new WeakMap<PreparedDocument, string>();

/** The JSON text of a prepared document, made once: what is signed and stored begins with it. */
export function textOf(prepared: PreparedDocument): string {
  const known = prepared.text ?? texts.get(prepared);
  if (known !== undefined) return known;
  const text = JSON.stringify(prepared.document);
  texts.set(prepared, text);
  return text;
}

/** The JSON text of a prepared document with these proofs: what is stored, shown and verified. */
export const securedText = (prepared: PreparedDocument, proof: JsonObject[]): string =>
  `${textOf(prepared).slice(0, -1)},"proof":${JSON.stringify(proof)}}`;

/** Is this text `securedText` of the document and these proofs? Nothing is put together to see it. */
export function isSecuredText(text: string, prepared: PreparedDocument, proof: JsonObject[]): boolean {
  const unsecured = textOf(prepared);
  const open = unsecured.length - 1;
  return (
    text.slice(open) === `,"proof":${JSON.stringify(proof)}}` &&
    text.slice(0, open) === unsecured.slice(0, open)
  );
}

/** Is this the very document that was prepared, its `proof` set aside? Looks at references and not at content. */
export function isPreparedOf(prepared: PreparedDocument, document: JsonObject): boolean {
  if (document === prepared.document) return true;
  const names = Object.keys(document).filter((name) => name !== 'proof');
  return (
    names.length === Object.keys(prepared.document).length &&
    names.every(
      (name) => Object.hasOwn(prepared.document, name) && prepared.document[name] === document[name],
    )
  );
}

/** How a proof is made: by whom, with what, when. `created` is cut to whole seconds, in UTC. */
export interface ProofRequest {
  privateKey: KeyObject | RehearsalKey;
  /** Absolute DID URL of the key, for example did:web:badges.example:issuers:north#ed-7k2m… */
  verificationMethod: string;
  created: Date;
}

/**
 * The eddsa-rdfc-2022 proof of a prepared document: Ed25519 over SHA-256(proof configuration) ‖ SHA-256(document)
 * (Data Integrity EdDSA Cryptosuites 1.0, 3.2). The same request always gives the same proof.
 * @throws KeyMalformed (`key_malformed`) when the key is not a private Ed25519 key
 */
export async function proofFor(
  prepared: PreparedDocument,
  request: ProofRequest,
): Promise<DataIntegrityProof> {
  const { privateKey } = request;
  const isRehearsal = privateKey instanceof RehearsalKey;
  if (!isRehearsal && !(privateKey.type === 'private' && privateKey.asymmetricKeyType === 'ed25519'))
    throw new KeyMalformed('eddsa-rdfc-2022 signs with a private Ed25519 key');
  const options = {
    type: 'DataIntegrityProof' as const,
    cryptosuite: 'eddsa-rdfc-2022' as const,
    created: request.created.toISOString().replace(/\.\d+Z$/, 'Z'),
    verificationMethod: request.verificationMethod,
    proofPurpose: 'assertionMethod' as const,
  };
  const bytes = await hashData(prepared, options);
  const signature = isRehearsal ? privateKey.sign(bytes) : sign(null, bytes, privateKey);
  return { ...options, proofValue: multibase(signature) };
}

/** A document with its eddsa-rdfc-2022 proof, `proof` being an array of one. Errors as `prepare` and `proofFor`. */
export async function signWithDataIntegrity(
  request: ProofRequest & { document: JsonObject },
): Promise<JsonObject> {
  const prepared = await prepare(request.document);
  return { ...prepared.document, proof: [await proofFor(prepared, request)] };
}

/**
 * Does the proof's signature fit the prepared document and the key? Only the cryptography: whose key it is, its purpose
 * and dates are for the verifier to judge. A private key stands for its public half.
 * @param inThread verify in the thread pool: of many at once, it takes three times as long as signing; of one alone, the
 *   way there and back costs half as much as the verification
 * @returns false for a signature that does not fit or is malformed
 * @throws as `canonize` when the proof holds a term that no context defines
 */
export async function checkProof(
  prepared: PreparedDocument,
  proof: JsonObject,
  key: KeyObject | RehearsalKey,
  inThread = true,
): Promise<boolean> {
  const publicKey = key instanceof RehearsalKey || key.type !== 'private' ? key : createPublicKey(key);
  if (!(publicKey instanceof RehearsalKey) && publicKey.asymmetricKeyType !== 'ed25519') return false;
  const { proofValue, ...options } = proof;
  const signature = signatureOf(proofValue);
  if (!signature) return false;
  const bytes = await hashData(prepared, options);
  if (publicKey instanceof RehearsalKey) return publicKey.verify(bytes, signature);
  return inThread ? verified(null, bytes, publicKey, signature) : verify(null, bytes, publicKey, signature);
}

/**
 * As `checkProof` with a public key, at once and on the calling thread, for proofs of the usual form.
 * @returns nothing for any other proof: `checkProof` answers
 */
export function checkUsualProof(
  prepared: PreparedDocument,
  proof: JsonObject,
  publicKey: KeyObject,
): boolean | undefined {
  const { proofValue, ...options } = proof;
  const configuration = usualConfiguration(options, prepared.document['@context']);
  const isFit = publicKey.type === 'public' && publicKey.asymmetricKeyType === 'ed25519';
  if (configuration === undefined || !isFit) return undefined;
  const signature = signatureOf(proofValue);
  if (!signature) return false;
  const bytes = Buffer.concat([hashOf(configuration), prepared.documentHash], 64);
  return verify(null, bytes, publicKey, signature);
}

/** The 64 bytes of a proof's value, if it holds them. */
function signatureOf(proofValue: unknown): Buffer | undefined {
  if (typeof proofValue !== 'string') return undefined;
  try {
    const signature = multibaseBytes(proofValue);
    return signature.length === 64 ? signature : undefined;
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

const verified = promisify(verify) as (
  algorithm: null,
  bytes: Buffer,
  key: KeyObject,
  signature: Buffer,
) => Promise<boolean>;

/** What is signed: SHA-256 of the canonical proof configuration, then SHA-256 of the canonical document; 64 bytes. */
async function hashData(prepared: PreparedDocument, options: JsonObject): Promise<Buffer> {
  const configuration = await canonicalProofConfiguration(
    options,
    prepared.document['@context'],
    prepared.contexts,
  );
  return Buffer.concat([hashOf(configuration), prepared.documentHash], 64);
}

// A batch has one configuration, or a few.
const hashes = new Map<string, Buffer>();
const mostHashes = 200;

function hashOf(configuration: string): Buffer {
  const known = hashes.get(configuration);
  if (known) return known;
  const hash = sha256(configuration);
  if (hashes.size >= mostHashes) hashes.clear();
  hashes.set(configuration, hash);
  return hash;
}

const plainIri = /^[a-z][a-z0-9+.-]*:[A-Za-z0-9:/?#@!$&'()*+,;=%._~-]+$/;
const wholeSecond = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/**
 * Canonical N-Quads of a proof configuration under the document's contexts. The usual five members under the VC 2.0
 * context, whose terms are protected, always give the same five lines, so they are written directly; a test holds
 * them equal to the general way.
 */
export async function canonicalProofConfiguration(
  options: JsonObject,
  context: unknown,
  contexts: ContextStore = bundledContexts,
): Promise<string> {
  return usualConfiguration(options, context) ?? canonize({ ...options, '@context': context }, contexts);
}

function usualConfiguration(options: JsonObject, context: unknown): string | undefined {
  const { type, cryptosuite, created, verificationMethod, proofPurpose, ...others } = options;
  const first = Array.isArray(context) ? context[0] : context;
  const usual =
    first === vcContext &&
    Object.keys(others).length === 0 &&
    type === 'DataIntegrityProof' &&
    cryptosuite === 'eddsa-rdfc-2022' &&
    proofPurpose === 'assertionMethod' &&
    typeof created === 'string' &&
    wholeSecond.test(created) &&
    typeof verificationMethod === 'string' &&
    plainIri.test(verificationMethod);
  if (!usual) return undefined;
  return `_:c14n0 <http://purl.org/dc/terms/created> "${created}"^^<http://www.w3.org/2001/XMLSchema#dateTime> .
_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/security#DataIntegrityProof> .
_:c14n0 <https://w3id.org/security#cryptosuite> "eddsa-rdfc-2022"^^<https://w3id.org/security#cryptosuiteString> .
_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#assertionMethod> .
_:c14n0 <https://w3id.org/security#verificationMethod> <${verificationMethod}> .
`;
}
