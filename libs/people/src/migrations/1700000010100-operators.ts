import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One-time links and sessions of the people who run the installation. */
export class Operators1700000010100 implements MigrationInterface {
  readonly name = 'Operators1700000010100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table operator_link (
        token_sha256 text constraint operator_link_pkey primary key,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null
      );
      create table operator_session (
        secret_sha256 text constraint operator_session_pkey primary key,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null
      );
      grant select, insert, delete on operator_link, operator_session to insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table operator_link, operator_session');
  }
}
