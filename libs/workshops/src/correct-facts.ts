import type { EntityManager } from 'typeorm';
import { DomainError } from '#platform';
import { lockCampaigns } from './campaign/import-campaign.js';
import { loadCampaignWorld } from './campaign/load-world.js';
import type { CampaignFacts } from './campaign/plan.js';
import type { WorldSession } from './campaign/world.js';
import { writeFacts } from './campaign/write-facts.js';
import { type NewAssessment, SessionRefused } from './record-session.js';
import type { AttendanceStatus } from './session.entity.js';

/**
 * One fact of a session's register that is corrected: a presence, an outcome, the day it was held, or that a withdrawn
 * session counts again.
 */
export interface FactChange {
  /** The session's number. */
  session: string;
  /** Id of the person, or who it will be; null for what is true of the session as a whole. */
  person: string | null;
  /** Code of what was assessed; null for the presence; `held_on` for the session's day; `withdrawn`. */
  target: string | null;
  /**
   * What is recorded, an attendance status, an outcome or a day (YYYY-MM-DD); null for nothing. For `withdrawn` since
   * when (ISO 8601, UTC), and `to` is `counts`.
   */
  from: string | null;
  to: string;
  /**
   * Who assessed it, where that is corrected; null where it stays. Ids of people, or the name as it is recorded while
   * nobody is confirmed under it.
   */
  assessor: { from: string | null; to: string } | null;
}

/** Who assessed: the id, else the name. */
const assessorOf = (one: { assessorPersonId: string | null; assessorName: string }): string =>
  one.assessorPersonId ?? one.assessorName;

/** What was recorded wrongly of one session: presences and assessments by the ids of the people. */
export interface SessionCorrection {
  attendances: { personId: string; status: AttendanceStatus }[];
  assessments: NewAssessment[];
}

/** No such session in the organisation (`session_not_found`). */
export class SessionNotFound extends DomainError {
  readonly code = 'session_not_found';
  constructor(sessionId: string) {
    super('No such session', { details: { sessionId } });
  }
}

/** Single facts of a withdrawn session, corrected or held until now, count for nobody (`session_withdrawn`). */
export class SessionWithdrawn extends DomainError {
  readonly code = 'session_withdrawn';
  constructor(sessionId: string, withdrawnAt: Date) {
    super(
      'The session is withdrawn: nothing of it counts, whatever is recorded in it. Its whole register, handed in as ' +
        'a corrected file, replaces what is recorded and makes it count again',
      { details: { sessionId, withdrawnAt: withdrawnAt.toISOString() } },
    );
  }
}

const targetOf = (one: NewAssessment): string => ('criterion' in one ? one.criterion : one.competency);

/** The session's number, and the record locked until the transaction ends. @throws SessionNotFound */
export async function lockSession(
  tx: EntityManager,
  organisationId: string,
  sessionId: string,
): Promise<{ code: string; withdrawnAt: Date | null }> {
  await lockCampaigns(tx, organisationId);
  const [session] = await tx.query<{ code: string; withdrawnAt: Date | null }[]>(
    `SELECT code, withdrawn_at AS "withdrawnAt" FROM session WHERE id = $1 AND organisation_id = $2 FOR UPDATE`,
    [sessionId, organisationId],
  );
  if (!session) throw new SessionNotFound(sessionId);
  return session;
}

/**
 * Writes corrected facts over those of a session, in the caller's transaction.
 * @returns what differs from the record before
 * @throws SessionNotFound (`session_not_found`), SessionWithdrawn (`session_withdrawn`), SessionRefused
 *   (`session_refused`)
 */
export async function correctSession(
  tx: EntityManager,
  request: { organisationId: string; sessionId: string } & SessionCorrection,
): Promise<FactChange[]> {
  const { organisationId, sessionId } = request;
  const { code, withdrawnAt } = await lockSession(tx, organisationId, sessionId);
  if (withdrawnAt) throw new SessionWithdrawn(sessionId, withdrawnAt);
  const world = await loadCampaignWorld(tx, organisationId, [code]);
  const session = world.sessions.find((one) => one.code === code)!;
  refuse(request, session, world);
  const names = new Map(world.persons.map((one) => [one.id, `${one.givenName} ${one.familyName}`.trim()]));
  const facts: CampaignFacts = {
    people: [],
    sessions: [await recordedSession(tx, sessionId, session)],
    attendances: request.attendances.map(({ personId, status }) => ({
      session: code,
      person: `id:${personId}`,
      status,
    })),
    anonymous: [],
    assessments: request.assessments.map((one) => ({
      session: code,
      person: `id:${one.personId}`,
      targetKind: 'criterion' in one ? 'criterion' : 'competency',
      targetCode: targetOf(one),
      outcome: one.outcome,
      assessorName: names.get(one.assessorPersonId)!,
      assessor: `id:${one.assessorPersonId}`,
    })),
    private: { diagnostics: [], observations: [], wishes: [] },
  };
  await writeFacts(tx, organisationId, facts, { overwrite: true });
  return changesOf(code, request, session);
}

