import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '#platform';
import {
  isPreparedOf,
  isSecuredText,
  type JsonObject,
  type PreparedDocument,
  type RehearsalKey,
} from '#signing';
import { checkDates } from './dates.js';
import { ownJwtFits } from './own-jwt.js';
import { readJson, Unreadable } from './parse.js';
import { fits } from './proofs.js';
import {
  type Answer,
  type Check,
  checkOf,
  failed,
  issuerOf,
  passed,
  reportOf,
  type VerificationReport,
} from './report.js';
import { classesOf, classTextOf, ShapeMemory } from './shape-memory.js';
import { checkContexts, checkLinks, checkSchema } from './verify-credential.js';

/** What was just signed, and the public keys it should have been signed with. */
export interface IssuedCredential {
  /** The credential with its proof. */
  document: JsonObject;
  /** The JSON text that will be stored: it is what is verified, whatever `document` says. */
  text?: string;
  /** The same credential as compact VC-JWT. */
  jwt: string;
  /** From signing, to spare a second canonicalisation; it must be of this document, which is checked. */
  prepared?: PreparedDocument;
  keys: {
    proof: { verificationMethod: string; publicKey: KeyObject | RehearsalKey };
    jwt: { kid: string; publicKey: KeyObject | RehearsalKey };
  };
  now: Date;
  /**
   * A credential of VC 2.0 that is no badge: its period is whatever the client wants, and a claim that it has no value
   * for is not in its JWT.
   */
  anyKind?: boolean;
}

/**
 * Checks a credential right after signing, without network: schema, links, the issuer's own keys, both signatures, both
 * carrying the same content, and dates. Status is 'passed' as `status_active`, since nothing can be withdrawn before it
 * exists. A credential whose verdict is not 'authentic' must not be stored.
 */
export async function verifyIssued(issued: IssuedCredential): Promise<VerificationReport> {
  let document: JsonObject;
  try {
    document = storedDocument(issued);
  } catch (error) {
    if (error instanceof Unreadable) return reportOf([checkOf('parse', failed(error.code, error.remark))]);
    throw error;
  }
  const { now, keys, anyKind = false } = issued;
  const checks: Check[] = [checkOf('parse', passed('read'))];
  const context = isOf(issued.prepared, document)
    ? { answer: passed('contexts_known'), prepared: issued.prepared }
    : await checkContexts(document);
  checks.push(checkOf('context', context.answer));
  if (!context.prepared) return reportOf(checks, document);
  checks.push(
    checkOf('schema', schemaAnswer(document, context.prepared, anyKind)),
    checkOf('links', checkLinks(document)),
    checkOf('issuer', ownKeys(document, keys)),
    checkOf('proof', await bothSignatures(document, issued, context.prepared)),
    checkOf('dates', anyKind ? passed('dates_valid') : checkDates(document, now)),
    checkOf('status', passed('status_active')),
  );
  return reportOf(checks, document);
}

/**
 * What the stored text says. A text that is the prepared document's with the proof behind it says the given document;
 * any other is read. @throws Unreadable
 */
function storedDocument({ document, text, prepared }: IssuedCredential): JsonObject {
  if (text === undefined) return document;
  if (prepared && isPreparedOf(prepared, document)) {
    if (Array.isArray(document.proof) && isSecuredText(text, prepared, document.proof)) return document;
  }
  return readJson(text);
}

const isOf = (prepared: PreparedDocument | undefined, document: JsonObject): prepared is PreparedDocument =>
  prepared !== undefined &&
  (isPreparedOf(prepared, document) ||
    canonicalJson(prepared.document) === canonicalJson(withoutProof(document)));

const withoutProof = ({ proof: _proof, ...document }: JsonObject): JsonObject => document;

const soundShapes = new ShapeMemory();

/** The schema's answer, remembered for documents that differ in strings which the schema cannot tell apart. */
function schemaAnswer(document: JsonObject, prepared: PreparedDocument, anyKind: boolean): Answer {
  if (anyKind) return checkSchema(document, true);
  const { shape } = prepared;
  const [proof, ...more] = [document.proof ?? []].flat() as JsonObject[];
  const { created, proofValue } = proof ?? {};
  if (!shape || !proof || more.length > 0 || typeof created !== 'string' || typeof proofValue !== 'string')
    return checkSchema(document);
  if (!isPreparedOf(prepared, document)) return checkSchema(document);
  const proofs = JSON.stringify({ ...proof, created: '', proofValue: '' });
  const rest = `${proofs}\n${classesOf(shape)} ${classTextOf([created, proofValue])}`;
  if (soundShapes.has(shape.constants, rest)) return passed('schema_followed');
  const answer = checkSchema(document);
  if (answer.outcome === 'passed') soundShapes.add(shape.constants, rest);
  return answer;
}

function ownKeys(document: JsonObject, keys: IssuedCredential['keys']): Answer {
  const issuer = issuerOf(document)?.id;
  if (!issuer) return failed('issuer_missing');
  return keys.proof.verificationMethod.startsWith(`${issuer}#`)
    ? passed('issuer_key_found')
    : failed('key_of_another_issuer');
}

async function bothSignatures(
  document: JsonObject,
  { jwt, keys, anyKind = false }: IssuedCredential,
  prepared: PreparedDocument,
): Promise<Answer> {
  const [proof, ...more] = [document.proof ?? []].flat() as JsonObject[];
  if (!proof || more.length > 0) return failed('proof_malformed', 'exactly one proof');
  if (proof.verificationMethod !== keys.proof.verificationMethod) return failed('key_of_another_issuer');
  if (proof.proofPurpose !== 'assertionMethod') return failed('proof_purpose_wrong');
  const [embedded, enveloped] = await Promise.all([
    fits(prepared, proof, keys.proof.publicKey, true),
    ownJwtFits(prepared, jwt, keys.jwt, !anyKind),
  ]);
  return embedded.outcome === 'passed' ? enveloped : embedded;
}
