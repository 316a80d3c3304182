import type { JsonObject } from '#signing';
import { type Answer, failed, passed, unknown } from './report.js';
import { said } from './said.js';

/** Clocks differ: a date this much ahead of ours is not in the future. */
export const clockToleranceMs = 60_000;

const dateTime = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

// The badges of a batch have the same few dates, and each is asked for several times.
const known = new Map<string, number | undefined>();
const mostKnown = 500;

/** Milliseconds since 1970 of a date-time with zone (XML Schema dateTimeStamp), or undefined when it is not one. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  if (value.length > 64) return parsed(value);
  if (known.has(value)) return known.get(value);
  const time = parsed(value);
  if (known.size >= mostKnown) known.clear();
  known.set(value, time);
  return time;
}

function parsed(value: string): number | undefined {
  const match = dateTime.exec(value);
  if (!match) return undefined;
  const time = Date.parse(value);
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  // Date.parse turns 31 February into 3 March.
  const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  return Number.isNaN(time) || !exists ? undefined : time;
}

/** From when a credential counts: `validFrom`, or in the older shape (VC 1.1) `issuanceDate`. */
export const startOf = (credential: JsonObject): unknown => credential.validFrom ?? credential.issuanceDate;

/** Until when a credential counts, if it says so: `validUntil`, or in the older shape `expirationDate`. */
export const endOf = (credential: JsonObject): unknown => credential.validUntil ?? credential.expirationDate;

/**
 * Is the credential within its dates (VC Data Model 2.0, 4.9; 1.1, 4.6)?
 * @param isStartOptional it may leave out since when: VC 2.0 allows that, Open Badges does not
 * @param isDerived its holder chose what of it is shown: an absent end may be one that is not shown
 */
export function checkDates(
  credential: JsonObject,
  now: Date,
  isStartOptional = false,
  isDerived = false,
): Answer {
  if (isDerived && !isStartOptional && startOf(credential) === undefined)
    return unknown('not_shown', 'validFrom');
  const answer = checkPeriod(
    { name: 'validFrom', value: startOf(credential) ?? (isStartOptional ? unbounded : undefined) },
    { name: 'validUntil', value: endOf(credential) },
    now,
  );
  const isOpen = isDerived && endOf(credential) === undefined && answer.outcome === 'passed';
  return isOpen ? passed('dates_end_not_shown') : answer;
}

const unbounded = '1970-01-01T00:00:00Z';

/** Is an instant within a period? An absent end is none. The names are for remarks. */
export function checkPeriod(
  start: { name: string; value: unknown },
  end: { name: string; value: unknown },
  now: Date,
): Answer {
  const from = timeOf(start.value);
  const until = end.value === undefined ? Number.POSITIVE_INFINITY : timeOf(end.value);
  if (from === undefined) return failed('dates_malformed', start.name);
  if (until === undefined || until < from) return failed('dates_malformed', end.name);
  if (from > now.getTime() + clockToleranceMs) return failed('not_yet_valid', said(start.value));
  return until < now.getTime() ? failed('expired', said(end.value)) : passed('dates_valid');
}
