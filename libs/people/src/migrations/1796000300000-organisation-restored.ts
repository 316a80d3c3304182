import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An issuer that a restored database had forgotten comes back from the archive, which knows its public facts only. The
 * worker's role puts it back, as it does with awards and keys; it may change none.
 */
export class OrganisationRestored1796000300000 implements MigrationInterface {
  readonly name = 'OrganisationRestored1796000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table organisation add column restored_at timestamptz;
      grant insert (id, parent_id, kind, slug, legal_name, public_name, siret, url, restored_at)
        on organisation to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke insert (id, parent_id, kind, slug, legal_name, public_name, siret, url, restored_at)
        on organisation from insigne_worker;
      alter table organisation drop column restored_at;
    `);
  }
}
