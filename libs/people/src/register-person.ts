import type { EntityManager } from 'typeorm';
import { DomainError, uuid } from '#platform';
import { normaliseEmail, normalisePhone } from './contact.js';
import { cleanName, nameKey } from './name.js';
import { Person } from './person.entity.js';

export class PersonRefused extends DomainError {
  readonly code = 'person_refused';
}

export interface NewPerson {
  organisationId: string;
  givenName: string;
  familyName: string;
  /** Null for staff only. */
  birthYear: number | null;
  language?: string | null;
  email?: string | null;
  phone?: string | null;
}

/**
 * Adds a person, or answers the one with the same name and birth year in that organisation.
 * @throws PersonRefused (`person_refused`) without a name, or with a phone or e-mail that cannot be one
 */
export async function registerPerson(tx: EntityManager, given: NewPerson): Promise<Person> {
  const givenName = cleanName(given.givenName).name;
  const familyName = cleanName(given.familyName).name;
  if (familyName === '') throw new PersonRefused('A person needs a family name');
  const phone = given.phone ? normalisePhone(given.phone) : null;
  const email = given.email ? normaliseEmail(given.email) : null;
  if (given.phone && !phone) throw new PersonRefused('The phone number is not valid');
  if (given.email && !email) throw new PersonRefused('The e-mail address is not valid');
  await tx.query(
    `INSERT INTO person (id, organisation_id, given_name, family_name, birth_year, name_key, language, email, phone)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      uuid(),
      given.organisationId,
      givenName,
      familyName,
      given.birthYear,
      nameKey(givenName, familyName),
      given.language ?? null,
      email,
      phone,
    ],
  );
  const [row] = await tx.query<{ id: string }[]>(
    `SELECT id FROM person WHERE organisation_id = $1 AND name_key = $2 AND birth_year IS NOT DISTINCT FROM $3`,
    [given.organisationId, nameKey(givenName, familyName), given.birthYear],
  );
  return await tx.findOneByOrFail(Person, { id: row!.id });
}
