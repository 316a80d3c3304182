import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Grant, grantRole, type Membership } from '#people';
import { InvalidInput } from '#platform';
import type { OnFacts } from '#workshops';
import { assertPersons } from './persons.js';

/** Gives a person a role in the organisation that knows the person. */
@Injectable()
export class GrantMembership {
  constructor(private readonly database: DataSource) {}

  /**
   * @param onFacts told the learners whose assessments an assessor's new role makes count, in the same transaction
   * @throws PersonNotFound (`person_not_found`), InvalidInput (`invalid_input`) for a last day before the first
   */
  async run(grant: Grant, onFacts: OnFacts): Promise<Membership> {
    if (grant.validUntil && grant.validUntil < grant.validFrom)
      throw new InvalidInput(
        [{ path: '/validUntil', message: 'must not be before validFrom' }],
        'The request',
      );
    return this.database.transaction(async (tx) => {
      await assertPersons(tx, grant.organisationId, [grant.personId]);
      const membership = await grantRole(tx, grant);
      if (grant.role === 'assessor')
        await onFacts(tx, { personIds: await learnersOf(tx, grant), sessionIds: [] });
      return membership;
    });
  }
}

async function learnersOf(tx: EntityManager, { organisationId, personId }: Grant): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `SELECT DISTINCT a.person_id AS id FROM assessment a JOIN session s ON s.id = a.session_id
     WHERE s.organisation_id = $1 AND a.assessor_person_id = $2`,
    [organisationId, personId],
  );
  return rows.map(({ id }) => id);
}
