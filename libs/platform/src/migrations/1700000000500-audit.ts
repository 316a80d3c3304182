import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit's tables. Events, lines and heads are written once: no role changes, deletes or empties them.
 * `audit_waiting` is the list of events that have no line yet.
 */
export class Audit1700000000500 implements MigrationInterface {
  readonly name = 'Audit1700000000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_event (
        id uuid constraint audit_event_pkey primary key,
        at timestamptz not null default date_trunc('milliseconds', now()),
        actor text not null,
        action text not null,
        subject jsonb not null
      );

      create table audit_waiting (
        event_id uuid constraint audit_waiting_pkey primary key
      ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

      create table audit_line (
        seq bigint constraint audit_line_pkey primary key,
        event_id uuid not null constraint audit_line_once_per_event unique,
        previous_hash bytea not null,
        hash bytea not null,
        constraint audit_line_counts_from_one check (seq > 0),
        constraint audit_line_hashes_are_sha256 check (length(previous_hash) = 32 and length(hash) = 32)
      );

      create table audit_head (
        day date constraint audit_head_pkey primary key,
        seq bigint not null,
        lines bigint not null,
        hash bytea not null,
        written_at timestamptz not null default now()
      );

      -- Where the chain begins: no line yet, and as "previous hash" 32 zero bytes.
      insert into audit_head (day, seq, lines, hash)
        values ((now() at time zone 'UTC')::date - 1, 0, 0, decode(repeat('00', 32), 'hex'));

      create function audit_is_written_once() returns trigger language plpgsql as $$
        begin
          raise exception 'the audit is written once: % of % is refused', lower(tg_op), tg_table_name
            using errcode = 'restrict_violation';
        end $$;
      create trigger audit_event_is_written_once before update or delete or truncate on audit_event
        for each statement execute function audit_is_written_once();
      create trigger audit_line_is_written_once before update or delete or truncate on audit_line
        for each statement execute function audit_is_written_once();
      create trigger audit_head_is_written_once before update or delete or truncate on audit_head
        for each statement execute function audit_is_written_once();

      grant insert on audit_event, audit_waiting to insigne_api;
      grant select on audit_head to insigne_api;
      grant select, insert on audit_event, audit_line, audit_head to insigne_worker;
      grant select, insert, delete on audit_waiting to insigne_worker;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table audit_head, audit_line, audit_waiting, audit_event');
    await runner.query('drop function audit_is_written_once()');
  }
}
