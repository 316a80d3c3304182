import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { endQueueConnection, logger, Queue, type QueueEngine, queueConnection } from '#platform';
import { giveTurns, priorityOf, promoteLongWaiting } from './turns.js';

export const signQueueName = 'sign';
/** A job names the outbox row to sign, nothing else: a forged job cannot bring content of its own. */
export interface SignJob {
  outboxId: string;
}

/** Failures after which a batch becomes a dead letter. */
export const attemptsLimit = 5;

export interface SweepOptions {
  /** A row enqueued that long ago and not done is enqueued again (default 60): its job may be lost. */
  olderThanSeconds?: number;
  /** Does nothing when somebody else swept within that time (default 0: sweeps in any case). */
  everySeconds?: number;
  /** After this long without a batch of its own done, an organisation's oldest batch goes first (default 120). */
  patienceSeconds?: number;
}

export interface Swept {
  /** Committed but never put in the queue. */
  forgotten: number;
  /** Put in the queue more than a minute ago: lost by it, or still waiting there, which changes nothing. */
  repeated: number;
  /** Campaigns that had waited too long and go first now. */
  promoted: number;
}

interface QueuedRow {
  id: string;
  turn: number | null;
  retries: number;
}

const log = logger('issuance-queue');
// A client of Redis waits for ever when nobody answers; a person who waits for the award must not.
const patienceMs = 3_000;
// And the next person must not wait as long once more: who writes waits in line for who is still waiting.
const restMs = 10_000;
const sweepLimit = 1_000;

// A row that a person has put back is another job: the old one may still be on its way out of the queue.
const jobIdOf = ({ id, retries }: { id: string; retries: number }): string =>
  retries === 0 ? `sign-${id}` : `sign-${id}-${retries}`;

/** Puts promised work in the queue. The queue is a hint: what it loses, `sweep` puts in again. */
export class IssuanceQueue {
  private readonly queue: Queue<SignJob>;
  private readonly connection: ReturnType<typeof queueConnection>;
  /** Until then nobody is made to wait for a queue that did not answer; by the clock of `performance`. */
  private restsUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: DataSource,
    readonly engine: QueueEngine,
  ) {
    this.connection = queueConnection(engine, 2);
    this.queue = new Queue<SignJob>(signQueueName, { connection: this.connection });
    this.queue.on('error', (error) => log.warn({ err: error.message }, 'queue connection'));
  }

  /**
   * Enqueues outbox rows after their transaction is committed, in their turn: rooms first, then one batch of each
   * organisation after the other. A queue that cannot be reached is no error for the caller: the work stays promised
   * and the worker's sweep finds it. After it did not answer within three seconds, it is left alone for ten.
   */
  async enqueue(outboxIds: string[]): Promise<void> {
    if (performance.now() >= this.restsUntil) await this.put(outboxIds);
    else log.warn({ jobs: outboxIds.length }, 'the queue is away: the sweep will enqueue');
  }

  private async put(outboxIds: string[]): Promise<void> {
    if (outboxIds.length === 0) return;
    try {
      await giveTurns(this.database, outboxIds);
      const rows: QueuedRow[] = await this.database.query(
        `select id, turn, retries from outbox
         where id = any($1) and done_at is null and failed_at is null order by turn nulls first, created_at, id`,
        [outboxIds],
      );
      await this.answered(this.add(rows)).catch((error: Error) => {
        this.restsUntil = performance.now() + restMs;
        throw error;
      });
      this.restsUntil = Number.NEGATIVE_INFINITY;
      await this.database.query('update outbox set enqueued_at = now() where id = any($1)', [outboxIds]);
    } catch (error) {
      log.error(
        { err: (error as Error).message, jobs: outboxIds.length },
        'could not enqueue; the sweep will',
      );
    }
  }

  private add(rows: QueuedRow[]): Promise<unknown> {
    return this.queue.addBulk(
      rows.map((row) => ({
        name: 'sign',
        data: { outboxId: row.id },
        opts: {
          jobId: jobIdOf(row),
          priority: priorityOf(row),
          attempts: attemptsLimit,
          backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
  }

  private async answered<T>(asked: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const tooLate = sleep(patienceMs, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new Error(`the queue did not answer within ${patienceMs} ms`);
    });
    try {
      return await Promise.race([asked, tooLate]);
    } finally {
      timer.abort();
      // Whichever of the two comes later has nobody to tell.
      void Promise.allSettled([asked, tooLate]);
    }
  }

  /**
   * Enqueues what is promised and neither done nor enqueued lately, and moves forward what has waited too long. Dead
   * letters are left alone. With `everySeconds`, several workers share one sweep.
   * @returns undefined when it was somebody else's turn
   */
  async sweep(options: SweepOptions = {}): Promise<Swept | undefined> {
    const { olderThanSeconds = 60, everySeconds = 0, patienceSeconds = 120 } = options;
    if (!(await this.takeSweep(everySeconds))) return undefined;
    const rows: { id: string; forgotten: boolean }[] = await this.database.query(
      `select id, enqueued_at is null as forgotten from outbox where done_at is null and failed_at is null
       and (enqueued_at is null and created_at < now() - interval '2 seconds'
            or enqueued_at < now() - make_interval(secs => $1))
       order by priority, turn nulls first, enqueued_at nulls first, created_at limit $2`,
      [olderThanSeconds, sweepLimit],
    );
    await this.put(rows.map((r) => r.id));
    const promoted = await promoteLongWaiting(this.database, patienceSeconds);
    for (const row of promoted) await this.moveFirst(row);
    const forgotten = rows.filter((r) => r.forgotten).length;
    await this.database.query('update queue_sweep set enqueued = $1', [rows.length]);
    return { forgotten, repeated: rows.length - forgotten, promoted: promoted.length };
  }

  private async takeSweep(everySeconds: number): Promise<boolean> {
    const taken: unknown[] = await this.database.query(
      `insert into queue_sweep (id) values (1) on conflict (id) do update set swept_at = now()
       where queue_sweep.swept_at <= now() - make_interval(secs => $1) returning id`,
      [everySeconds],
    );
    return taken.length > 0;
  }

  private async moveFirst(row: { id: string; retries: number }): Promise<void> {
    try {
      const job = await this.answered(this.queue.getJob(jobIdOf(row)));
      await this.answered(Promise.resolve(job?.changePriority({ priority: 1 })));
    } catch (error) {
      // It is running, or it has just ended: nothing to move.
      log.debug({ outboxId: row.id, err: (error as Error).message }, 'not moved');
    }
  }

  /** Nest calls it when the process ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    const closed = this.queue.close();
    endQueueConnection(this.connection);
    await closed;
  }

  /** Jobs waiting and running, for /ready and the summary. @throws when the queue cannot be reached */
  async counts(): Promise<Record<string, number>> {
    return this.queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  }

  /** The same within three seconds, or undefined: for a page that must not wait. */
  async countsNow(): Promise<Record<string, number> | undefined> {
    return this.answered(this.counts()).catch(() => undefined);
  }
}
