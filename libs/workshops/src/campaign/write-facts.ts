import type { EntityManager } from 'typeorm';
import { uuid } from '#platform';
import { refOf } from './identify.js';
import type { CampaignFacts, PersonRef, PlannedPerson } from './plan.js';
import { writePrivateFacts } from './write-private-facts.js';

export interface Written {
  people: number;
  sessions: number;
  attendances: number;
  assessments: number;
  /** Everybody and every session the facts are about, new or known. */
  personIds: string[];
  sessionIds: string[];
  /** Ids of the people of the facts. */
  idOf: ReadonlyMap<PersonRef, string>;
}

/** One value of each item, as an array for `unnest`. */
const column = <T, V>(items: readonly T[], of: (item: T) => V): V[] => items.map(of);

/**
 * Writes the facts of a campaign in the caller's transaction, with multi-row SQL. What is recorded already stays as
 * it is, unless `overwrite` says that a human has decided for these facts.
 */
export async function writeFacts(
  tx: EntityManager,
  organisationId: string,
  facts: CampaignFacts,
  { overwrite = false }: { overwrite?: boolean } = {},
): Promise<Written> {
  const { idOf, created } = await writePeople(tx, organisationId, facts.people);
  const personId = (ref: PersonRef): string => idOf.get(ref) ?? ref.slice('id:'.length);
  const { sessionIds, created: sessions } = await writeSessions(tx, organisationId, facts);
  await writeStaff(tx, facts, sessionIds, personId);
  const attendances = await tx.query<unknown[]>(
    `INSERT INTO attendance (id, session_id, person_id, anonymous, status)
     SELECT v.id, v.session_id, v.person_id, false, v.status
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) AS v (id, session_id, person_id, status)
     ON CONFLICT ON CONSTRAINT attendance_once_per_session_and_person
       ${overwrite ? 'DO UPDATE SET status = excluded.status' : 'DO NOTHING'} RETURNING id`,
    [
      column(facts.attendances, uuid),
      column(facts.attendances, ({ session }) => sessionIds.get(session)!),
      column(facts.attendances, ({ person }) => personId(person)),
      column(facts.attendances, ({ status }) => status),
    ],
  );
  const walkIns = facts.anonymous.map(({ session, note }) => ({
    id: uuid(),
    sessionId: sessionIds.get(session)!,
    note,
  }));
  await tx.query(
    `INSERT INTO attendance (id, session_id, person_id, anonymous, status)
     SELECT v.id, v.session_id, NULL, true, 'present' FROM unnest($1::uuid[], $2::uuid[]) AS v (id, session_id)`,
    [column(walkIns, ({ id }) => id), column(walkIns, ({ sessionId }) => sessionId)],
  );
  // The database knows the date from the session; an assessor who turns out to be the learner is left out.
  const assessments = await tx.query<unknown[]>(
    `INSERT INTO assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id,
       assessor_name, assessed_on)
     SELECT v.id, v.session_id, v.person_id, v.target_kind, v.target_code, v.outcome,
       nullif(v.assessor_person_id, v.person_id), v.assessor_name, s.held_on
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::text[])
       AS v (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id, assessor_name)
     JOIN session s ON s.id = v.session_id
     ON CONFLICT ON CONSTRAINT assessment_once_per_session_person_and_target ${
       overwrite
         ? `DO UPDATE SET outcome = excluded.outcome, assessor_name = excluded.assessor_name,
            assessor_person_id = excluded.assessor_person_id`
         : 'DO NOTHING'
     } RETURNING id`,
    [
      column(facts.assessments, uuid),
      column(facts.assessments, ({ session }) => sessionIds.get(session)!),
      column(facts.assessments, ({ person }) => personId(person)),
      column(facts.assessments, ({ targetKind }) => targetKind),
      column(facts.assessments, ({ targetCode }) => targetCode),
      column(facts.assessments, ({ outcome }) => outcome),
      column(facts.assessments, ({ assessor }) => assessor && personId(assessor)),
      column(facts.assessments, ({ assessorName }) => assessorName),
    ],
  );
  await writePrivateFacts(tx, facts.private, walkIns, {
    personId,
    sessionId: (code) => sessionIds.get(code)!,
  });
  return {
    people: created,
    sessions,
    attendances: attendances.length + walkIns.length,
    assessments: assessments.length,
    personIds: [...idOf.values()],
    sessionIds: [...sessionIds.values()],
    idOf,
  };
}

