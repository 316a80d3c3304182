import type { EntityManager } from 'typeorm';
import { grantRole, nameKey, type Role, splitName, staffKey } from '#people';
import { actorOf, appendAudit, uuid } from '#platform';
import { StaffNotConfirmable } from './refusals.js';

/** A name that sessions or assessments carry and that nobody has confirmed. */
export interface UnconfirmedStaff {
  name: string;
  asAssessor: boolean;
  asAnimator: boolean;
  /** YYYY-MM-DD of the first session where the name stands. */
  firstDate: string;
}

export interface ConfirmedStaff {
  name: string;
  personId: string;
  roles: Role[];
  /** Was the person not known before? */
  isNew: boolean;
}

interface NamedUse {
  name: string;
  assessor: boolean;
  firstDate: string;
}

const uses = (tx: EntityManager, organisationId: string): Promise<NamedUse[]> =>
  tx.query(
    `SELECT a.assessor_name AS name, true AS assessor, min(s.held_on)::text AS "firstDate"
     FROM assessment a JOIN session s ON s.id = a.session_id
     WHERE s.organisation_id = $1 AND a.assessor_person_id IS NULL GROUP BY a.assessor_name
     UNION ALL
     SELECT t.display_name, false, min(s.held_on)::text FROM session_staff t JOIN session s ON s.id = t.session_id
     WHERE s.organisation_id = $1 AND t.person_id IS NULL GROUP BY t.display_name`,
    [organisationId],
  );

function merge(all: NamedUse[]): Map<string, UnconfirmedStaff> {
  const merged = new Map<string, UnconfirmedStaff>();
  for (const { name, assessor, firstDate } of all) {
    const key = staffKey(name);
    const known = merged.get(key) ?? { name, asAssessor: false, asAnimator: false, firstDate };
    merged.set(key, {
      name: known.name,
      asAssessor: known.asAssessor || assessor,
      asAnimator: known.asAnimator || !assessor,
      firstDate: known.firstDate < firstDate ? known.firstDate : firstDate,
    });
  }
  return merged;
}

/** The names that wait for an administrator's word, by name. */
export async function listUnconfirmedStaff(
  tx: EntityManager,
  organisationId: string,
): Promise<UnconfirmedStaff[]> {
  return [...merge(await uses(tx, organisationId)).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Confirms who assessed and animated, in the caller's transaction: finds or makes the person, gives the roles that
 * the name was seen in, and links the assessments and sessions that carry it.
 * @param request.validFrom first day of the roles, YYYY-MM-DD; the first session where the name stands when left out
 * @returns the people, and the learners whose assessments now have an assessor
 * @param request.optional pass over a name that waits nowhere or that several people have
 * @throws StaffNotConfirmable (`staff_not_confirmable`) for a name that waits nowhere, or that several people have
 */
export async function confirmStaff(
  tx: EntityManager,
  request: { organisationId: string; names: string[]; by: string; validFrom?: string; optional?: boolean },
): Promise<{ confirmed: ConfirmedStaff[]; learnerIds: string[] }> {
  const { organisationId, by } = request;
  const all = await uses(tx, organisationId);
  const waiting = merge(all);
  const spellings = (key: string) => [
    ...new Set(all.map(({ name }) => name).filter((name) => staffKey(name) === key)),
  ];
  const confirmed: ConfirmedStaff[] = [];
  const learners = new Set<string>();
  for (const name of request.names) {
    const key = staffKey(name);
    const staff = waiting.get(key);
    const found = staff && (await findOrCreate(tx, organisationId, name, key));
    if (!staff || !found) {
      if (request.optional) continue;
      throw new StaffNotConfirmable(
        staff ? 'Several people have this name' : 'No session or assessment waits for this name',
      );
    }
    const { personId, isNew } = found;
    const roles: Role[] = [
      ...(staff.asAssessor ? ['assessor' as const] : []),
      ...(staff.asAnimator ? ['animator' as const] : []),
    ];
    for (const role of roles)
      await grantRole(tx, {
        organisationId,
        personId,
        role,
        validFrom: request.validFrom ?? staff.firstDate,
        confirmedBy: by,
      });
    for (const id of await link(tx, organisationId, spellings(key), personId)) learners.add(id);
    confirmed.push({ name, personId, roles, isNew });
  }
  await appendAudit(
    tx,
    confirmed.map(({ personId, roles, isNew }) => ({
      actor: actorOf(by),
      action: 'staff.confirmed',
      subject: { organisationId, personId, roles: roles.join(',') || null, isNew },
    })),
  );
  return { confirmed, learnerIds: [...learners] };
}

async function findOrCreate(tx: EntityManager, organisationId: string, name: string, key: string) {
  const people = await tx.query<{ id: string; name: string; member: boolean }[]>(
    `SELECT p.id, p.given_name || ' ' || p.family_name AS name,
       EXISTS (SELECT FROM membership m WHERE m.person_id = p.id AND m.organisation_id = $1) AS member
     FROM person p WHERE p.organisation_id = $1`,
    [organisationId],
  );
  const same = people.filter((person) => staffKey(person.name) === key);
  const members = same.filter(({ member }) => member);
  const found = same.length > 1 ? members : same;
  if (found.length === 1) return { personId: found[0]!.id, isNew: false };
  if (same.length > 1) return null;
  const personId = uuid();
  const { givenName, familyName } = splitName(name);
  await tx.query(
    `INSERT INTO person (id, organisation_id, given_name, family_name, birth_year, name_key)
     VALUES ($1, $2, $3, $4, NULL, $5)`,
    [personId, organisationId, givenName, familyName, nameKey(givenName, familyName)],
  );
  return { personId, isNew: true };
}

async function link(
  tx: EntityManager,
  organisationId: string,
  names: string[],
  personId: string,
): Promise<string[]> {
  const learners = await tx.query<{ id: string }[]>(
    `WITH linked AS (
       UPDATE assessment a SET assessor_person_id = $3 FROM session s
       WHERE s.id = a.session_id AND s.organisation_id = $1 AND a.assessor_person_id IS NULL
         AND a.assessor_name = ANY ($2) AND a.person_id <> $3 RETURNING a.person_id
     ) SELECT DISTINCT person_id AS id FROM linked`,
    [organisationId, names, personId],
  );
  await tx.query(
    `UPDATE session_staff t SET person_id = $3 FROM session s
     WHERE s.id = t.session_id AND s.organisation_id = $1 AND t.person_id IS NULL AND t.display_name = ANY ($2)`,
    [organisationId, names, personId],
  );
  return learners.map(({ id }) => id);
}
