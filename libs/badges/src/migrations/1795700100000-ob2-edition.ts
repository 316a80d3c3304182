import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Open Badges 2.0 form of an award: to whom it is bound, and its JWS once it was asked for. */
export class Ob2Edition1795700100000 implements MigrationInterface {
  readonly name = 'Ob2Edition1795700100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table ob2_edition (
        id uuid constraint ob2_edition_pkey primary key,
        award_id uuid not null constraint ob2_edition_is_of_award references award (id),
        email_hash text constraint ob2_edition_email_is_hashed check (email_hash ~ '^sha256\\$[0-9a-f]{64}$'),
        salt text constraint ob2_edition_salt_is_random check (salt ~ '^[0-9a-f]{32}$'),
        jws_asked_at timestamptz,
        credential_id uuid constraint ob2_edition_is_of_credential references credential (id),
        rs256_key_id text constraint ob2_edition_key_exists references signing_key (id),
        jws text,
        signed_at timestamptz,
        created_at timestamptz not null default now(),
        superseded_at timestamptz,
        constraint ob2_edition_hash_has_salt check ((email_hash is null) = (salt is null)),
        constraint ob2_edition_jws_has_its_facts check ((jws is null) = (signed_at is null)
          and (jws is null or (jws_asked_at is not null and credential_id is not null and rs256_key_id is not null)))
      );
      create unique index ob2_edition_in_force_once_per_award on ob2_edition (award_id) where superseded_at is null;
      create index ob2_edition_waiting on ob2_edition (jws_asked_at)
        where jws is null and jws_asked_at is not null and superseded_at is null;

      grant select, insert (id, award_id, email_hash, salt, jws_asked_at), update (jws_asked_at, superseded_at)
        on ob2_edition to insigne_api;
      grant select, update (credential_id, rs256_key_id, jws, signed_at) on ob2_edition to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table ob2_edition');
  }
}
