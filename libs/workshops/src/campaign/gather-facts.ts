import { canonicalJson } from '#platform';
import type { FilePerson } from './identify.js';
import type {
  CampaignFacts,
  PersonRef,
  PlannedAssessment,
  PlannedPerson,
  PlannedPrivateFacts,
  PlannedSession,
} from './plan.js';
import type { PrivateCells } from './row.js';
import { type FileSession, groupBy, type ReadableRow } from './sessions.js';
import type { StaffDirectory } from './staff.js';

const sortedUnique = <T>(items: T[]): T[] =>
  [...new Map(items.map((item) => [canonicalJson(item), item]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, v]) => v);

/** What the rows that nothing holds say, without what is recorded already, sorted. */
export function gatherFacts(
  sessions: FileSession[],
  people: FilePerson[],
  held: ReadonlySet<ReadableRow>,
  staff: StaffDirectory,
): CampaignFacts {
  const kept = people
    .filter(({ looksLike }) => looksLike === null)
    .map((person) => ({ person, rows: person.rows.filter((row) => !held.has(row)) }))
    .filter(({ rows }) => rows.length > 0);
  const refs = new Map<ReadableRow, FilePerson>();
  for (const { person, rows } of kept) for (const row of rows) refs.set(row, person);
  const facts: CampaignFacts = {
    people: kept.map(({ person }) => plannedPerson(person)),
    sessions: [],
    attendances: [],
    anonymous: [],
    assessments: [],
    private: { diagnostics: [], observations: [], wishes: [] },
  };
  for (const session of sessions) {
    const free = session.rows.filter((row) => !held.has(row));
    if (free.length === 0) continue;
    facts.sessions.push(plannedSession(session, staff));
    for (const rows of groupBy(
      free.filter((row) => refs.has(row)),
      (row) => refs.get(row)!.ref,
    ).values())
      addPresence(facts, session, refs.get(rows[0]!)!, rows, staff);
    const walkIns = free
      .filter(({ content }) => content.person === null && content.status === 'present')
      .map(({ content }) => content.private.observation)
      .sort();
    for (const note of walkIns.slice(session.known?.anonymousCount ?? 0))
      facts.anonymous.push({ session: session.code, note });
  }
  for (const { person, rows } of kept) addPrivate(facts.private, person, rows);
  return {
    ...facts,
    attendances: sortedUnique(facts.attendances),
    assessments: sortedUnique(facts.assessments),
    private: {
      diagnostics: sortedUnique(facts.private.diagnostics),
      observations: sortedUnique(facts.private.observations),
      wishes: sortedUnique(facts.private.wishes),
    },
  };
}

const plannedPerson = (person: FilePerson): PlannedPerson => ({
  ref: person.ref,
  knownId: person.known?.id ?? null,
  givenName: person.givenName,
  familyName: person.familyName,
  birthYear: person.birthYear,
  nameKey: person.nameKey,
  phone: person.phone,
  email: person.email,
});

function plannedSession(session: FileSession, staff: StaffDirectory): PlannedSession {
  const named = (names: string[], role: 'lead' | 'co_animator') =>
    names.map((name) => ({ name, role, person: staff.personNamed(name) }));
  return {
    code: session.code,
    knownId: session.known?.id ?? null,
    workshopId: session.workshop.id,
    workshopCode: session.workshop.code,
    heldOn: session.heldOn,
    time: session.time,
    durationMinutes: session.durationMinutes,
    place: session.place,
    staff: [...named(session.leads, 'lead'), ...named(session.coAnimators, 'co_animator')],
  };
}

function addPresence(
  facts: CampaignFacts,
  session: FileSession,
  person: FilePerson,
  rows: ReadableRow[],
  staff: StaffDirectory,
): void {
  const recorded = <T extends { personId: string }>(list: T[] | undefined) =>
    (list ?? []).filter(({ personId }) => personId === person.known?.id);
  const code = session.code;
  if (recorded(session.known?.attendances).length === 0)
    facts.attendances.push({ session: code, person: person.ref, status: rows[0]!.content.status });
  for (const { content } of rows)
    if (content.private.observation)
      facts.private.observations.push({
        session: code,
        person: person.ref,
        note: content.private.observation,
      });
  const known = new Set(recorded(session.known?.assessments).map(({ targetCode }) => targetCode));
  const byTarget = groupBy(
    rows.flatMap(({ content }) => content.assessments).filter(({ targetCode }) => !known.has(targetCode)),
    ({ targetCode }) => targetCode,
  );
  for (const same of byTarget.values()) {
    // Of several assessors who saw the same, one with a mandate counts; else the first by name.
    const judged: PlannedAssessment[] = same
      .map((one) => ({
        session: code,
        person: person.ref,
        ...one,
        assessor: staff.assessorNamed(one.assessorName, session.heldOn),
      }))
      .sort(
        (a, b) =>
          Number(b.assessor !== null) - Number(a.assessor !== null) ||
          (a.assessorName < b.assessorName ? -1 : 1),
      );
    facts.assessments.push(judged[0]!);
  }
}

const wishOrder = ['no', 'yes', 'ask'] as const;

function addPrivate(facts: PlannedPrivateFacts, { ref }: { ref: PersonRef }, rows: ReadableRow[]): void {
  const cells: PrivateCells[] = rows.map(({ content }) => content.private);
  for (const cell of cells) {
    const { startingLevel, equipment, language, gender, municipality } = cell;
    if (
      cell.diagnosticDate ??
      startingLevel ??
      language ??
      gender ??
      municipality ??
      (equipment.length || null)
    )
      facts.diagnostics.push({
        person: ref,
        doneOn: cell.diagnosticDate,
        startingLevel,
        equipment,
        language,
        gender,
        municipality,
      });
  }
  // One « non » anywhere counts for more than any « oui ».
  facts.wishes.push({
    person: ref,
    wish: wishOrder.find((wish) => cells.some((cell) => cell.wish === wish))!,
  });
}
