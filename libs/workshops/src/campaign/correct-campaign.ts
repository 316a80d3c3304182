import type { EntityManager } from 'typeorm';
import { dateIn } from '#platform';
import { assessorChange, type FactChange } from '../correct-facts.js';
import { analyseCampaign } from './analyse-campaign.js';
import { peopleOf } from './identify.js';
import { type CampaignFile, lockCampaigns } from './import-campaign.js';
import { loadCampaignWorld } from './load-world.js';
import type { CampaignPlan, PersonRef, PlannedAssessment } from './plan.js';
import { readCampaign } from './read-campaign.js';
import { CampaignRefused } from './refusals.js';
import { readRow } from './row.js';
import { readSessionCode, sessionCodesIn } from './session-code.js';
import { groupBy, type ReadableRow, sessionsOf } from './sessions.js';
import type { CampaignWorld, WorldSession } from './world.js';
import { writeFacts } from './write-facts.js';

/** A corrected file, read as the register of the sessions that it names. */
export interface CampaignCorrection {
  plan: CampaignPlan;
  /** What differs from the record, sorted; first the withdrawn sessions that count again. */
  changes: FactChange[];
  /** Sessions with rows that could not be read or are held: whoever is not named there keeps the record. */
  incompleteSessions: string[];
}

/**
 * Reads a corrected file: for the sessions it names it says more than the record. Whoever is recorded there and is not
 * in the file any more was absent. Pure but for reading the record.
 * @throws CampaignNotReady (`campaign_not_ready`), CampaignRefused (`campaign_refused`)
 */
export async function analyseCorrection(
  tx: EntityManager,
  file: CampaignFile,
  now: Date,
): Promise<CampaignCorrection> {
  await lockCampaigns(tx, file.organisationId);
  const table = readCampaign(file.bytes);
  const codes = sessionCodesIn(table.rows.map(({ cells }) => cells.session ?? ''));
  const world = await loadCampaignWorld(tx, file.organisationId, codes);
  const today = dateIn(now);
  // As if nothing were recorded of these sessions, and all of them counted: then the analysis plans all that the file
  // says.
  const blank: CampaignWorld = {
    ...world,
    sessions: world.sessions.map((session) => ({
      ...session,
      withdrawnAt: null,
      attendances: [],
      assessments: [],
    })),
  };
  const plan = analyseCampaign({ ...file, table, world: blank, today });
  if (plan.refusal) throw new CampaignRefused(plan);
  const rows = table.rows.map((raw) => readRow(raw, blank, today));
  const readable = sessionsOf(rows, blank).flatMap((session) => session.rows);
  const unsure = new Set(
    plan.rows.filter(({ verdict }) => verdict === 'rejected' || verdict === 'held').map(({ row }) => row),
  );
  // A row that lost its name for want of a birth year may be about anybody.
  for (const { row, content, issues } of rows)
    if (content?.person === null && issues.some(({ severity }) => severity === 'no_award')) unsure.add(row);
  const incomplete = new Set<string>();
  for (const raw of table.rows.filter(({ row }) => unsure.has(row))) {
    const code = readSessionCode(raw.cells.session ?? '', world);
    if ('fault' in code) for (const session of world.sessions) incomplete.add(session.code);
    else incomplete.add(code.value);
  }
  return {
    plan,
    changes: [
      ...(await countingAgain(tx, file.organisationId, plan)),
      ...changesOf(plan, world, namedIn(readable, blank), incomplete),
    ],
    incompleteSessions: [...incomplete].sort(),
  };
}

/** Withdrawn sessions of which the file has a register. */
async function countingAgain(
  tx: EntityManager,
  organisationId: string,
  { facts }: CampaignPlan,
): Promise<FactChange[]> {
  const withdrawn = await tx.query<{ code: string; since: Date }[]>(
    `SELECT code, withdrawn_at AS since FROM session
     WHERE organisation_id = $1 AND code = ANY ($2) AND withdrawn_at IS NOT NULL ORDER BY code`,
    [organisationId, facts.sessions.map(({ code }) => code)],
  );
  return withdrawn.map(({ code, since }) => ({
    session: code,
    person: null,
    target: 'withdrawn',
    from: since.toISOString(),
    to: 'counts',
    assessor: null,
  }));
}

/** Ids of the known people that the file names, by session. */
function namedIn(rows: ReadableRow[], world: CampaignWorld): Map<string, Set<string>> {
  const named = new Map<string, Set<string>>();
  for (const { known, rows: theirs } of peopleOf(rows, world))
    for (const code of groupBy(theirs, ({ content }) => content.sessionCode).keys()) {
      if (!named.has(code)) named.set(code, new Set());
      if (known) named.get(code)!.add(known.id);
    }
  return named;
}

