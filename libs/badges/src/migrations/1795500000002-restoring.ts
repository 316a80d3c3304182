import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when work waits after a person put it back, and how far this database was compared with each archive file. */
export class Restoring1795500000002 implements MigrationInterface {
  readonly name = 'Restoring1795500000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox add column put_back_at timestamptz;
      create table archive_file_known (
        file text constraint archive_file_known_pkey primary key,
        bytes bigint not null,
        known_at timestamptz not null default now()
      );
      grant select, insert, update on archive_file_known to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table archive_file_known; alter table outbox drop column put_back_at');
  }
}
