import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where the server cannot compress with lz4, payload and document are stored as they are: PostgreSQL's own way takes as
 * long as all the rest of storing them, for 6 kB of disk a badge.
 */
export class PlainTexts1795600100000 implements MigrationInterface {
  readonly name = 'PlainTexts1795600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      do $$ begin
        if not exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
          alter table credential alter column payload set storage external, alter column document set storage external;
        end if;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table credential alter column payload set storage extended, alter column document set storage extended',
    );
  }
}
