import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A badge that is replaced by hand is kept among the corrections, with who confirmed it. */
export class Replacement1795600300000 implements MigrationInterface {
  readonly name = 'Replacement1795600300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table register_correction drop constraint register_correction_kind_is_known;
      alter table register_correction add constraint register_correction_kind_is_known
        check (kind in ('file', 'session', 'withdrawal', 'replacement'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table register_correction drop constraint register_correction_kind_is_known;
      alter table register_correction add constraint register_correction_kind_is_known
        check (kind in ('file', 'session', 'withdrawal'));
    `);
  }
}
