import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The hash of a line covers the event's instant in milliseconds; nothing finer may be written beside it. */
export class AuditMilliseconds1796200100000 implements MigrationInterface {
  readonly name = 'AuditMilliseconds1796200100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table audit_event
        add constraint audit_event_at_is_in_milliseconds check (at = date_trunc('milliseconds', at))
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table audit_event drop constraint audit_event_at_is_in_milliseconds');
  }
}
