import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SigningKey1700000004000 implements MigrationInterface {
  readonly name = 'SigningKey1700000004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table signing_key (
        id text not null,
        issuer_id uuid not null,
        algorithm text not null,
        public_jwk jsonb not null,
        public_multibase text,
        sealed_private_key bytea not null,
        created_at timestamptz not null default now(),
        retired_at timestamptz,
        compromised_since timestamptz,
        constraint signing_key_pkey primary key (id),
        constraint signing_key_algorithm_is_known check (algorithm in ('Ed25519', 'RS256')),
        constraint signing_key_id_is_a_fragment check (id ~ '^(ed|rsa)-[0-9a-z]{16}$'),
        constraint signing_key_ed25519_has_a_multikey check ((algorithm = 'Ed25519') = (public_multibase is not null)),
        constraint signing_key_jwk_is_public check (not public_jwk ?| array['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
      )`);
    await runner.query('create index signing_key_by_issuer on signing_key (issuer_id)');
    await runner.query(`
      create unique index signing_key_one_active_per_issuer_and_algorithm on signing_key (issuer_id, algorithm)
        where retired_at is null and compromised_since is null`);
    await runner.query(`
      grant select (id, issuer_id, algorithm, public_jwk, public_multibase, created_at, retired_at, compromised_since)
        on signing_key to insigne_api`);
    await runner.query('grant select, insert, update on signing_key to insigne_worker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table signing_key');
  }
}
