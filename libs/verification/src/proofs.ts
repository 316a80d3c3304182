import type { KeyObject } from 'node:crypto';
import {
  ContextInline,
  ContextUnknown,
  checkAnyProof,
  DocumentUnsafe,
  type JsonObject,
  type PreparedDocument,
  ProofUnfit,
  type RehearsalKey,
  suiteOf,
  withProofs,
} from '#signing';
import { clockToleranceMs, timeOf } from './dates.js';
import { type KeyAnswer, type KeyRequest, keyOfMethod } from './issuer-keys.js';
import { type Answer, failed, passed, unknown } from './report.js';
import { said } from './said.js';

/** Answers to the two questions a securing mechanism raises: whose key, and does the signature fit. */
export interface SecuringAnswers {
  issuer: Answer;
  proof: Answer;
  /** The proof that counts signs what its holder chose to show (ecdsa-sd-2023), not the whole credential. */
  isDerived?: boolean;
}

/** Who must have signed, and what the signature must say of itself. */
export interface ExpectedProof extends KeyRequest {
  now: Date;
  /** What the proof must answer (Data Integrity 1.0, 2.1, `challenge`); not asked when absent. */
  challenge?: string;
  /** Whom it must be made for (`domain`), exactly these; not asked when absent. */
  domain?: string | string[];
}

const mostProofs = 5;

/**
 * Checks every embedded proof (Data Integrity 1.0, 4.4): each supported one must hold, at least one must be supported.
 * A proof of a kind this program does not know neither helps nor harms beside a good one, nor does a good one of another. A proof of a chain
 * (`previousProof`) signs the proofs it names together with the document, and holds only if they do (Data Integrity
 * 1.0, 4.5).
 */
export async function checkEmbeddedProofs(
  credential: JsonObject,
  prepared: PreparedDocument,
  request: ExpectedProof,
): Promise<SecuringAnswers> {
  const proofs = [credential.proof ?? []].flat() as unknown[];
  const nothing = unknown('key_not_available');
  if (proofs.length === 0) return { issuer: nothing, proof: failed('proof_missing') };
  if (proofs.length > mostProofs) return { issuer: nothing, proof: failed('proof_too_many') };
  const answers: SecuringAnswers[] = [];
  for (const proof of proofs) answers.push(await checkOne(proof, prepared, { ...request, proofs }));
  const others = await leaveOthersAside(answers, proofs, prepared, request);
  const worst = answers.find(
    ({ issuer, proof }) => issuer.outcome === 'failed' || proof.outcome === 'failed',
  );
  if (worst) return worst;
  const tried = answers.filter(({ proof }) => proof.code !== 'cryptosuite_not_supported');
  const counting = tried.find(({ proof }) => proof.outcome === 'unknown') ?? countingOf(tried) ?? answers[0]!;
  return others.length > 0 && counting.proof.outcome === 'passed'
    ? { ...counting, proof: passed('signature_fits_beside_others', others.join(' ')) }
    : counting;
}

/**
 * Takes good proofs of others out of the answers: anybody can add one to a badge, and it takes nothing from the issuer's
 * own. It must be good under the document of whom it names; while that cannot be told, it stays open. Without a good one
 * of the issuer all stay.
 * @returns who the others are
 */
async function leaveOthersAside(
  answers: SecuringAnswers[],
  proofs: unknown[],
  prepared: PreparedDocument,
  request: ExpectedProof,
): Promise<string[]> {
  const others: string[] = [];
  if (!answers.some(isGood)) return others;
  for (let i = answers.length - 1; i >= 0; i -= 1) {
    if (!['key_of_another_issuer', 'key_not_bound'].includes(answers[i]!.issuer.code)) continue;
    const [issuer] = said((proofs[i] as JsonObject).verificationMethod).split('#') as [string];
    if (issuer === request.issuer || !/^(did|https):/.test(issuer)) continue;
    const answer = await checkOne(proofs[i], prepared, { ...request, issuer, proofs });
    if (isGood(answer)) {
      answers.splice(i, 1);
      others.unshift(issuer);
    } else answers[i] = answer;
  }
  return others;
}

const isGood = ({ issuer, proof }: SecuringAnswers): boolean =>
  issuer.outcome === 'passed' && proof.outcome === 'passed';

/** One that signs the whole credential counts before one that signs a part of it. */
const countingOf = (answers: SecuringAnswers[]): SecuringAnswers | undefined =>
  answers.find(({ isDerived }) => !isDerived) ?? answers[0];

type ProofRequest = ExpectedProof & { proofs: unknown[] };

