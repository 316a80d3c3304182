import type { EntityManager } from 'typeorm';
import { DomainError, uuid } from '#platform';
import { cleanName, nameKey } from './name.js';
import { PersonRefused } from './register-person.js';

/** Somebody else is recorded under this name and birth year (`person_name_taken`). */
export class PersonNameTaken extends DomainError {
  readonly code = 'person_name_taken';
  constructor(personId: string) {
    super('Somebody else is recorded under this name and birth year: nothing was changed', {
      details: { person: personId },
    });
  }
}

/**
 * Corrects how a person's name is spelt, in the caller's transaction. Files that still carry the old spelling go on
 * leading to the same person.
 * @param given a part that is left out stays
 * @returns whether anything was changed
 * @throws PersonRefused (`person_refused`) without a family name, PersonNameTaken (`person_name_taken`)
 */
export async function correctName(
  tx: EntityManager,
  given: { organisationId: string; personId: string; givenName?: string; familyName?: string; by: string },
): Promise<boolean> {
  const { organisationId, personId } = given;
  const [person] = await tx.query<
    { given_name: string; family_name: string; name_key: string; birth_year: number | null }[]
  >(
    'SELECT given_name, family_name, name_key, birth_year FROM person WHERE id = $1 AND organisation_id = $2 FOR UPDATE',
    [personId, organisationId],
  );
  if (!person) throw new PersonRefused('No such person in this organisation');
  const givenName = given.givenName === undefined ? person.given_name : cleanName(given.givenName).name;
  const familyName = given.familyName === undefined ? person.family_name : cleanName(given.familyName).name;
  if (familyName === '') throw new PersonRefused('A person needs a family name');
  if (givenName === person.given_name && familyName === person.family_name) return false;
  const key = nameKey(givenName, familyName);
  const [other] = await tx.query<{ id: string }[]>(
    `SELECT id FROM person WHERE organisation_id = $1 AND name_key = $2 AND birth_year IS NOT DISTINCT FROM $3 AND id <> $4`,
    [organisationId, key, person.birth_year, personId],
  );
  if (other) throw new PersonNameTaken(other.id);
  await tx.query('UPDATE person SET given_name = $2, family_name = $3, name_key = $4 WHERE id = $1', [
    personId,
    givenName,
    familyName,
    key,
  ]);
  if (key !== person.name_key)
    await tx.query(
      `INSERT INTO person_alias (id, organisation_id, person_id, name_key, birth_year, decided_by)
       VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT ON CONSTRAINT person_alias_once_per_name_and_birth_year DO NOTHING`,
      [uuid(), organisationId, personId, person.name_key, person.birth_year, given.by],
    );
  return true;
}