async function recordedSession(
  tx: EntityManager,
  sessionId: string,
  { code, heldOn, workshopCode }: WorldSession,
) {
  const [row] = await tx.query<{ workshopId: string; durationMinutes: number }[]>(
    'SELECT workshop_id AS "workshopId", duration_minutes AS "durationMinutes" FROM session WHERE id = $1',
    [sessionId],
  );
  return {
    code,
    knownId: sessionId,
    workshopId: row!.workshopId,
    workshopCode,
    heldOn,
    time: null,
    durationMinutes: row!.durationMinutes,
    place: null,
    staff: [],
  };
}

function refuse(
  { attendances, assessments }: SessionCorrection,
  session: WorldSession,
  world: Awaited<ReturnType<typeof loadCampaignWorld>>,
): void {
  const faults: { path: string; message: string }[] = [];
  const people = new Set(world.persons.map(({ id }) => id));
  const criteria = world.workshops.find(({ code }) => code === session.workshopCode)?.criteria ?? [];
  const competencies = new Set(Object.values(world.competencies).flat());
  const status = new Map([...session.attendances, ...attendances].map((one) => [one.personId, one.status]));
  const seen = new Set<string>();
  const once = (path: string, place: string) => {
    if (seen.has(place)) faults.push({ path, message: 'is here twice' });
    seen.add(place);
  };
  for (const [at, { personId }] of attendances.entries()) {
    const path = `/attendances/${at}/personId`;
    if (!people.has(personId)) faults.push({ path, message: 'is not a person of this structure' });
    once(path, personId);
  }
  for (const [at, one] of assessments.entries()) {
    const path = `/assessments/${at}`;
    const wrong = (place: string, message: string) => faults.push({ path: `${path}${place}`, message });
    if (!people.has(one.personId)) wrong('/personId', 'is not a person of this structure');
    else if (one.outcome !== 'not_assessed' && status.get(one.personId) !== 'present')
      wrong('/personId', 'was not present at the session');
    if (!people.has(one.assessorPersonId)) wrong('/assessorPersonId', 'is not a person of this structure');
    if (one.assessorPersonId === one.personId) wrong('/assessorPersonId', 'is the learner');
    if ('criterion' in one && !criteria.includes(one.criterion))
      wrong('/criterion', `is not a criterion of ${session.workshopCode}`);
    if ('competency' in one && !competencies.has(one.competency))
      wrong('/competency', 'is not a competency of CRCN or DigComp 2.2');
    once(path, `${one.personId} ${targetOf(one)}`);
  }
  if (faults.length > 0) throw new SessionRefused(faults);
}

/** From who assessed as it is recorded, if anything is. */
export function assessorChange(
  known: WorldSession['assessments'][number] | undefined,
  to: string,
): FactChange['assessor'] {
  const from = known ? assessorOf(known) : null;
  return from === to ? null : { from, to };
}

function changesOf(
  session: string,
  { attendances, assessments }: SessionCorrection,
  recorded: WorldSession,
): FactChange[] {
  const changes: FactChange[] = [];
  for (const { personId, status } of attendances) {
    const from = recorded.attendances.find((one) => one.personId === personId)?.status ?? null;
    if (from !== status)
      changes.push({ session, person: personId, target: null, from, to: status, assessor: null });
  }
  for (const one of assessments) {
    const target = targetOf(one);
    const known = recorded.assessments.find((r) => r.personId === one.personId && r.targetCode === target);
    const from = known?.outcome ?? null;
    const assessor = assessorChange(known, one.assessorPersonId);
    if (from !== one.outcome || assessor)
      changes.push({ session, person: one.personId, target, from, to: one.outcome, assessor });
  }
  return changes.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
