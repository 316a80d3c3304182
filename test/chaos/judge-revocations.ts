import { secondsAllowed } from './limits.js';

/** A revocation that the api answered with 200. */
export interface Revocation {
  awardId: string;
  /** Milliseconds since 1970, after the answer. */
  confirmedAt: number;
}

/** What is told of an award's badge. */
export interface Standing {
  awardId: string;
  /** In the database: active, suspended or revoked. */
  state: string;
  /** The bit of the last signed list. */
  isTold: boolean;
}

export interface RevocationJudgement {
  /** Revoked for good, and not told any more or not in time: each counts as lost. */
  lost: string[];
  /** Confirmed so long ago that the list must tell. */
  due: number;
  /** What is wrong, in sentences. */
  broken: string[];
}

export interface RevocationReading {
  /** Every award whose revocation was asked for, answered or not. */
  asked: ReadonlySet<string>;
  confirmed: readonly Revocation[];
  standings: readonly Standing[];
  /** Awards that an earlier list told. */
  toldBefore: ReadonlySet<string>;
  /** Milliseconds since 1970, when `confirmed` was known and the standings were not yet read. */
  now: number;
  /** Nothing waits any more: what is confirmed must be told, whenever it was. */
  isOver?: boolean;
}

/**
 * Holds what was revoked against what is told (I5): in the database from the answer on, in the signed list a minute
 * later, and for ever. What nobody revoked is not told.
 */
export function judgeRevocations({
  asked,
  confirmed,
  standings,
  toldBefore,
  now,
  isOver = false,
}: RevocationReading): RevocationJudgement {
  const standing = new Map(standings.map((one) => [one.awardId, one]));
  const dueBefore = isOver ? Number.POSITIVE_INFINITY : now - secondsAllowed.revokedInList * 1000;
  const found: RevocationJudgement = { lost: [], due: 0, broken: [] };
  for (const { awardId, confirmedAt } of confirmed) {
    const isDue = confirmedAt < dueBefore;
    if (isDue) found.due += 1;
    const one = standing.get(awardId);
    const wrong = [
      one?.state !== 'revoked' && `is ${one?.state ?? 'unknown'} in the database`,
      isDue && !one?.isTold && 'is not told by the signed list',
      !isDue && toldBefore.has(awardId) && !one?.isTold && 'was told by an earlier list and is not any more',
    ].filter((words) => words !== false);
    if (wrong.length === 0) continue;
    found.lost.push(awardId);
    found.broken.push(`${awardId} was revoked and ${wrong.join(' and ')}`);
  }
  for (const { awardId, state, isTold } of standings)
    if (!asked.has(awardId) && (isTold || state !== 'active'))
      found.broken.push(`${awardId} is ${isTold ? 'told' : state} and nobody revoked it`);
  return found;
}

/** @returns a sentence for each list whose version is lower than before, or that is gone (I5) */
export const wentBack = (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] =>
  [...before].flatMap(([list, version]) => {
    const later = now.get(list);
    if (later !== undefined && later >= version) return [];
    return [`list ${list} had version ${version} and has ${later ?? 'none'}`];
  });
