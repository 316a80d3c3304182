import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A session whose register does not count: nothing that was seen in it carries an award. */
export class WithdrawnSession1700000009100 implements MigrationInterface {
  readonly name = 'WithdrawnSession1700000009100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table session add column withdrawn_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table session drop column withdrawn_at');
  }
}
