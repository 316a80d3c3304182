import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers kept for repeated requests. */
export class HttpIdempotency1700000006000 implements MigrationInterface {
  name = 'HttpIdempotency1700000006000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE http_idempotency (
        client_id text NOT NULL,
        key text NOT NULL,
        request_hash text NOT NULL,
        state text NOT NULL,
        status integer,
        response json,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT http_idempotency_pkey PRIMARY KEY (client_id, key),
        CONSTRAINT http_idempotency_is_running_or_done
          CHECK ((state = 'running' AND status IS NULL) OR (state = 'done' AND status IS NOT NULL))
      );
      CREATE INDEX http_idempotency_by_age ON http_idempotency (created_at);
      GRANT SELECT, INSERT, UPDATE, DELETE ON http_idempotency TO insigne_api;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE http_idempotency');
  }
}
