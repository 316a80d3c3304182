import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Signed credentials that an archive knows and a restored database has no award for: their place stays reserved. */
export class OrphanCredential1700000010500 implements MigrationInterface {
  readonly name = 'OrphanCredential1700000010500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table orphan_credential (
        credential_id uuid constraint orphan_credential_pkey primary key,
        organisation_id uuid not null,
        award_id uuid not null,
        badge_code text not null,
        status_list_id uuid not null,
        status_index int not null,
        document_sha256 text not null,
        why text not null constraint orphan_credential_reason_is_known
          check (why in ('organisation_unknown', 'person_unknown', 'achievement_unknown', 'key_unknown',
                         'awarded_again', 'index_given_again')),
        found_at timestamptz not null default now()
      );
      create index orphan_credential_by_organisation on orphan_credential (organisation_id);
      grant select on orphan_credential to insigne_api;
      grant select, insert on orphan_credential to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table orphan_credential');
  }
}
