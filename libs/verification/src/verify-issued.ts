import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '#platform';
import type { JsonObject, PreparedDocument } from '#signing';
import { checkDates } from './dates.js';
import { jwtFits } from './jwt.js';
import { readCredential, Unreadable } from './parse.js';
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
import { checkContexts, checkLinks, checkSchema } from './verify-credential.js';

/** What was just signed, and the public keys it should have been signed with. */
export interface IssuedCredential {
  /** The credential with its proof. */
  document: JsonObject;
  /** The same credential as compact VC-JWT. */
  jwt: string;
  /** From signing, to spare a second canonicalisation; it must be of this document, which is checked. */
  prepared?: PreparedDocument;
  keys: {
    proof: { verificationMethod: string; publicKey: KeyObject };
    jwt: { kid: string; publicKey: KeyObject };
  };
  now: Date;
}

/**
 * Checks a credential right after signing, without network: schema, links, the issuer's own keys, both signatures, both
 * carrying the same content, and dates. Status is 'passed' as `status_active`, since nothing can be withdrawn before it
 * exists. A credential whose verdict is not 'authentic' must not be stored.
 */
export async function verifyIssued(issued: IssuedCredential): Promise<VerificationReport> {
  const { document, now } = issued;
  const checks: Check[] = [checkOf('parse', passed('read'))];
  const same =
    issued.prepared && canonicalJson(issued.prepared.document) === canonicalJson(withoutProof(document));
  const context = same
    ? { answer: passed('contexts_known'), prepared: issued.prepared }
    : await checkContexts(document);
  checks.push(checkOf('context', context.answer));
  if (!context.prepared) return reportOf(checks, document);
  checks.push(checkOf('schema', checkSchema(document)), checkOf('links', checkLinks(document)));
  checks.push(checkOf('issuer', ownKeys(issued)));
  checks.push(checkOf('proof', await bothSignatures(issued, context.prepared)));
  checks.push(checkOf('dates', checkDates(document, now)), checkOf('status', passed('status_active')));
  return reportOf(checks, document);
}

const withoutProof = ({ proof: _proof, ...document }: JsonObject): JsonObject => document;

function ownKeys({ document, keys }: IssuedCredential): Answer {
  const issuer = issuerOf(document)?.id;
  if (!issuer) return failed('issuer_missing');
  return keys.proof.verificationMethod.startsWith(`${issuer}#`)
    ? passed('issuer_key_found')
    : failed('key_of_another_issuer');
}

async function bothSignatures(issued: IssuedCredential, prepared: PreparedDocument): Promise<Answer> {
  const { document, keys } = issued;
  const [proof, ...more] = [document.proof ?? []].flat() as JsonObject[];
  if (!proof || more.length > 0) return failed('proof_malformed', 'exactly one proof');
  if (proof.verificationMethod !== keys.proof.verificationMethod) return failed('key_of_another_issuer');
  if (proof.proofPurpose !== 'assertionMethod') return failed('proof_purpose_wrong');
  const embedded = await fits(prepared, proof, keys.proof.publicKey);
  if (embedded.outcome !== 'passed') return embedded;
  try {
    const jwt = readCredential(issued.jwt);
    if (jwt.form !== 'jwt') return failed('jwt_malformed');
    if (jwt.header.kid !== keys.jwt.kid) return failed('key_of_another_issuer', 'kid');
    if (canonicalJson(jwt.credential) !== canonicalJson(withoutProof(document)))
      return failed('jwt_claims_differ');
    return jwtFits(jwt, keys.jwt.publicKey);
  } catch (error) {
    if (error instanceof Unreadable) return failed(error.code);
    throw error;
  }
}
