import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Turns of the fair queue, dead letters, the workers' heartbeat, the last sweep. */
export class Queue1700000010000 implements MigrationInterface {
  readonly name = 'Queue1700000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table outbox
        add column turn int constraint outbox_turn_fits_the_queue check (turn between 1 and 2097151),
        add column failed_at timestamptz,
        add column failure jsonb,
        add column retries int not null default 0,
        add constraint outbox_failure_has_a_reason check ((failed_at is null) = (failure is null));
      create index outbox_turns on outbox (organisation_id, turn) where done_at is null;
      create index outbox_failed on outbox (failed_at) where failed_at is not null and done_at is null;
      create index credential_refused on credential (organisation_id) where state = 'refused';
      create index credential_signed_lately on credential (signed_at) where signed_at is not null;

      create table worker_heartbeat (
        id uuid constraint worker_heartbeat_pkey primary key,
        version text not null,
        engine text not null constraint worker_heartbeat_engine_is_known check (engine in ('redis', 'postgres')),
        started_at timestamptz not null default now(),
        seen_at timestamptz not null default now(),
        stopped_at timestamptz,
        signed int not null default 0,
        warning text
      );
      create table queue_sweep (
        id int constraint queue_sweep_pkey primary key constraint queue_sweep_is_one_row check (id = 1),
        swept_at timestamptz not null default now(),
        enqueued int not null default 0
      );
      grant select, insert, update, delete on worker_heartbeat to insigne_worker;
      grant select, insert, update on queue_sweep to insigne_worker;
      grant select on worker_heartbeat, queue_sweep to insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table worker_heartbeat, queue_sweep;
      drop index credential_refused, credential_signed_lately;
      alter table outbox drop column turn, drop column failed_at, drop column failure, drop column retries;
    `);
  }
}
