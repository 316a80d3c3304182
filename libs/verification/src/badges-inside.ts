import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { type MessageCode, messages } from './messages.js';
import {
  type Answer,
  failed,
  issuerOf,
  passed,
  reasonOf,
  unknown,
  type Verdict,
  type VerificationReport,
} from './report.js';
import { type ResultNote, resultNotes } from './results.js';
import { said } from './said.js';
import type { VerificationOptions } from './verify-credential.js';

/** One badge of a record: which it is, and whether it stands by itself. */
export interface InsideReport {
  id?: string;
  /** As the badge says it. */
  name?: string;
  /** Who the badge says issued it; proven when it is authentic, expired or withdrawn. */
  by?: { id: string; name?: string };
  verdict: Verdict;
  code: MessageCode;
  detail: Text;
  /** What should be known of its results; absent when there is nothing, or it is false. */
  results?: ResultNote[];
}

/** Badges of a record that are checked; the documents of their issuers are asked for once. */
export const mostInside = 50;

/** What a record (CLR 2.0, ClrSubject `verifiableCredential`) holds, whatever types it says it has. */
export const insideOf = ({ credentialSubject }: JsonObject): unknown[] =>
  ([credentialSubject ?? []].flat() as unknown[]).flatMap((subject) =>
    [(subject as JsonObject | null)?.verifiableCredential ?? []].flat(),
  );

/**
 * Checks the badges inside a record one by one, each by its own proof and as if it had been handed in alone: the record's
 * signature says who gathered them, and nothing of who issued them. Who reads one word for the whole must not read
 * better than its worst badge: one that is over or withdrawn, and it does not pass.
 * @param verifyOne how each is verified
 */
export async function checkInside<O extends VerificationOptions>(
  credential: JsonObject,
  options: O,
  verifyOne: (given: string | object, options: O) => Promise<VerificationReport>,
): Promise<{ answer: Answer; badges: InsideReport[] } | undefined> {
  const given = insideOf(credential);
  return given.length === 0 ? undefined : checkEach(given, options, verifyOne);
}

/** Verifies badges one by one, and tells of the worst; at most fifty. */
export async function checkEach<O extends VerificationOptions>(
  given: unknown[],
  options: O,
  verifyOne: (given: string | object, options: O) => Promise<VerificationReport>,
): Promise<{ answer: Answer; badges: InsideReport[] }> {
  const badges: InsideReport[] = [];
  for (const one of given.slice(0, mostInside)) {
    const readable = one !== null && typeof one === 'object' ? one : said(one);
    badges.push(insideReport(await verifyOne(readable, options)));
  }
  return { answer: answerOf(badges, given.length), badges };
}

/** The first badge with this verdict, for a remark. */
function placeOf(badges: InsideReport[], wanted: Verdict): string | undefined {
  const at = badges.findIndex(({ verdict }) => verdict === wanted);
  return at < 0 ? undefined : `verifiableCredential/${at} ${badges[at]!.id ?? ''} ${badges[at]!.code}`;
}

function answerOf(badges: InsideReport[], count: number): Answer {
  const broken = placeOf(badges, 'not_authentic');
  if (broken) return failed('inside_broken', broken);
  const withdrawn = placeOf(badges, 'withdrawn');
  if (withdrawn) return failed('inside_withdrawn', withdrawn);
  if (count > mostInside) return unknown('inside_too_many', String(count));
  const open = placeOf(badges, 'cannot_check');
  if (open) return unknown('inside_cannot_check', open);
  const over = placeOf(badges, 'expired');
  return over ? failed('inside_expired', over) : passed('inside_sound');
}

function insideReport(report: VerificationReport): InsideReport {
  const { credential } = report;
  const achievement = ((credential?.credentialSubject as JsonObject | undefined)?.achievement ??
    {}) as JsonObject;
  const name = [credential?.name, achievement.name].find((one) => typeof one === 'string');
  const by = credential && issuerOf(credential);
  const { verdict, code } = ownAnswer(credential, report.verdict, reasonOf(report));
  const results = credential && verdict !== 'not_authentic' ? resultNotes(credential) : [];
  return {
    ...(typeof credential?.id === 'string' ? { id: credential.id } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(by ? { by } : {}),
    verdict,
    code,
    detail: messages[code],
    ...(results.length > 0 && { results }),
  };
}

/** What cannot be asked of it alone is no fault of it. */
function ownAnswer(
  credential: JsonObject | undefined,
  verdict: Verdict,
  code: MessageCode,
): { verdict: Verdict; code: MessageCode } {
  if (!credential) return { verdict, code };
  if (code === 'proof_missing') return { verdict: 'cannot_check', code };
  if (insideOf(credential).length > 0 && verdict === 'authentic')
    return { verdict: 'cannot_check', code: 'inside_too_deep' };
  return { verdict, code };
}
