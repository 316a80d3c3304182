import type { KeyObject } from 'node:crypto';
import {
  checkProof,
  DocumentUnsafe,
  type JsonObject,
  type PreparedDocument,
  type RehearsalKey,
} from '#signing';
import { clockToleranceMs, timeOf } from './dates.js';
import { type KeyAnswer, type KeyRequest, keyOfMethod } from './issuer-keys.js';
import { type Answer, failed, passed, unknown } from './report.js';

/** Answers to the two questions a securing mechanism raises: whose key, and does the signature fit. */
export interface SecuringAnswers {
  issuer: Answer;
  proof: Answer;
}

const mostProofs = 5;

/**
 * Checks every embedded proof (Data Integrity 1.0, 4.4): each supported one must hold, at least one must be supported.
 * A proof of a kind this program does not know neither helps nor harms beside a good one.
 */
export async function checkEmbeddedProofs(
  credential: JsonObject,
  prepared: PreparedDocument,
  request: KeyRequest & { now: Date },
): Promise<SecuringAnswers> {
  const proofs = [credential.proof ?? []].flat() as unknown[];
  const nothing = unknown('key_not_available');
  if (proofs.length === 0) return { issuer: nothing, proof: failed('proof_missing') };
  if (proofs.length > mostProofs) return { issuer: nothing, proof: failed('proof_too_many') };
  const answers: SecuringAnswers[] = [];
  for (const proof of proofs) answers.push(await checkOne(proof, prepared, request));
  const worst = answers.find(
    ({ issuer, proof }) => issuer.outcome === 'failed' || proof.outcome === 'failed',
  );
  if (worst) return worst;
  const tried = answers.filter(({ proof }) => proof.code !== 'cryptosuite_not_supported');
  return tried.find(({ proof }) => proof.outcome === 'unknown') ?? tried[0] ?? answers[0]!;
}

async function checkOne(
  given: unknown,
  prepared: PreparedDocument,
  request: KeyRequest & { now: Date },
): Promise<SecuringAnswers> {
  const early = unknown('key_not_available');
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    return { issuer: early, proof: failed('proof_malformed') };
  const proof = given as JsonObject;
  const refused = refusal(proof, request.now);
  if (refused) return { issuer: early, proof: refused };
  const claim = {
    credentialId: prepared.document.id,
    at: timeOf(proof.created ?? prepared.document.validFrom),
    signature: proof.proofValue as string,
  };
  const owner: KeyAnswer = await keyOfMethod(proof.verificationMethod as string, { ...request, claim });
  const { key, ...issuer } = owner;
  if (!key) return { issuer, proof: early };
  return { issuer, proof: await fits(prepared, proof, key) };
}

/** What is wrong with a proof before any key is looked for. */
function refusal(proof: JsonObject, now: Date): Answer | undefined {
  if (proof.type !== 'DataIntegrityProof' || proof.cryptosuite !== 'eddsa-rdfc-2022') {
    const kind =
      typeof proof.type === 'string' ? `${proof.type} ${String(proof.cryptosuite ?? '')}`.trim() : undefined;
    return kind ? unknown('cryptosuite_not_supported', kind) : failed('proof_malformed', 'type');
  }
  if (proof.previousProof !== undefined) return unknown('cryptosuite_not_supported', 'proof chain');
  if (typeof proof.proofPurpose !== 'string') return failed('proof_malformed', 'proofPurpose');
  if (proof.proofPurpose !== 'assertionMethod') return failed('proof_purpose_wrong', proof.proofPurpose);
  if (typeof proof.verificationMethod !== 'string') return failed('proof_malformed', 'verificationMethod');
  if (typeof proof.proofValue !== 'string') return failed('proof_malformed', 'proofValue');
  if (proof['@context'] !== undefined) return failed('proof_malformed', '@context');
  if (proof.created !== undefined) {
    const created = timeOf(proof.created);
    if (created === undefined) return failed('proof_malformed', 'created');
    if (created > now.getTime() + clockToleranceMs) return failed('proof_in_future', String(proof.created));
  }
  if (proof.expires !== undefined) {
    const expires = timeOf(proof.expires);
    if (expires === undefined) return failed('proof_malformed', 'expires');
    if (expires < now.getTime()) return failed('proof_expired', String(proof.expires));
  }
  return undefined;
}

/** Does one proof fit the prepared document and this key? */
export async function fits(
  prepared: PreparedDocument,
  proof: JsonObject,
  key: KeyObject | RehearsalKey,
): Promise<Answer> {
  try {
    return (await checkProof(prepared, proof, key)) ? passed('signature_fits') : failed('signature_wrong');
  } catch (error) {
    if (error instanceof DocumentUnsafe) return failed('proof_malformed', error.reason);
    throw error;
  }
}
