import type { EntityManager } from 'typeorm';
import { DomainError, uuid } from '#platform';
import { type ProfessionalFactKind, professionalFactKinds } from './professional-fact.entity.js';
import type { AttendanceStatus, Outcome } from './session.entity.js';

export interface AttendanceFact {
  sessionId: string;
  sessionCode: string;
  workshopCode: string;
  workshopVersion: number;
  /** YYYY-MM-DD. */
  heldOn: string;
  status: AttendanceStatus;
  durationMinutes: number;
}

export interface AssessmentFact {
  sessionId: string;
  workshopCode: string;
  targetKind: 'competency' | 'criterion';
  targetCode: string;
  outcome: Outcome;
  /** Null while the named assessor is not confirmed. */
  assessorPersonId: string | null;
  assessorName: string;
  /** YYYY-MM-DD. */
  assessedOn: string;
}

export interface AnimationFact {
  sessionId: string;
  workshopCode: string;
  role: 'lead' | 'co_animator';
  /** YYYY-MM-DD. */
  heldOn: string;
}

interface ProfessionalFactView {
  kind: ProfessionalFactKind;
  /** YYYY-MM-DD. */
  occurredOn: string;
  recordedByPersonId: string;
}

/** Everything one structure recorded about one person that an award can rest on. Nothing private is in it. */
export interface Facts {
  personId: string;
  attendances: AttendanceFact[];
  assessments: AssessmentFact[];
  animated: AnimationFact[];
  professional: ProfessionalFactView[];
}

/**
 * The facts of many people in four queries, each list by date. What was seen in a withdrawn session is not among them.
 * @param personIds everybody with a fact in the structure when left out
 * @param workshopCodes only sessions of these workshops; professional facts are always given
 * @returns one entry per asked person, also for a person without any fact
 */
export async function loadFacts(
  tx: EntityManager,
  organisationId: string,
  personIds?: string[],
  workshopCodes?: string[],
): Promise<Facts[]> {
  const facts = new Map<string, Facts>();
  const of = (personId: string): Facts => {
    const known = facts.get(personId);
    if (known) return known;
    const empty: Facts = { personId, attendances: [], assessments: [], animated: [], professional: [] };
    facts.set(personId, empty);
    return empty;
  };
  for (const personId of personIds ?? []) of(personId);
  const parameters = [organisationId, personIds ? [...new Set(personIds)] : null, workshopCodes ?? null];
  // Fenced (OFFSET 0): from the people to their facts, whatever the statistics say of a table that has just grown.
  // Joined freely, each of the structure's sessions was looked up with the whole list of people.
  const factsOf = (table: string): string =>
    personIds
      ? `(SELECT f.* FROM unnest($2::uuid[]) AS asked (id) JOIN ${table} f ON f.person_id = asked.id OFFSET 0) f`
      : `(SELECT * FROM ${table} WHERE $2::uuid[] IS NULL) f`;
  const sessions = `JOIN session s ON s.id = f.session_id AND s.organisation_id = $1 AND s.withdrawn_at IS NULL
    JOIN workshop w ON w.id = s.workshop_id AND ($3::text[] IS NULL OR w.code = ANY ($3))`;

  const attendances = await tx.query<(AttendanceFact & { personId: string })[]>(
    `SELECT f.person_id AS "personId", s.id AS "sessionId", s.code AS "sessionCode", w.code AS "workshopCode",
       w.version AS "workshopVersion", s.held_on::text AS "heldOn", f.status,
       s.duration_minutes AS "durationMinutes"
     FROM ${factsOf('attendance')} ${sessions} WHERE f.person_id IS NOT NULL ORDER BY s.held_on, s.code`,
    parameters,
  );
  for (const { personId, ...fact } of attendances) of(personId).attendances.push(fact);
  const assessments = await tx.query<(AssessmentFact & { personId: string })[]>(
    `SELECT f.person_id AS "personId", s.id AS "sessionId", w.code AS "workshopCode",
       f.target_kind AS "targetKind", f.target_code AS "targetCode", f.outcome,
       f.assessor_person_id AS "assessorPersonId", f.assessor_name AS "assessorName",
       f.assessed_on::text AS "assessedOn"
     FROM ${factsOf('assessment')} ${sessions} ORDER BY f.assessed_on, s.code, f.target_code`,
    parameters,
  );
  for (const { personId, ...fact } of assessments) of(personId).assessments.push(fact);
  const animated = await tx.query<(AnimationFact & { personId: string })[]>(
    `SELECT f.person_id AS "personId", s.id AS "sessionId", w.code AS "workshopCode", f.role,
       s.held_on::text AS "heldOn"
     FROM ${factsOf('session_staff')} ${sessions}
     WHERE f.person_id IS NOT NULL AND f.role IN ('lead', 'co_animator') ORDER BY s.held_on, s.code`,
    parameters,
  );
  for (const { personId, ...fact } of animated) of(personId).animated.push(fact);
  const professional = await tx.query<(ProfessionalFactView & { personId: string })[]>(
    `SELECT f.person_id AS "personId", f.kind, f.occurred_on::text AS "occurredOn",
       f.recorded_by_person_id AS "recordedByPersonId"
     FROM ${factsOf('professional_fact')} WHERE f.organisation_id = $1 ORDER BY f.occurred_on, f.kind`,
    parameters.slice(0, 2),
  );
  for (const { personId, ...fact } of professional) of(personId).professional.push(fact);
  return [...facts.values()];
}

/** A professional fact that cannot be: unknown kind, a future day, or recorded by the person concerned. */
export class ProfessionalFactRefused extends DomainError {
  readonly code = 'professional_fact_refused';
}

/**
 * Records that a person was trained or observed. Recording the same twice changes nothing.
 * @param fact.occurredOn YYYY-MM-DD, not after `today`
 * @throws ProfessionalFactRefused (`professional_fact_refused`)
 */
export async function recordProfessionalFact(
  tx: EntityManager,
  fact: {
    organisationId: string;
    personId: string;
    kind: ProfessionalFactKind;
    occurredOn: string;
    recordedByPersonId: string;
  },
  today: string,
): Promise<void> {
  const details = { personId: fact.personId, kind: fact.kind };
  if (!professionalFactKinds.includes(fact.kind))
    throw new ProfessionalFactRefused('Unknown kind', { details });
  if (fact.personId === fact.recordedByPersonId)
    throw new ProfessionalFactRefused('Nobody records a fact about himself', { details });
  if (fact.occurredOn > today) throw new ProfessionalFactRefused('The day is in the future', { details });
  await tx.query(
    `INSERT INTO professional_fact (id, organisation_id, person_id, kind, occurred_on, recorded_by_person_id)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT ON CONSTRAINT professional_fact_once_per_day DO NOTHING`,
    [uuid(), fact.organisationId, fact.personId, fact.kind, fact.occurredOn, fact.recordedByPersonId],
  );
}
