import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Stores the large texts of credentials in the form that costs least: lz4, several times as fast as PostgreSQL's own
 * way, where the server was built with it; the VC-JWT as it is, because base64url hardly gets shorter.
 */
export class CompressTexts1700000007000 implements MigrationInterface {
  readonly name = 'CompressTexts1700000007000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table credential alter column jwt set storage external;
      do $$ begin
        if exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
          alter table credential alter column payload set compression lz4, alter column document set compression lz4;
          alter table award alter column reasons set compression lz4;
          alter table status_list alter column document set compression lz4;
        end if;
      end $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table credential alter column jwt set storage extended;
      do $$ begin
        if current_setting('server_version_num')::int >= 140000 then
          alter table credential alter column payload set compression default, alter column document set compression default;
          alter table award alter column reasons set compression default;
          alter table status_list alter column document set compression default;
        end if;
      end $$;
    `);
  }
}
