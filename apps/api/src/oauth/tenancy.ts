import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Organisation, organisationPath } from '#people';
import { DomainError } from '#platform';
import type { Caller } from './caller.js';

/** No such organisation, or not one the caller may act in: the answer is the same (`organisation_not_found`). */
class OrganisationNotFound extends DomainError {
  readonly code = 'organisation_not_found';
  constructor(organisationId: string) {
    super('No such organisation', { details: { organisation: organisationId } });
  }
}

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A caller acts in its own organisation and in those below it, nowhere else. */
@Injectable()
export class Tenancy {
  constructor(private readonly database: DataSource) {}

  /**
   * The organisation, when the caller may act in it.
   * @param organisation its id or its slug
   * @throws OrganisationNotFound (`organisation_not_found`)
   */
  async organisationOf(caller: Caller, organisation: string): Promise<Organisation> {
    const id = uuidForm.test(organisation) ? organisation.toLowerCase() : await this.idOf(organisation);
    const path = id === undefined ? [] : await organisationPath(this.database.manager, id);
    if (!path[0] || !path.some((one) => one.id === caller.organisationId))
      throw new OrganisationNotFound(organisation);
    return path[0];
  }

  /** Ids of the organisations the caller may act in, its own first. */
  async organisationIds(caller: Caller): Promise<string[]> {
    const rows: { id: string }[] = await this.database.query(
      `WITH RECURSIVE below AS (
         SELECT id, 0 AS depth FROM organisation WHERE id = $1
         UNION ALL
         SELECT organisation.id, below.depth + 1 FROM organisation JOIN below ON organisation.parent_id = below.id
       ) SELECT id FROM below ORDER BY depth, id`,
      [caller.organisationId],
    );
    return rows.map((row) => row.id);
  }

  private async idOf(slug: string): Promise<string | undefined> {
    if (!/^[a-z0-9-]{1,60}$/.test(slug)) return undefined;
    return (await this.database.getRepository(Organisation).findOneBy({ slug }))?.id;
  }
}
