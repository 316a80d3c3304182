import { staffKey, withoutParenthesis } from '#people';
import { textIn } from '#platform';
import { type Issue, issue } from './issue.js';
import type { CampaignRow, RowContent } from './row.js';
import type { CampaignWorld, WorldSession, WorldWorkshop } from './world.js';

/** A row that has not been rejected. */
export interface ReadableRow extends CampaignRow {
  content: RowContent;
}

export interface FileSession {
  code: string;
  known: WorldSession | null;
  workshop: WorldWorkshop;
  heldOn: string;
  time: string | null;
  durationMinutes: number;
  place: string | null;
  /** Names as shown, by role. */
  leads: string[];
  coAnimators: string[];
  rows: ReadableRow[];
}

/** The most frequent value; the smallest among equals, so that the order of rows does not matter. */
export function mostFrequent<T extends string | number>(values: readonly T[]): T | null {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: T | null = null;
  for (const [value, count] of counts)
    if (best === null || count > counts.get(best)! || (count === counts.get(best)! && value < best))
      best = value;
  return best;
}

export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function reject(row: CampaignRow, found: Issue): void {
  row.issues.push(found);
  row.content = null;
}

/** What a session is: two rows of one number must agree on it. */
const identityOf = ({ content }: ReadableRow): string => `${content.heldOn} ${content.workshopCode}`;

/**
 * The sessions of a file, by code. Rows that name another workshop or day than their session has (as recorded, or
 * as most rows say) are rejected; when no workshop and day has a majority, all of them are. So are those of a session
 * that was withdrawn: nothing of it counts until a corrected register brings it back.
 */
export function sessionsOf(rows: CampaignRow[], world: CampaignWorld): FileSession[] {
  const recorded = new Map(world.sessions.map((session) => [session.code, session]));
  const workshops = new Map(world.workshops.map((workshop) => [workshop.code, workshop]));
  const readable = rows.filter((row): row is ReadableRow => row.content !== null);
  const sessions: FileSession[] = [];
  for (const [code, all] of [...groupBy(readable, (row) => row.content.sessionCode)].sort(byKey)) {
    const known = recorded.get(code) ?? null;
    const kept = known ? keepRecorded(all, known) : keepMajority(all, code);
    const first = kept[0];
    if (first) sessions.push(describe(code, known, workshops.get(first.content.workshopCode)!, kept));
  }
  return sessions;
}

const byKey = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : 1);

function keepRecorded(rows: ReadableRow[], known: WorldSession): ReadableRow[] {
  const recorded = `${known.heldOn} ${known.workshopCode}`;
  const [year, month, day] = known.heldOn.split('-');
  const title = `${known.workshopCode} ${textIn(known.workshopTitle, 'fr')}`.trim();
  return rows.filter((row) => {
    const isSame = identityOf(row) === recorded;
    if (isSame && known.withdrawnAt === null) return true;
    if (isSame) {
      reject(row, issue('session_withdrawn', 'session', known.code));
      return false;
    }
    const suggestion = row.content.heldOn.slice(0, 4);
    reject(
      row,
      issue(
        'session_recorded_otherwise',
        'session',
        known.code,
        title,
        `${day}/${month}/${year}`,
        suggestion,
      ),
    );
    return false;
  });
}

function keepMajority(rows: ReadableRow[], code: string): ReadableRow[] {
  const groups = [...groupBy(rows, identityOf).values()].sort((a, b) => b.length - a.length);
  const tie = groups.length > 1 && groups[0]!.length === groups[1]!.length;
  const kept = tie ? [] : groups[0]!;
  const keeps = new Set(kept);
  for (const row of rows) if (!keeps.has(row)) reject(row, issue('session_conflict', 'session', code));
  return kept;
}

function describe(
  code: string,
  known: WorldSession | null,
  workshop: WorldWorkshop,
  rows: ReadableRow[],
): FileSession {
  const pick = <T extends string | number>(of: (content: RowContent) => T | null): T | null =>
    mostFrequent(rows.map((row) => of(row.content)).filter((value) => value !== null));
  const time = pick(({ time }) => time);
  const duration = pick(({ durationMinutes }) => durationMinutes);
  const place = pick(({ place }) => place);
  for (const row of rows) {
    const { content } = row;
    const differs =
      (content.time !== null && content.time !== time) ||
      (content.durationMinutes !== null && content.durationMinutes !== duration) ||
      (content.place !== null && content.place !== place);
    if (differs) row.issues.push(issue('session_details_differ', null, code));
  }
  const leads = names(rows.flatMap(({ content }) => content.leads));
  const leading = new Set(leads.map(staffKey));
  return {
    code,
    known,
    workshop,
    heldOn: rows[0]!.content.heldOn,
    time,
    durationMinutes: duration ?? workshop.durationMinutes,
    place,
    leads,
    coAnimators: names(rows.flatMap(({ content }) => content.coAnimators)).filter(
      (name) => !leading.has(staffKey(name)),
    ),
    rows,
  };
}

/** Each name once, in its most frequent spelling, sorted. */
const names = (written: string[]): string[] =>
  [...groupBy(written, cachedStaffKey).values()]
    .map((same) => withoutParenthesis(mostFrequent(same)!))
    .sort();

const staffKeys = new Map<string, string>();

/** Files repeat few staff names on many rows. */
function cachedStaffKey(name: string): string {
  let key = staffKeys.get(name);
  if (key === undefined) {
    if (staffKeys.size > 10_000) staffKeys.clear();
    key = staffKey(name);
    staffKeys.set(name, key);
  }
  return key;
}

/**
 * Tells the sessions with more people than the workshop is meant for: on the session, and on the rows past the
 * limit in the order of the file.
 * @param personOf who a row is about, as one stable text; null for a walk-in
 */
export function roomNotices(sessions: FileSession[], personOf: (row: ReadableRow) => string | null) {
  const notices: { session: string; issues: Issue[] }[] = [];
  for (const { code, workshop, rows } of sessions) {
    const present = rows.filter(({ content }) => content.status === 'present').sort((a, b) => a.row - b.row);
    const people = new Set<string>();
    const past: ReadableRow[] = [];
    for (const row of present) {
      people.add(personOf(row) ?? `row ${row.row}`);
      if (people.size > workshop.maxParticipants) past.push(row);
    }
    if (past.length === 0) continue;
    const notice = issue('room_limit', 'session', code, people.size, workshop.maxParticipants);
    notices.push({ session: code, issues: [notice] });
    for (const row of past) row.issues.push(notice);
  }
  return notices;
}
