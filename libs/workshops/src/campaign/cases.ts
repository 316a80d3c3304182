import { canonicalJson, sha256 } from '#platform';
import type { Candidate, FilePerson } from './identify.js';
import { issue, quoted } from './issue.js';
import type { HeldPerson, PlannedCase } from './plan.js';
import type { RowContent } from './row.js';
import { groupBy, type ReadableRow } from './sessions.js';
import type { CampaignWorld, WorldSession } from './world.js';

/** Hex SHA-256 of what rows say, without the private cells: equal in every file and order that says it. */
function fingerprintOf(contents: RowContent[]): string {
  const said = contents.map(({ sessionCode, workshopCode, heldOn, person, status, assessments }) =>
    canonicalJson({
      sessionCode,
      workshopCode,
      heldOn,
      person: person && [person.nameKey, person.birthYear],
      status,
      assessments: assessments.map(({ targetCode, outcome }) => [targetCode, outcome]).sort(),
    }),
  );
  return sha256([...new Set(said)].sort().join('\n')).toString('hex');
}

/** Do rows of one person in one session say different things? */
export function contradict(contents: RowContent[]): boolean {
  if (new Set(contents.map(({ status }) => status)).size > 1) return true;
  const outcomes = new Map<string, string>();
  for (const { targetCode, outcome } of contents.flatMap(({ assessments }) => assessments)) {
    if ((outcomes.get(targetCode) ?? outcome) !== outcome) return true;
    outcomes.set(targetCode, outcome);
  }
  return false;
}

function contradictsRecord(contents: RowContent[], personId: string, session: WorldSession): boolean {
  const attendance = session.attendances.find((one) => one.personId === personId);
  if (attendance && contents.some(({ status }) => status !== attendance.status)) return true;
  const recorded = new Map(
    session.assessments
      .filter((one) => one.personId === personId)
      .map((one) => [one.targetCode, one.outcome]),
  );
  return contents
    .flatMap(({ assessments }) => assessments)
    .some(({ targetCode, outcome }) => (recorded.get(targetCode) ?? outcome) !== outcome);
}

const heldPerson = ({
  ref,
  familyName,
  givenName,
  birthYear,
  known,
}: Candidate | FilePerson): HeldPerson => ({
  ref,
  name: `${familyName} ${givenName}`.trim(),
  birthYear,
  known: Boolean(known),
});

/**
 * The cases that only a human can decide, and the rows they hold. A row is in one case at most: first those of
 * people who look like somebody else, with that person's rows of the same sessions, then contradictions.
 */
export function casesOf(
  people: FilePerson[],
  world: CampaignWorld,
): { cases: PlannedCase[]; held: Set<ReadableRow> } {
  const held = new Set<ReadableRow>();
  const cases: PlannedCase[] = [];
  const hold = (
    kind: PlannedCase['kind'],
    who: HeldPerson[],
    rows: { row: ReadableRow; person: string }[],
  ) => {
    const sorted = rows.sort((a, b) => a.row.row - b.row.row);
    for (const { row } of sorted) held.add(row);
    cases.push({
      kind,
      sessionCodes: [...new Set(sorted.map(({ row }) => row.content.sessionCode))].sort(),
      people: who,
      rows: sorted.map(({ row, person }) => ({ row: row.row, person, content: row.content })),
      fingerprint: fingerprintOf(sorted.map(({ row }) => row.content)),
    });
  };

  const byRef = new Map(people.map((person) => [person.ref, person]));
  const alike = people.filter(({ looksLike }) => looksLike !== null);
  for (const [anchorRef, others] of groupBy(alike, ({ looksLike }) => looksLike!.ref)) {
    const anchor = byRef.get(anchorRef);
    const sessions = new Set(others.flatMap(({ rows }) => rows.map(({ content }) => content.sessionCode)));
    const anchorRows = anchor?.rows.filter(({ content }) => sessions.has(content.sessionCode)) ?? [];
    hold(
      'probable_duplicate',
      [heldPerson(others[0]!.looksLike!), ...others.map(heldPerson)],
      [
        ...anchorRows.map((row) => ({ row, person: anchorRef })),
        ...others.flatMap(({ ref, rows }) => rows.map((row) => ({ row, person: ref }))),
      ],
    );
  }

  const recorded = new Map(world.sessions.map((session) => [session.code, session]));
  for (const person of people) {
    const free = person.rows.filter((row) => !held.has(row));
    for (const [code, rows] of groupBy(free, ({ content }) => content.sessionCode)) {
      const contents = rows.map(({ content }) => content);
      const session = person.known && recorded.get(code);
      const kind = contradict(contents)
        ? 'contradiction'
        : session && contradictsRecord(contents, person.known!.id, session)
          ? 'contradicts_record'
          : null;
      if (kind)
        hold(
          kind,
          [heldPerson(person)],
          rows.map((row) => ({ row, person: person.ref })),
        );
    }
  }
  return { cases: cases.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)), held };
}

/** Tells each held row why it waits, or that its case was held or decided before. Answers the cases that are new. */
export function tellCases(
  cases: PlannedCase[],
  rows: Map<number, ReadableRow>,
  world: CampaignWorld,
): PlannedCase[] {
  const decided = new Set(world.decidedCases);
  for (const found of cases) {
    const sessions = found.sessionCodes.join(', ');
    const numbers = found.rows.map(({ row }) => row).join(', ');
    const [first, second] = found.people.map(({ name }) => quoted(name));
    const told = decided.has(found.fingerprint)
      ? issue('already_decided')
      : found.kind === 'probable_duplicate'
        ? issue('probable_duplicate', 'familyName', first!, second!, sessions)
        : found.kind === 'contradiction'
          ? issue('contradiction', 'result', sessions, numbers)
          : issue('contradicts_record', 'result', sessions);
    for (const { row } of found.rows) rows.get(row)!.issues.push(told);
  }
  return cases.filter(({ fingerprint }) => !decided.has(fingerprint));
}