function changesOf(
  { facts }: CampaignPlan,
  world: CampaignWorld,
  named: ReadonlyMap<string, ReadonlySet<string>>,
  incomplete: ReadonlySet<string>,
): CampaignCorrection['changes'] {
  const knownIds = new Map(facts.people.map(({ ref, knownId }) => [ref, knownId]));
  const idOf = (ref: PersonRef): string => knownIds.get(ref) ?? ref;
  const recorded = new Map(world.sessions.map((session) => [session.code, session]));
  const changes: FactChange[] = [];
  const said = new Set<string>();
  for (const { session, person, status } of facts.attendances) {
    const from = recorded.get(session)?.attendances.find((one) => one.personId === idOf(person))?.status;
    said.add(`${session} ${idOf(person)}`);
    if (from !== status)
      changes.push({
        session,
        person: idOf(person),
        target: null,
        from: from ?? null,
        to: status,
        assessor: null,
      });
  }
  for (const one of facts.assessments) {
    const { session, targetCode, outcome } = one;
    const person = idOf(one.person);
    const known = recorded
      .get(session)
      ?.assessments.find((past) => past.personId === person && past.targetCode === targetCode);
    said.add(`${session} ${person} ${targetCode}`);
    const from = known?.outcome ?? null;
    const assessor = assessorChange(known, assessorIn(one, idOf));
    if (from !== outcome || assessor)
      changes.push({ session, person, target: targetCode, from, to: outcome, assessor });
  }
  for (const session of world.sessions)
    changes.push(
      ...unsaid(session, named.get(session.code) ?? new Set(), said, incomplete.has(session.code)),
    );
  return changes.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Who assessed, as it will be recorded: nobody assesses himself. */
function assessorIn(
  { person, assessor, assessorName }: PlannedAssessment,
  idOf: (ref: PersonRef) => string,
): string {
  const id = assessor && idOf(assessor).replace(/^id:/, '');
  return id === null || id === idOf(person) ? assessorName : id;
}

/** What is recorded of a session that the file names, and that the file says no more. */
function unsaid(
  { code, attendances, assessments }: WorldSession,
  named: ReadonlySet<string>,
  said: ReadonlySet<string>,
  isIncomplete: boolean,
): FactChange[] {
  const isGone = (personId: string) => !isIncomplete && !named.has(personId);
  // Somebody whose rows wait for a decision is named, and nothing is said of them yet.
  const isTold = (personId: string) => said.has(`${code} ${personId}`);
  return [
    ...attendances
      .filter(({ personId, status }) => isGone(personId) && status === 'present')
      .map(({ personId, status }) => ({
        session: code,
        person: personId,
        target: null,
        from: status,
        to: 'absent' as const,
        assessor: null,
      })),
    ...assessments
      .filter(
        ({ personId, targetCode, outcome }) =>
          outcome !== 'not_assessed' &&
          (isGone(personId) || (isTold(personId) && !said.has(`${code} ${personId} ${targetCode}`))),
      )
      .map(({ personId, targetCode, outcome }) => ({
        session: code,
        person: personId,
        target: targetCode,
        from: outcome,
        to: 'not_assessed' as const,
        assessor: null,
      })),
  ];
}

/** Writes what a corrected file says, over the record, and lets the register of its sessions count again. */
export async function writeCorrection(
  tx: EntityManager,
  organisationId: string,
  { plan, changes }: CampaignCorrection,
): Promise<void> {
  const { sessionIds } = await writeFacts(tx, organisationId, plan.facts, { overwrite: true });
  const gone = changes.filter(({ to, from }) => from !== null && (to === 'absent' || to === 'not_assessed'));
  const columns = (list: FactChange[]) => [
    list.map(({ session }) => session),
    list.map(({ person }) => person),
  ];
  const absent = gone.filter(({ target }) => target === null);
  await tx.query(
    `UPDATE attendance a SET status = 'absent' FROM unnest($2::text[], $3::uuid[]) AS v (code, person_id)
     JOIN session s ON s.code = v.code AND s.organisation_id = $1
     WHERE a.session_id = s.id AND a.person_id = v.person_id`,
    [organisationId, ...columns(absent)],
  );
  const unassessed = gone.filter(({ target }) => target !== null);
  await tx.query(
    `UPDATE assessment a SET outcome = 'not_assessed'
     FROM unnest($2::text[], $3::uuid[], $4::text[]) AS v (code, person_id, target)
     JOIN session s ON s.code = v.code AND s.organisation_id = $1
     WHERE a.session_id = s.id AND a.person_id = v.person_id AND a.target_code = v.target`,
    [organisationId, ...columns(unassessed), unassessed.map(({ target }) => target)],
  );
  await tx.query('UPDATE session SET withdrawn_at = NULL WHERE id = ANY ($1) AND withdrawn_at IS NOT NULL', [
    sessionIds,
  ]);
}

/** Everybody with a fact in these sessions of the structure: who came, was assessed, or animated. */
export async function peopleInSessions(
  tx: EntityManager,
  organisationId: string,
  codes: string[],
): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT DISTINCT f.person_id AS id FROM session s JOIN (
       SELECT session_id, person_id FROM attendance UNION ALL SELECT session_id, person_id FROM assessment
       UNION ALL SELECT session_id, person_id FROM session_staff) f ON f.session_id = s.id
     WHERE s.organisation_id = $1 AND s.code = ANY ($2) AND f.person_id IS NOT NULL`,
    [organisationId, codes],
  );
  return rows.map(({ id }) => id);
}
