import { canonicalJson, DomainError } from '#platform';
import type { JsonObject } from '#signing';
import { startOf, timeOf } from './dates.js';
import { FetchFailed, fetchText } from './fetcher.js';
import { readCredential } from './parse.js';
import { type Answer, failed, issuerOf, passed, unknown, type VerificationReport } from './report.js';
import { said } from './said.js';
import { type VerificationOptions, verifyCredential } from './verify-credential.js';

const refreshType = '1EdTechCredentialRefresh';

/**
 * Asks once for the current version of a badge whose proof holds (Open Badges 3.0, 1EdTechCredentialRefresh). A newer
 * one counts in its place if it has the same id and issuer and its own proof holds; it is not refreshed again. What says
 * the very same, in whichever form, is not verified a second time.
 * @returns nothing when the badge names no such service
 */
export async function refresh(
  report: VerificationReport,
  options: VerificationOptions,
): Promise<{ answer: Answer; newer?: VerificationReport } | undefined> {
  const { credential } = report;
  const service = credential?.refreshService as JsonObject | undefined;
  if (!credential || service === undefined || service === null) return undefined;
  if (![service.type].flat().includes(refreshType) || typeof service.id !== 'string')
    return { answer: unknown('refresh_type_not_supported', said(service.type)) };
  let newer: VerificationReport;
  try {
    const accept = 'application/vc, application/vc+jwt, application/ld+json, application/json, text/plain';
    const text = (await fetchText(options.fetcher, service.id, accept)).trim();
    if (saysTheSame(credential, text)) return { answer: passed('refresh_current') };
    newer = await verifyCredential(text, options);
  } catch (error) {
    if (error instanceof FetchFailed) return { answer: unknown('refresh_unreachable', error.message) };
    if (error instanceof DomainError) return { answer: unknown('refresh_unreachable', error.code) };
    throw error;
  }
  const proof = newer.checks.find(({ name }) => name === 'proof');
  if (newer.verdict === 'cannot_check' && proof?.outcome !== 'passed')
    return { answer: unknown('refresh_unreachable', proof?.code) };
  if (newer.verdict === 'not_authentic' || !sameBadge(credential, newer.credential))
    return { answer: failed('refresh_refused', service.id) };
  const [before, after] = [timeOf(startOf(credential)), timeOf(startOf(newer.credential!))];
  if (before === undefined || after === undefined || after <= before)
    return { answer: passed('refresh_current') };
  return { answer: passed('refresh_newer', said(startOf(newer.credential!))), newer };
}

/** Is the text a form of just this content, whoever secured it? */
function saysTheSame(credential: JsonObject, text: string): boolean {
  try {
    const { proof: _one, ...held } = credential;
    const { proof: _other, ...given } = readCredential(text).credential;
    return canonicalJson(held) === canonicalJson(given);
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** Open Badges 3.0, 9.1: the same id and the same issuer, percent-decoded and trimmed. */
function sameBadge(one: JsonObject, other: JsonObject | undefined): boolean {
  if (!other) return false;
  return plain(one.id) === plain(other.id) && plain(issuerOf(one)?.id) === plain(issuerOf(other)?.id);
}

function plain(id: unknown): string {
  const text = said(id).trim();
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
