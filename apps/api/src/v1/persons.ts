import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  cleanName,
  type NewPerson,
  nameKey,
  normaliseEmail,
  normalisePhone,
  Person,
  probableDuplicate,
  registerPerson,
} from '#people';
import { DomainError } from '#platform';

/** A person that the request names is not one of this organisation (`person_not_found`). */
class PersonNotFound extends DomainError {
  readonly code = 'person_not_found';
  constructor(persons: string[]) {
    super('The organisation does not know this person', { details: { persons } });
  }
}

/** People here may be the same person: a human has to say (`person_probable_duplicate`). */
class PersonProbableDuplicate extends DomainError {
  readonly code = 'person_probable_duplicate';
  constructor(persons: string[]) {
    super('This may be somebody the organisation knows. If not, name them in distinctFrom.', {
      details: { persons },
    });
  }
}

/** @throws PersonNotFound (`person_not_found`) unless all of them are people of the organisation */
export async function assertPersons(tx: EntityManager, organisationId: string, ids: string[]): Promise<void> {
  const known = await tx.query<{ id: string }[]>(
    'SELECT id FROM person WHERE organisation_id = $1 AND id = ANY ($2)',
    [organisationId, ids],
  );
  const missing = ids.filter((id) => !known.some((person) => person.id === id));
  if (missing.length > 0) throw new PersonNotFound(missing);
}

/** Adds a person to an organisation, unless somebody there may be the same one. */
@Injectable()
export class AddPerson {
  constructor(private readonly database: DataSource) {}

  /**
   * The same name and birth year again is the same person.
   * @param distinctFrom people whom a human has said to be others
   * @throws PersonProbableDuplicate (`person_probable_duplicate`), PersonRefused (`person_refused`)
   */
  async run(given: NewPerson, distinctFrom: string[]): Promise<Person> {
    return this.database.transaction(async (tx) => {
      const similar = await probableDuplicatesOf(tx, given);
      const undecided = similar.filter((id) => !distinctFrom.includes(id));
      if (undecided.length > 0) throw new PersonProbableDuplicate(undecided);
      return await registerPerson(tx, given);
    });
  }
}

async function probableDuplicatesOf(tx: EntityManager, given: NewPerson): Promise<string[]> {
  const identity = {
    givenName: cleanName(given.givenName).name,
    familyName: cleanName(given.familyName).name,
    birthYear: given.birthYear,
    phone: given.phone ? normalisePhone(given.phone) : null,
    email: given.email ? normaliseEmail(given.email) : null,
  };
  const key = nameKey(identity.givenName, identity.familyName);
  const people = await tx.findBy(Person, { organisationId: given.organisationId });
  if (people.some((one) => one.nameKey === key && one.birthYear === given.birthYear)) return [];
  return people.filter((one) => probableDuplicate(identity, one)).map(({ id }) => id);
}
