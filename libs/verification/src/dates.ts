import type { JsonObject } from '#signing';
import { type Answer, failed, passed } from './report.js';

/** Clocks differ: a date this much ahead of ours is not in the future. */
export const clockToleranceMs = 60_000;

const dateTime = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Milliseconds since 1970 of a date-time with zone (XML Schema dateTimeStamp), or undefined when it is not one. */
export function timeOf(value: unknown): number | undefined {
  const match = typeof value === 'string' ? dateTime.exec(value) : null;
  if (!match) return undefined;
  const time = Date.parse(value as string);
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  // Date.parse turns 31 February into 3 March.
  const exists = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  return Number.isNaN(time) || !exists ? undefined : time;
}

/** Is the credential within validFrom and validUntil (VC Data Model 2.0, 4.9)? */
export function checkDates(credential: JsonObject, now: Date): Answer {
  const from = timeOf(credential.validFrom);
  const until =
    credential.validUntil === undefined ? Number.POSITIVE_INFINITY : timeOf(credential.validUntil);
  if (from === undefined) return failed('dates_malformed', 'validFrom');
  if (until === undefined || until < from) return failed('dates_malformed', 'validUntil');
  if (from > now.getTime() + clockToleranceMs) return failed('not_yet_valid', String(credential.validFrom));
  return until < now.getTime() ? failed('expired', String(credential.validUntil)) : passed('dates_valid');
}
