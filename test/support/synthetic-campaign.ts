import type { EntityManager } from 'typeorm';
import { nameKey } from '#people';
import { uuid } from '#platform';
import type { IssuanceWorld } from './issuance-world.js';

const givenNames = ['Aïcha', 'Bruno', 'Chloé', 'Dmitri', 'Élise', 'Fatou', 'Gaël', 'Hanh', 'Inès', 'Jørgen'];
const roomOf = 8;

/** Invented people of the structure, without any fact. @returns their ids */
export const somePeople = (world: IssuanceWorld, size: number): Promise<string[]> =>
  insertPeople(world.api.manager, world.structure.id, size);

async function insertPeople(tx: EntityManager, organisationId: string, size: number): Promise<string[]> {
  const mark = uuid().slice(-6).toUpperCase();
  const names = Array.from({ length: size }, (_, i) => ({
    given: givenNames[i % givenNames.length]!,
    family: `EXEMPLE-${mark}-${lettersOf(i)}`,
  }));
  const people = names.map(() => uuid());
  await tx.query(
    `insert into person (id, organisation_id, given_name, family_name, birth_year, name_key)
     select id, $1, given, family, 1990, key from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as t (id, given, family, key)`,
    [
      organisationId,
      people,
      names.map((n) => n.given),
      names.map((n) => n.family),
      names.map((n) => nameKey(n.given, n.family)),
    ],
  );
  return people;
}

/**
 * Invented people who all earned the badge of one workshop, in sessions of eight: persons, sessions, attendances and
 * assessments, written in four statements whatever their number. Nothing is awarded yet.
 * @returns the persons' ids, room by room
 */
export async function aCampaign(world: IssuanceWorld, size: number, workshop = 'CE-1'): Promise<string[]> {
  const sessions = Array.from({ length: Math.ceil(size / roomOf) }, () => uuid());
  return world.api.transaction(async (tx) => {
    const people = await insertPeople(tx, world.structure.id, size);
    const rooms = people.map((_, i) => sessions[Math.floor(i / roomOf)]);
    await tx.query(
      `insert into session (id, organisation_id, workshop_id, code, held_on, starts_at, duration_minutes, state)
       select s.id, $1, w.id, 'S-' || s.id, '2026-10-05', '2026-10-05T09:00:00Z', 120, 'finalised'
       from unnest($2::uuid[]) as s (id) cross join workshop w where w.code = $3`,
      [world.structure.id, sessions, workshop],
    );
    await tx.query(
      `insert into attendance (id, session_id, person_id, anonymous, status)
       select gen_random_uuid(), session, person, false, 'present' from unnest($1::uuid[], $2::uuid[]) as t (session, person)`,
      [rooms, people],
    );
    await tx.query(
      `insert into assessment (id, session_id, person_id, target_kind, target_code, outcome, assessor_person_id, assessor_name, assessed_on)
       select gen_random_uuid(), session, person, 'competency', '5.2', 'acquired', $3, 'Odile FICTIVE', '2026-10-05'
       from unnest($1::uuid[], $2::uuid[]) as t (session, person)`,
      [rooms, people, world.assessorId],
    );
    return people;
  });
}

/** 0 → A, 25 → Z, 26 → BA: names without digits, as people have them. */
const lettersOf = (number: number): string =>
  number < 26
    ? String.fromCharCode(65 + number)
    : lettersOf(Math.floor(number / 26)) + lettersOf(number % 26);

/** How far an issuance is: awards by state, and outbox rows still open. */
export async function progressOf(world: IssuanceWorld): Promise<Record<string, number>> {
  const rows: { state: string; number: number }[] = await world.api.query(
    `select state, count(*)::int as number from credential group by state
     union all select 'open', count(*)::int from outbox where done_at is null`,
  );
  return Object.fromEntries(rows.map(({ state, number }) => [state, number]));
}
