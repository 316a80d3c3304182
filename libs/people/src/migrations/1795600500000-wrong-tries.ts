import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Wrong tries, shared by the api processes. Not logged: a crash of the database forgets them, which harms nobody. */
export class WrongTries1795600500000 implements MigrationInterface {
  readonly name = 'WrongTries1795600500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unlogged table wrong_try (
        source text constraint wrong_try_pkey primary key,
        full_at timestamptz not null
      );
      create index wrong_try_by_end on wrong_try (full_at);
      grant select, insert, update, delete on wrong_try to insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table wrong_try');
  }
}
