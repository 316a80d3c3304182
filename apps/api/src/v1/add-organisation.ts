import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  type NewOrganisation,
  type Organisation,
  OrganisationSlugTaken,
  registerOrganisation,
} from '#people';

/** Adds an organisation below another one. */
@Injectable()
export class AddOrganisation {
  constructor(private readonly database: DataSource) {}

  /**
   * @param by who acts, as an id
   * @throws OrganisationRefused (`organisation_refused`), OrganisationSlugTaken (`organisation_slug_taken`)
   */
  async run(parentId: string, given: Omit<NewOrganisation, 'parentId'>, by: string): Promise<Organisation> {
    return this.database.transaction(async (tx) => {
      const organisation = await registerOrganisation(tx, { ...given, parentId }, by);
      // One that exists elsewhere in the tree may be somebody else's: it must not be shown.
      if (organisation.parentId !== parentId)
        throw new OrganisationSlugTaken('Another organisation has this slug', {
          details: { slug: given.slug },
        });
      return organisation;
    });
  }
}
