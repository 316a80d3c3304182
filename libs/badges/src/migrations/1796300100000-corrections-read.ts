import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `insigne check`, with the worker's role, compares the corrections with the audit chain. */
export class CorrectionsRead1796300100000 implements MigrationInterface {
  readonly name = 'CorrectionsRead1796300100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('grant select on register_correction to insigne_worker');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('revoke select on register_correction from insigne_worker');
  }
}
