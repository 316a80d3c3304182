import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { type MessageCode, messages } from './messages.js';
import { type Answer, failed, issuerOf, passed, reasonOf, unknown, type Verdict } from './report.js';
import { said } from './said.js';
import { kindOf } from './schema.js';
import { type BadgeOptions, verifyCredential } from './verify-credential.js';

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
}

/** Badges of a record that are checked; the documents of their issuers are asked for once. */
const mostInside = 50;

/**
 * Checks the badges inside a record (CLR 2.0, ClrSubject `verifiableCredential`) one by one, each by its own proof and
 * as if it had been handed in alone: the record's signature says who gathered them, and nothing of who issued them.
 */
export async function checkInside(
  credential: JsonObject,
  options: BadgeOptions,
): Promise<{ answer: Answer; badges: InsideReport[] } | undefined> {
  if (kindOf(credential) !== 'record') return undefined;
  const { verifiableCredential } = (credential.credentialSubject ?? {}) as JsonObject;
  const given = [verifiableCredential ?? []].flat() as unknown[];
  if (given.length === 0) return undefined;
  const badges: InsideReport[] = [];
  for (const one of given.slice(0, mostInside)) badges.push(await reportOn(one, options));
  return { answer: answerOf(badges, given.length), badges };
}

function answerOf(badges: InsideReport[], count: number): Answer {
  const named = (...verdicts: Verdict[]): string | undefined => {
    const at = badges.findIndex(({ verdict }) => verdicts.includes(verdict));
    return at < 0 ? undefined : `verifiableCredential/${at} ${badges[at]!.id ?? ''} ${badges[at]!.code}`;
  };
  const broken = named('not_authentic');
  if (broken) return failed('inside_broken', broken);
  if (count > mostInside) return unknown('inside_too_many', said(count));
  const open = named('cannot_check');
  if (open) return unknown('inside_cannot_check', open);
  const over = named('expired', 'withdrawn');
  return over ? passed('inside_not_standing', over) : passed('inside_sound');
}

async function reportOn(given: unknown, options: BadgeOptions): Promise<InsideReport> {
  const report = await verifyCredential(
    given !== null && typeof given === 'object' ? given : said(given),
    options,
  );
  const { credential } = report;
  const achievement = ((credential?.credentialSubject as JsonObject | undefined)?.achievement ??
    {}) as JsonObject;
  const name = [credential?.name, achievement.name].find((one) => typeof one === 'string');
  const by = credential && issuerOf(credential);
  const { verdict, code } = ownAnswer(credential, report.verdict, reasonOf(report));
  return {
    ...(typeof credential?.id === 'string' ? { id: credential.id } : {}),
    ...(typeof name === 'string' ? { name } : {}),
    ...(by ? { by } : {}),
    verdict,
    code,
    detail: messages[code],
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
  if (kindOf(credential) === 'record' && verdict === 'authentic')
    return { verdict: 'cannot_check', code: 'inside_too_deep' };
  return { verdict, code };
}
