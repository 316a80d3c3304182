import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['status_list', 'status_entry', 'status_change', 'register_correction'];

/**
 * Given places and what was changed are not emptied either, by no role: `truncate` fires no trigger for rows. What
 * refers to these tables keeps their neighbours too, for `truncate … cascade` would reach them.
 */
export class NeverEmptied1796200200000 implements MigrationInterface {
  readonly name = 'NeverEmptied1796200200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function is_never_emptied() returns trigger language plpgsql as $$
      begin
        raise exception '% is never emptied: what stands in it holds for ever', tg_table_name
          using errcode = 'restrict_violation';
      end $$`);
    for (const table of tables)
      await runner.query(
        `create trigger ${table}_is_never_emptied before truncate on ${table}
         for each statement execute function is_never_emptied()`,
      );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables) await runner.query(`drop trigger ${table}_is_never_emptied on ${table}`);
    await runner.query('drop function is_never_emptied');
  }
}
