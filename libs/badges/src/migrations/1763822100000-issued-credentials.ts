import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Credentials that are no badges, issued for API clients: signed as statements, by the same worker. */
export class IssuedCredentials1763822100000 implements MigrationInterface {
  readonly name = 'IssuedCredentials1763822100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table statement drop constraint statement_kind_is_known,
        add constraint statement_kind_is_known check (kind in ('endorsement', 'record', 'credential'));

      create table issued_credential (
        id uuid constraint issued_credential_pkey primary key,
        organisation_id uuid not null constraint issued_credential_belongs_to_organisation references organisation (id),
        credential_id text,
        status_id text not null constraint issued_credential_status_id_is_unique unique,
        is_enveloped boolean not null,
        issued_by text not null,
        issued_at timestamptz not null default now(),
        ended_by text,
        ended_at timestamptz,
        statement_id uuid not null constraint issued_credential_is_signed_as_statement references statement (id),
        constraint issued_credential_statement_is_its_own unique (statement_id)
      );
      create unique index issued_credential_id_is_used_once on issued_credential (organisation_id, credential_id)
        where ended_at is null;

      grant select, insert on issued_credential to insigne_api;
      grant update (ended_by, ended_at) on issued_credential to insigne_api;
      -- The worker's role puts them back from the archive after a restore.
      grant select, insert, update, delete on issued_credential to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table issued_credential;
      alter table statement drop constraint statement_kind_is_known,
        add constraint statement_kind_is_known check (kind in ('endorsement', 'record'));
    `);
  }
}
