import { canonicalJson, sha256 } from '#platform';
import { casesOf, tellCases } from './cases.js';
import { gatherFacts } from './gather-facts.js';
import { type FilePerson, markProbableDuplicates, peopleOf } from './identify.js';
import { type Issue, issue, type Severity } from './issue.js';
import type { CampaignCounts, CampaignFacts, CampaignPlan, PlannedRow, Verdict } from './plan.js';
import { type CampaignReading, readCampaign } from './read-campaign.js';
import { type CampaignRow, isMinor, readRow } from './row.js';
import { type ReadableRow, roomNotices, sessionsOf } from './sessions.js';
import { StaffDirectory } from './staff.js';
import type { CampaignWorld } from './world.js';

export interface AnalysisInput {
  bytes: Buffer;
  /** What `readCampaign` read of the bytes, when the caller has it already. */
  table?: CampaignReading;
  fileName: string;
  world: CampaignWorld;
  /** YYYY-MM-DD where the structure is: a session after it is refused. */
  today: string;
  /** Called now and then with the rows read so far and all rows. */
  onProgress?: (done: number, total: number) => void;
}

const verdicts: [Severity, Verdict][] = [
  ['reject', 'rejected'],
  ['hold', 'held'],
  ['duplicate', 'duplicate'],
  ['no_award', 'no_award'],
  ['warning', 'accepted_with_warning'],
];

const verdictOf = (issues: Issue[]): Verdict =>
  verdicts.find(([severity]) => issues.some((one) => one.severity === severity))?.[1] ?? 'accepted';

/**
 * Tells what importing a campaign file would do, row by row. Pure: it reads bytes and the world, and writes nothing.
 * The order of the rows changes their numbers in the answer and nothing else.
 */
export function analyseCampaign(input: AnalysisInput): CampaignPlan {
  const { bytes, fileName, world, today, onProgress } = input;
  const table = input.table ?? readCampaign(bytes);
  const rows: CampaignRow[] = [];
  for (const raw of table.rows) {
    rows.push(readRow(raw, world, today));
    if (rows.length % 250 === 0 || rows.length === table.rows.length)
      onProgress?.(rows.length, table.rows.length);
  }
  const sessions = sessionsOf(rows, world);
  const readable = sessions.flatMap((session) => session.rows);
  const people = peopleOf(readable, world);
  markProbableDuplicates(people, world);
  const { cases, held } = casesOf(people, world);
  const heldCases = tellCases(cases, new Map(readable.map((row) => [row.row, row])), world);
  tellDuplicates(people, held);
  const owners = new Map(people.flatMap((person) => person.rows.map((row) => [row, person] as const)));
  // People who may be one count once: a held case must not fill a room.
  const sessionNotices = roomNotices(
    sessions,
    (row) => owners.get(row)?.looksLike?.ref ?? owners.get(row)?.ref ?? null,
  );
  const staff = new StaffDirectory(sessions, people, world);
  tellWaitingAssessors(readable, staff);
  const facts = gatherFacts(sessions, people, held, staff);
  const plannedRows: PlannedRow[] = rows.map(({ row, line, issues }) => ({
    row,
    line,
    verdict: verdictOf(issues),
    issues,
  }));
  const unknownStaff = staff.unknown();
  return {
    fileName,
    fileSha256: sha256(bytes).toString('hex'),
    digest: sha256(
      canonicalJson({
        facts,
        unknownStaff,
        held: heldCases.map(({ kind, fingerprint }) => [kind, fingerprint]),
      }),
    ).toString('hex'),
    refusal: table.refusal,
    columns: { unknown: table.header?.unknown ?? [], absent: table.header?.absent ?? [] },
    rows: plannedRows,
    sessionNotices,
    unknownStaff,
    peerAnimators: staff.peerAnimators(),
    heldCases,
    facts,
    counts: countsOf(plannedRows, facts, heldCases.length),
  };
}

/** A later row that adds nothing to an earlier one of the same person and session is told as its duplicate. */
function tellDuplicates(people: FilePerson[], held: ReadonlySet<ReadableRow>): void {
  for (const person of people) {
    const firstOf = new Map<string, { row: number; targets: Set<string> }>();
    for (const row of [...person.rows].sort((a, b) => a.row - b.row)) {
      if (held.has(row)) continue;
      const targets = row.content.assessments.map(({ targetCode }) => targetCode);
      const first = firstOf.get(row.content.sessionCode);
      if (!first) firstOf.set(row.content.sessionCode, { row: row.row, targets: new Set(targets) });
      else if (targets.every((target) => first.targets.has(target)))
        row.issues.push(issue('exact_duplicate', null, first.row));
      else for (const target of targets) first.targets.add(target);
    }
  }
}

function tellWaitingAssessors(rows: ReadableRow[], staff: StaffDirectory): void {
  const waits = new Map<string, boolean>();
  for (const { content, issues } of rows)
    for (const name of new Set(content.assessments.map(({ assessorName }) => assessorName))) {
      const key = `${content.heldOn} ${name}`;
      if (!waits.has(key)) waits.set(key, staff.assessorNamed(name, content.heldOn) === null);
      if (waits.get(key)) issues.push(issue('assessor_awaits_confirmation', 'assessor', name));
    }
}

function countsOf(rows: PlannedRow[], facts: CampaignFacts, heldCases: number): CampaignCounts {
  const of = (verdict: Verdict) => rows.filter((row) => row.verdict === verdict).length;
  const lastDay = facts.sessions
    .map(({ heldOn }) => heldOn)
    .sort()
    .at(-1);
  const known = facts.people.filter(({ knownId }) => knownId !== null).length;
  return {
    rows: rows.length,
    accepted: of('accepted'),
    acceptedWithWarning: of('accepted_with_warning'),
    noAward: of('no_award'),
    held: of('held'),
    rejected: of('rejected'),
    duplicates: of('duplicate'),
    people: facts.people.length,
    peopleNew: facts.people.length - known,
    peopleKnown: known,
    sessions: facts.sessions.length,
    sessionsNew: facts.sessions.filter(({ knownId }) => knownId === null).length,
    attendances: facts.attendances.length + facts.anonymous.length,
    anonymous: facts.anonymous.length,
    assessments: facts.assessments.length,
    heldCases,
    minors: facts.people.filter(
      ({ birthYear }) => birthYear !== null && lastDay && isMinor(birthYear, lastDay),
    ).length,
    publicationWishes: facts.private.wishes.filter(({ wish }) => wish === 'yes').length,
  };
}
