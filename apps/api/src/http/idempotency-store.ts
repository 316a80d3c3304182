import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HttpRefusal } from './problem.js';

export interface KeptAnswer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

interface Place {
  clientId: string;
  key: string;
}

interface Row {
  request_hash: string;
  state: 'running' | 'done';
  status: number | null;
  response: { body: unknown; headers: Record<string, string> } | null;
}

/** A process that died keeps its keys this long at most. */
const abandonedAfter = '5 minutes';
const keptFor = '24 hours';
const pausesMs = [25, 50, 100, 200, 400, 800, 1_600, 1_800];

/** Answers by client and key, in PostgreSQL, so that any api process finds them. */
@Injectable()
export class IdempotencyStore {
  constructor(private readonly database: DataSource) {}

  /**
   * Takes the key for this request, or gives the answer an equal request got. While an equal one still runs, waits for
   * it up to 5 s.
   * @returns the kept answer, or undefined when the caller is the one to run
   * @throws HttpRefusal `idempotency_key_reused` (422) for other content, `request_in_progress` (409)
   */
  async claim({ clientId, key }: Place, hash: string): Promise<KeptAnswer | undefined> {
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await sleep(pauseMs);
      const claimed: unknown[] = await this.database.query(
        `INSERT INTO http_idempotency AS kept (client_id, key, request_hash, state) VALUES ($1, $2, $3, 'running')
         ON CONFLICT ON CONSTRAINT http_idempotency_pkey DO UPDATE
           SET request_hash = excluded.request_hash, state = 'running', status = NULL, response = NULL, created_at = now()
           WHERE (kept.state = 'running' AND kept.request_hash = excluded.request_hash
                  AND kept.created_at < now() - interval '${abandonedAfter}')
              OR kept.created_at < now() - interval '${keptFor}'
         RETURNING key`,
        [clientId, key, hash],
      );
      if (claimed.length > 0) return undefined;
      const [row]: Row[] = await this.database.query(
        'SELECT request_hash, state, status, response FROM http_idempotency WHERE client_id = $1 AND key = $2',
        [clientId, key],
      );
      if (!row) continue;
      if (row.request_hash !== hash)
        throw new HttpRefusal(
          422,
          'idempotency_key_reused',
          'This Idempotency-Key came before with another request. Use a new key for a new request.',
        );
      if (row.state === 'done')
        return {
          status: row.status!,
          body: row.response?.body ?? null,
          headers: row.response?.headers ?? {},
        };
    }
    throw new HttpRefusal(
      409,
      'request_in_progress',
      'The same request is still running. Try again in a moment.',
      {
        'retry-after': '2',
      },
    );
  }

  async keep({ clientId, key }: Place, { status, body, headers }: KeptAnswer): Promise<void> {
    await this.database.query(
      `UPDATE http_idempotency SET state = 'done', status = $3, response = $4
        WHERE client_id = $1 AND key = $2 AND state = 'running'`,
      [clientId, key, status, JSON.stringify({ body, headers })],
    );
  }

  async release({ clientId, key }: Place): Promise<void> {
    await this.database.query(
      "DELETE FROM http_idempotency WHERE client_id = $1 AND key = $2 AND state = 'running'",
      [clientId, key],
    );
  }

  async forgetOld(): Promise<void> {
    await this.database.query(
      `DELETE FROM http_idempotency WHERE created_at < now() - interval '${keptFor}'`,
    );
  }
}
