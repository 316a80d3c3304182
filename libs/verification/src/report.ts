import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { type MessageCode, messages } from './messages.js';

export const checkNames = [
  'parse',
  'context',
  'schema',
  'links',
  'issuer',
  'proof',
  'dates',
  'status',
  'resources',
  'identity',
  'recipient',
  'refresh',
  'endorsements',
  'badges',
  'presented',
] as const;
export type CheckName = (typeof checkNames)[number];
export type Outcome = 'passed' | 'failed' | 'unknown';

/** One question put to a credential. 'unknown' means it could not be answered, which is not the same as no. */
export interface Check {
  name: CheckName;
  outcome: Outcome;
  /** Stable snake_case reason, for programs. */
  code: MessageCode;
  /** The reason for people. */
  detail: Text;
  /** A technical remark in English that helps whoever repairs it: a JSON Pointer, a term, an address. */
  remark?: string;
}

export type Verdict = 'authentic' | 'expired' | 'withdrawn' | 'cannot_check' | 'not_authentic';

export interface VerificationReport {
  verdict: Verdict;
  /** In the order they were made; a check that an earlier failure made pointless is absent. */
  checks: Check[];
  /** The credential as read, without the claims a JWT adds. */
  credential?: JsonObject;
  /** Who the credential says issued it; proven only when the verdict is not 'cannot_check' or 'not_authentic'. */
  issuer?: { id: string; name?: string };
  /** Of Open Badges 2.0: what the BadgeClass says that the assertion leads to; absent when it was not found. */
  badgeClass?: SeenBadgeClass;
}

/** Members of a BadgeClass (Open Badges 2.0) as they stand in it. */
export interface SeenBadgeClass {
  id?: string;
  name?: string;
  image?: string;
  criteria?: string;
}

/** A check's answer, before it knows which check it belongs to. */
export interface Answer {
  outcome: Outcome;
  code: MessageCode;
  remark?: string;
}

export const passed = (code: MessageCode, remark?: string): Answer => ({ outcome: 'passed', code, remark });
export const failed = (code: MessageCode, remark?: string): Answer => ({ outcome: 'failed', code, remark });
export const unknown = (code: MessageCode, remark?: string): Answer => ({ outcome: 'unknown', code, remark });

export const checkOf = (name: CheckName, answer: Answer): Check => ({
  name,
  outcome: answer.outcome,
  code: answer.code,
  detail: messages[answer.code],
  ...(answer.remark ? { remark: answer.remark.slice(0, 300) } : {}),
});

const mustHold: CheckName[] = ['parse', 'context', 'schema', 'links', 'issuer', 'proof'];

// ADR 0020: without an issuer somebody knows, or for another person, a sound badge proves nothing to who asks.
const mustHoldIfAsked: CheckName[] = ['resources', 'identity', 'recipient', 'badges'];

// What the credential holds or points at is not what its issuer signed for.
const mayBetray: CheckName[] = ['resources', 'badges'];
// Genuine, and no longer standing.
const isOver = ({ code }: Check): boolean => code === 'inside_withdrawn' || code === 'inside_expired';

/** Checks that are told beside the verdict and do not change it. */
export const besideVerdict: readonly CheckName[] = ['refresh', 'endorsements', 'presented'];

/** Was a presentation handed in with other than one badge? What is asked of a badge is asked of each in it then. */
export const isOnlyShown = (checks: Check[]): boolean =>
  checks.some(({ name }) => name === 'presented') && !checks.some(({ name }) => name === 'context');

/**
 * What the checks amount to. Never 'authentic' when a check could not be made; 'withdrawn' and 'expired' only for
 * credentials whose origin is proven.
 */
function verdictOf(checks: Check[]): Verdict {
  const find = (name: CheckName): Check | undefined => checks.find((check) => check.name === name);
  if (mustHold.some((name) => find(name)?.outcome === 'failed')) return 'not_authentic';
  if (isOnlyShown(checks)) return verdictOfShown(find('parse'), find('badges'));
  // What its own address took back: nothing else of it is left to ask.
  if (find('proof')?.code === 'hosted_gone' && find('status')?.outcome === 'failed') return 'withdrawn';
  if (mustHold.some((name) => find(name)?.outcome !== 'passed')) return 'cannot_check';
  const inside = find('badges')?.code;
  const around = checks.filter((check) => check.outcome !== 'passed' && !isOver(check));
  if (around.some(({ name, outcome }) => outcome === 'failed' && mayBetray.includes(name)))
    return 'not_authentic';
  const dates = find('dates');
  const status = find('status');
  if (dates?.outcome === 'failed' && dates.code !== 'expired') return 'not_authentic';
  if (status?.outcome === 'failed' || inside === 'inside_withdrawn') return 'withdrawn';
  if (status?.outcome !== 'passed' || !dates || dates.outcome === 'unknown') return 'cannot_check';
  if (around.some(({ name }) => mustHoldIfAsked.includes(name))) return 'cannot_check';
  return dates.outcome === 'failed' || inside === 'inside_expired' ? 'expired' : 'authentic';
}

/** As good as the worst badge in it; a presentation has nothing of its own that could be false. */
function verdictOfShown(parse: Check | undefined, badges: Check | undefined): Verdict {
  if (parse?.outcome !== 'passed') return 'cannot_check';
  if (!badges || badges.outcome === 'passed') return 'authentic';
  if (badges.code === 'inside_withdrawn') return 'withdrawn';
  if (badges.code === 'inside_expired') return 'expired';
  return badges.outcome === 'failed' ? 'not_authentic' : 'cannot_check';
}

/** What a record amounts to by itself, whatever the badges in it are; of anything else its verdict. */
export const verdictOfItself = ({ checks }: Pick<VerificationReport, 'checks'>): Verdict =>
  verdictOf(checks.filter(({ name }) => name !== 'badges'));

/** The same report with these checks, and the verdict that they amount to. */
export const withChecks = (report: VerificationReport, checks: Check[]): VerificationReport => ({
  ...report,
  verdict: verdictOf(checks),
  checks,
});

/** A report from its checks. */
export function reportOf(checks: Check[], credential?: JsonObject): VerificationReport {
  const issuer = credential && issuerOf(credential);
  return {
    verdict: verdictOf(checks),
    checks,
    ...(credential ? { credential } : {}),
    ...(issuer ? { issuer } : {}),
  };
}

/** Issuer id and name of a credential, if it has them. */
export function issuerOf(credential: JsonObject): { id: string; name?: string } | undefined {
  const { issuer } = credential;
  if (typeof issuer === 'string') return { id: issuer };
  const profile = issuer as JsonObject | null | undefined;
  if (typeof profile?.id !== 'string') return undefined;
  return { id: profile.id, ...(typeof profile.name === 'string' ? { name: profile.name } : {}) };
}

/** Does the signature show that its issuer issued it? */
export const isProven = ({ checks }: VerificationReport): boolean =>
  (['issuer', 'proof'] as const).every((name) =>
    checks.some((check) => check.name === name && check.outcome === 'passed'),
  );

/** The code that decided, or that of the proof when all is well. */
export function reasonOf({ checks, verdict }: VerificationReport): MessageCode {
  const wrong =
    checks.find(({ outcome }) => outcome === 'failed') ?? checks.find(({ outcome }) => outcome === 'unknown');
  if (verdict !== 'authentic' && wrong) return wrong.code;
  return checks.find(({ name }) => name === 'proof')?.code ?? 'signature_fits';
}