async function checkOne(
  given: unknown,
  prepared: PreparedDocument,
  request: ProofRequest,
): Promise<SecuringAnswers> {
  const early = unknown('key_not_available');
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    return { issuer: early, proof: failed('proof_malformed') };
  const proof = given as JsonObject;
  const refused = refusal(proof, prepared, request);
  if (refused) return { issuer: early, proof: refused };
  const chained = previousOf(proof, request.proofs);
  if (!Array.isArray(chained)) return { issuer: early, proof: chained };
  const claim = {
    credentialId: prepared.document.id,
    at: timeOf(proof.created ?? prepared.document.validFrom ?? prepared.document.issuanceDate),
    signature: proof.proofValue as string,
  };
  const owner: KeyAnswer = await keyOfMethod(proof.verificationMethod as string, { ...request, claim });
  const { key, ...issuer } = owner;
  if (!key) return { issuer, proof: early };
  const isDerived = suiteOf(proof)?.canonical === 'selective';
  const answer = await fits(await withProofs(prepared, chained), proof, key);
  return { issuer, proof: answer, ...(isDerived && { isDerived }) };
}

/** The proofs that a proof of a chain names, or why they cannot be told. */
function previousOf({ previousProof }: JsonObject, proofs: unknown[]): JsonObject[] | Answer {
  if (previousProof === undefined) return [];
  const found: JsonObject[] = [];
  for (const id of [previousProof].flat() as unknown[]) {
    const named = proofs.filter((one) => (one as JsonObject | null)?.id === id) as JsonObject[];
    const [first] = named;
    if (typeof id !== 'string' || !first || named.length > 1)
      return failed('proof_malformed', 'previousProof');
    if (!suiteOf(first)) return unknown('cryptosuite_not_supported', `previousProof ${id}`);
    found.push(first);
  }
  return found.length > 0 ? found : failed('proof_malformed', 'previousProof');
}

/** What is wrong with a proof before any key is looked for. */
function refusal(
  proof: JsonObject,
  { document }: PreparedDocument,
  request: ExpectedProof,
): Answer | undefined {
  const { now, purpose = 'assertionMethod' } = request;
  const suite = suiteOf(proof);
  if (!suite) {
    const kind =
      typeof proof.type === 'string' ? `${proof.type} ${said(proof.cryptosuite ?? '')}`.trim() : undefined;
    return kind ? unknown('cryptosuite_not_supported', kind) : failed('proof_malformed', 'type');
  }
  if (typeof proof.proofPurpose !== 'string') return failed('proof_malformed', 'proofPurpose');
  if (proof.proofPurpose !== purpose) return failed('proof_purpose_wrong', proof.proofPurpose);
  if (typeof proof.verificationMethod !== 'string') return failed('proof_malformed', 'verificationMethod');
  if (typeof proof.proofValue !== 'string') return failed('proof_malformed', 'proofValue');
  if (!hasOwnContexts(proof, document, suite.canonical === 'jcs'))
    return failed('proof_malformed', '@context');
  if (proof.created !== undefined) {
    const created = timeOf(proof.created);
    if (created === undefined) return failed('proof_malformed', 'created');
    if (created > now.getTime() + clockToleranceMs) return failed('proof_in_future', said(proof.created));
  }
  if (proof.expires !== undefined) {
    const expires = timeOf(proof.expires);
    if (expires === undefined) return failed('proof_malformed', 'expires');
    if (expires < now.getTime()) return failed('proof_expired', said(proof.expires));
  }
  return meantForAnother(proof, request);
}

/** The refusal of an answer to another challenge, or one for somebody else (Data Integrity 1.0, 4.4). */
export function meantForAnother(
  said: { challenge?: unknown; domain?: unknown },
  expected: Pick<ExpectedProof, 'challenge' | 'domain'>,
): Answer | undefined {
  if (expected.challenge !== undefined && said.challenge !== expected.challenge)
    return failed('challenge_differs');
  if (expected.domain === undefined) return undefined;
  const [given, wanted] = [[said.domain ?? []].flat(), [expected.domain].flat()] as [unknown[], string[]];
  const isSame = given.length === wanted.length && wanted.every((one) => given.includes(one));
  return isSame ? undefined : failed('domain_differs');
}

/**
 * Are the contexts of a proof those of the document? JCS suites repeat them (Data Integrity EdDSA Cryptosuites 1.0,
 * 3.3.1); fewer than the document's would leave what the others mean unsigned. The other suites write none.
 */
function hasOwnContexts(proof: JsonObject, document: JsonObject, repeats: boolean): boolean {
  const own = proof['@context'];
  if (own === undefined) return true;
  return repeats && JSON.stringify([own].flat()) === JSON.stringify([document['@context']].flat());
}

/** Does one proof fit the prepared document and this key? @param inThread as `checkAnyProof` */
export async function fits(
  prepared: PreparedDocument,
  proof: JsonObject,
  key: KeyObject | RehearsalKey,
  inThread = false,
): Promise<Answer> {
  try {
    return (await checkAnyProof(prepared, proof, key, inThread))
      ? passed('signature_fits')
      : failed('signature_wrong');
  } catch (error) {
    if (error instanceof DocumentUnsafe) return failed('proof_malformed', error.reason);
    if (error instanceof ContextInline || error instanceof ContextUnknown)
      return failed('proof_malformed', error.message);
    if (error instanceof ProofUnfit)
      return error.reason === 'base_proof' ? failed('proof_base') : failed('proof_malformed', error.message);
    throw error;
  }
}
