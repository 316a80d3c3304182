import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An endorsement or a record may be signed again at the same address: the new one waits beside the old one. */
export class StatementReissue1795900100000 implements MigrationInterface {
  readonly name = 'StatementReissue1795900100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table statement
        add column supersedes uuid constraint statement_supersedes_statement references statement (id),
        drop constraint statement_public_id_is_unique;
      create unique index statement_public_id_is_unique on statement (public_id) where supersedes is null;
      create unique index statement_public_id_is_signed_once on statement (public_id) where state = 'signed';
      create unique index statement_superseded_once on statement (supersedes) where state in ('planned', 'signed');

      -- Whoever runs the service puts a refused one back.
      grant update (outbox_id, refusal) on statement to insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      revoke update (outbox_id, refusal) on statement from insigne_api;
      drop index statement_superseded_once, statement_public_id_is_signed_once, statement_public_id_is_unique;
      alter table statement
        drop column supersedes,
        add constraint statement_public_id_is_unique unique (public_id);
    `);
  }
}
