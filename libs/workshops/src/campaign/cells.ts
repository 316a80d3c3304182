import { unaccented } from '#people';
import type { AttendanceStatus, Outcome } from '../session.entity.js';
import { type Issue, issue, quoted } from './issue.js';

export type Read<T> = { value: T } | { fault: Issue };

/** White space made single, as one line. */
export const oneLine = (cell: string): string => cell.replace(/\s+/gu, ' ').trim();

const pad = (number: number): string => String(number).padStart(2, '0');

/** d/m/yyyy, dd/mm/yyyy or yyyy-mm-dd as YYYY-MM-DD; null when the text is something else or not in the calendar. */
export function parseDate(text: string): { date: string } | 'invalid' | 'impossible' {
  const cell = text.trim();
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(cell);
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(cell);
  const [year, month, day] = french
    ? [Number(french[3]), Number(french[2]), Number(french[1])]
    : iso
      ? [Number(iso[1]), Number(iso[2]), Number(iso[3])]
      : [0, 0, 0];
  if (!french && !iso) return 'invalid';
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0;
  return exists ? { date: `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}` } : 'impossible';
}

/** The day of the session; never guessed, never in the future. */
export function readDate(cell: string, today: string): Read<string> {
  if (cell.trim() === '') return { fault: issue('date_missing', 'date') };
  const parsed = parseDate(cell);
  if (parsed === 'invalid') return { fault: issue('date_invalid', 'date', quoted(cell)) };
  if (parsed === 'impossible') return { fault: issue('date_impossible', 'date', quoted(cell)) };
  if (parsed.date > today) return { fault: issue('date_in_future', 'date', quoted(cell)) };
  if (parsed.date < '1990-01-01') return { fault: issue('date_too_old', 'date', quoted(cell)) };
  return { value: parsed.date };
}

/** hh:mm, h:mm or 9h30 as HH:MM; null when the cell is empty. */
export function readTime(cell: string): Read<string | null> {
  const text = cell.trim();
  if (text === '') return { value: null };
  const match = /^(\d{1,2})(?::|\s?h\s?)(\d{2})?(?::\d{2})?$/i.exec(text);
  const [hours, minutes] = [Number(match?.[1] ?? 99), Number(match?.[2] ?? 0)];
  return hours < 24 && minutes < 60
    ? { value: `${pad(hours)}:${pad(minutes)}` }
    : { fault: issue('time_invalid', 'time', quoted(cell)) };
}

/** Hours as 2, 1,5, 1.5, 2h or 1h30, in minutes; null when the cell is empty. */
export function readDuration(cell: string): Read<number | null> {
  const text = cell.trim().replace(',', '.').replace(/^[−–]/u, '-');
  if (text === '') return { value: null };
  const decimal = /^([+-]?\d+(?:\.\d+)?)\s*h?(?:eures?)?$/i.exec(text);
  const clock = /^(\d+)\s*h\s*(\d{2})$/i.exec(text);
  if (!decimal && !clock) return { fault: issue('duration_invalid', 'duration', quoted(cell)) };
  const minutes = decimal ? Math.round(Number(decimal[1]) * 60) : Number(clock![1]) * 60 + Number(clock![2]);
  if (minutes <= 0) return { fault: issue('duration_not_positive', 'duration', quoted(cell)) };
  if (minutes > 24 * 60) return { fault: issue('duration_too_long', 'duration', quoted(cell)) };
  return { value: minutes };
}

/** Four digits that fit a person who came to a session of that year; null when the cell is empty. */
export function readBirthYear(cell: string, sessionYear: number): Read<number | null> {
  const text = cell.trim();
  if (text === '') return { value: null };
  if (!/^\d{4}$/.test(text)) return { fault: issue('birth_year_invalid', 'birthYear', quoted(cell)) };
  const year = Number(text);
  return year < sessionYear - 120 || year > sessionYear
    ? { fault: issue('birth_year_implausible', 'birthYear', year, sessionYear) }
    : { value: year };
}

const plain = (cell: string): string =>
  unaccented(cell)
    .replace(/[.!;,]+$/u, '')
    .trim();

export function readPresence(cell: string): Read<AttendanceStatus> {
  const text = plain(cell);
  if (text === '') return { fault: issue('presence_missing', 'presence') };
  if (/^present/.test(text)) return { value: 'present' };
  if (/^(absente?s?\b.*excuse|excuse)/.test(text)) return { value: 'excused' };
  if (/^absent/.test(text)) return { value: 'absent' };
  return { fault: issue('presence_unknown', 'presence', quoted(cell)) };
}

const outcomes: [RegExp, Outcome][] = [
  [/^(acquis(e|es)?|a)$/, 'acquired'],
  [/^(eca|en cours( d'acquisition)?)$/, 'almost'],
  [/^(non acquis(e|es)?|na)$/, 'not_yet'],
  [/^(non evalue(e|s|es)?|ne)?$/, 'not_assessed'],
];

export function readResult(cell: string): Read<Outcome> {
  const text = plain(cell);
  const found = outcomes.find(([pattern]) => pattern.test(text));
  return found ? { value: found[1] } : { fault: issue('result_unknown', 'result', quoted(cell)) };
}

export type Wish = 'yes' | 'no' | 'ask';

/** Only « oui » is a yes, and it publishes nothing. */
export function readWish(cell: string): Read<Wish> {
  const text = plain(cell);
  if (text === 'oui' || text === 'yes') return { value: 'yes' };
  if (text === 'non' || text === 'no') return { value: 'no' };
  if (text === '' || text === 'a demander' || text === 'to ask') return { value: 'ask' };
  return { fault: issue('publication_unknown', 'publication', quoted(cell)) };
}

/** Names or codes in one cell, each once, in their order. */
export const listOf = (cell: string, separators: RegExp): string[] => [
  ...new Set(cell.split(separators).map(oneLine).filter(Boolean)),
];

/** Several names in one cell: « Madeleine BÉNÉVOLE ; Karim BÉNÉVOLE ». */
export const namesIn = (cell: string): string[] => listOf(cell, /[;,/&\n]|\s+et\s+/u);