async function writePeople(tx: EntityManager, organisationId: string, people: PlannedPerson[]) {
  const unknown = people.filter(({ knownId }) => knownId === null);
  const created = await tx.query<unknown[]>(
    `INSERT INTO person (id, organisation_id, given_name, family_name, birth_year, name_key, phone, email)
     SELECT v.id, $1, v.given_name, v.family_name, v.birth_year, v.name_key, v.phone, v.email
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[])
       AS v (id, given_name, family_name, birth_year, name_key, phone, email)
     ON CONFLICT ON CONSTRAINT person_once_per_name_and_birth_year DO NOTHING RETURNING id`,
    [
      organisationId,
      column(unknown, uuid),
      column(unknown, ({ givenName }) => givenName),
      column(unknown, ({ familyName }) => familyName),
      column(unknown, ({ birthYear }) => birthYear),
      column(unknown, ({ nameKey }) => nameKey),
      column(unknown, ({ phone }) => phone),
      column(unknown, ({ email }) => email),
    ],
  );
  const known = people.filter(({ knownId }) => knownId !== null);
  // A contact that was missing is filled in; one that is recorded stays.
  await tx.query(
    `UPDATE person p SET phone = coalesce(p.phone, v.phone), email = coalesce(p.email, v.email)
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS v (id, phone, email)
     WHERE p.id = v.id AND ((p.phone IS NULL AND v.phone IS NOT NULL) OR (p.email IS NULL AND v.email IS NOT NULL))`,
    [
      column(known, ({ knownId }) => knownId),
      column(known, ({ phone }) => phone),
      column(known, ({ email }) => email),
    ],
  );
  const rows = await tx.query<{ id: string; nameKey: string; birthYear: number | null }[]>(
    `SELECT p.id, p.name_key AS "nameKey", p.birth_year AS "birthYear"
     FROM person p JOIN unnest($2::text[], $3::int[]) AS v (name_key, birth_year)
       ON p.name_key = v.name_key AND p.birth_year IS NOT DISTINCT FROM v.birth_year
     WHERE p.organisation_id = $1`,
    [organisationId, column(people, ({ nameKey }) => nameKey), column(people, ({ birthYear }) => birthYear)],
  );
  const idOf = new Map(rows.map(({ id, nameKey, birthYear }) => [refOf(nameKey, birthYear), id]));
  return { idOf, created: created.length };
}

async function writeSessions(tx: EntityManager, organisationId: string, { sessions }: CampaignFacts) {
  const created = await tx.query<unknown[]>(
    `INSERT INTO session (id, organisation_id, workshop_id, code, held_on, starts_at, duration_minutes, place, state)
     SELECT v.id, $1, v.workshop_id, v.code, v.held_on, (v.held_on + v.at_time) AT TIME ZONE 'Europe/Paris',
       v.duration_minutes, v.place, 'finalised'
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::time[], $7::int[], $8::text[])
       AS v (id, workshop_id, code, held_on, at_time, duration_minutes, place)
     ON CONFLICT ON CONSTRAINT session_once_per_code DO NOTHING RETURNING id`,
    [
      organisationId,
      column(sessions, uuid),
      column(sessions, ({ workshopId }) => workshopId),
      column(sessions, ({ code }) => code),
      column(sessions, ({ heldOn }) => heldOn),
      column(sessions, ({ time }) => time),
      column(sessions, ({ durationMinutes }) => durationMinutes),
      column(sessions, ({ place }) => place),
    ],
  );
  const rows = await tx.query<{ id: string; code: string }[]>(
    'SELECT id, code FROM session WHERE organisation_id = $1 AND code = ANY ($2)',
    [organisationId, column(sessions, ({ code }) => code)],
  );
  return { sessionIds: new Map(rows.map(({ id, code }) => [code, id])), created: created.length };
}

async function writeStaff(
  tx: EntityManager,
  { sessions }: CampaignFacts,
  sessionIds: Map<string, string>,
  personId: (ref: PersonRef) => string,
): Promise<void> {
  const staff = sessions.flatMap((session) =>
    session.staff.map((one) => ({ ...one, session: session.code })),
  );
  await tx.query(
    `INSERT INTO session_staff (id, session_id, person_id, display_name, role)
     SELECT v.id, v.session_id, v.person_id, v.display_name, v.role
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[])
       AS v (id, session_id, person_id, display_name, role)
     ON CONFLICT ON CONSTRAINT session_staff_once_per_name
       DO UPDATE SET person_id = coalesce(session_staff.person_id, excluded.person_id)`,
    [
      column(staff, uuid),
      column(staff, ({ session }) => sessionIds.get(session)!),
      column(staff, ({ person }) => person && personId(person)),
      column(staff, ({ name }) => name),
      column(staff, ({ role }) => role),
    ],
  );
}
