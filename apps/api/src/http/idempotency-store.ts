import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HttpRefusal } from './problem.js';
import { RequestDataSource } from './request-transaction.js';
import { SealedAnswers } from './sealed-answers.js';
import { HttpSettings } from './settings.js';

export interface KeptAnswer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
}

/** An answer, and whether it is that of an earlier request. */
export interface GivenAnswer extends KeptAnswer {
  isReplayed: boolean;
}

interface Place {
  clientId: string;
  key: string;
}

type Answered = Pick<KeptAnswer, 'body' | 'headers'>;

interface Row {
  request_hash: string;
  state: 'running' | 'done';
  status: number | null;
  /** Sealed; as it is where an api of an earlier release wrote it. */
  response: { sealed: string } | Answered | null;
}

const nameOf = ({ clientId, key }: Place): string => `${clientId} ${key}`;

const keptFor = '24 hours';
// PostgreSQL ends a connection whose process died at once, and one whose machine has vanished after this long.
const longestSilenceMs = 5 * 60_000;
const pausesMs = [25, 50, 100, 200, 400, 800, 1_600, 1_800];

/**
 * Answers by client and key, sealed, in PostgreSQL, so that any api process finds them. An answer is committed together with
 * the work that it tells of: there is never one without the other. Who runs a request holds a lock of that transaction,
 * which ends with its connection.
 */
@Injectable()
export class IdempotencyStore {
  private readonly database: RequestDataSource;
  private readonly answers: SealedAnswers;

  constructor(database: DataSource, { tokenSecret }: HttpSettings) {
    this.answers = new SealedAnswers(tokenSecret);
    if (!(database instanceof RequestDataSource)) throw new Error('The api opens a RequestDataSource');
    this.database = database;
  }

  /**
   * Gives the answer an equal request got, or runs the work and keeps its answer, in one transaction with it. While an
   * equal request runs, waits for it up to 5 s.
   * @param hash what makes two requests equal
   * @throws HttpRefusal `idempotency_key_reused` (422) for other content, `request_in_progress` (409); whatever the
   *   work throws, and then nothing of it is written or kept
   */
  async once(place: Place, hash: string, work: () => Promise<KeptAnswer>): Promise<GivenAnswer> {
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await sleep(pauseMs);
      const answer = await this.database.inTransaction(() => this.attempt(place, hash, work));
      if (answer) return answer;
    }
    throw new HttpRefusal(
      409,
      'request_in_progress',
      'The same request is still running. Try again in a moment.',
      { 'retry-after': '2' },
    );
  }

  /** @returns undefined while somebody else runs it */
  private async attempt(
    place: Place,
    hash: string,
    work: () => Promise<KeptAnswer>,
  ): Promise<GivenAnswer | undefined> {
    const [{ isOurs }]: [{ isOurs: boolean }] = await this.database.query(
      `SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency ' || $1 || ' ' || $2, 0)) AS "isOurs",
              set_config('idle_in_transaction_session_timeout', $3, true)`,
      [place.clientId, place.key, String(longestSilenceMs)],
    );
    // Read after the lock: whoever held it before has committed.
    const row = await this.find(place);
    if (row && row.request_hash !== hash)
      throw new HttpRefusal(
        422,
        'idempotency_key_reused',
        'This Idempotency-Key came before with another request. Use a new key for a new request.',
      );
    if (row?.state === 'done')
      return {
        status: row.status!,
        ...this.opened(row.response, place),
        isReplayed: true,
      };
    // An api of an earlier release writes such a row before it runs.
    if (!isOurs || row?.state === 'running') return undefined;
    const answer = await work();
    await this.keep(place, hash, answer);
    return { ...answer, isReplayed: false };
  }

  private opened(response: Row['response'], place: Place): Answered {
    if (response === null || !('sealed' in response))
      return { body: response?.body ?? null, headers: response?.headers ?? {} };
    const text = this.answers.open(response.sealed, nameOf(place));
    if (text === undefined)
      throw new HttpRefusal(
        422,
        'idempotency_key_reused',
        'This request was done, and its answer can no longer be read: the secret of the service was changed since. Look what it did, and use a new key for a new request.',
      );
    return JSON.parse(text) as Answered;
  }

  private async find({ clientId, key }: Place): Promise<Row | undefined> {
    const rows: Row[] = await this.database.query(
      `SELECT request_hash, state, status, response FROM http_idempotency
        WHERE client_id = $1 AND key = $2 AND created_at >= now() - interval '${keptFor}'
          AND (state = 'done' OR created_at >= now() - $3 * interval '1 millisecond')`,
      [clientId, key, longestSilenceMs],
    );
    return rows[0];
  }

  /** Writes the answer in the transaction of the work. */
  async keep(place: Place, hash: string, { status, body, headers }: KeptAnswer): Promise<void> {
    const { clientId, key } = place;
    const sealed = this.answers.seal(JSON.stringify({ body, headers } satisfies Answered), nameOf(place));
    await this.database.query(
      `INSERT INTO http_idempotency (client_id, key, request_hash, state, status, response)
       VALUES ($1, $2, $3, 'done', $4, $5)
       ON CONFLICT ON CONSTRAINT http_idempotency_pkey DO UPDATE
         SET request_hash = excluded.request_hash, state = 'done', status = excluded.status,
             response = excluded.response, created_at = now()`,
      [clientId, key, hash, status, JSON.stringify({ sealed })],
    );
  }

  async forgetOld(): Promise<void> {
    await this.database.query(
      `DELETE FROM http_idempotency WHERE created_at < now() - interval '${keptFor}'`,
    );
  }
}
