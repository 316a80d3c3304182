import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { endQueueConnection, logger, Queue, type QueueEngine, queueConnection } from '#platform';

export const signQueueName = 'sign';
/** A job names the outbox row to sign, nothing else: a forged job cannot bring content of its own. */
export interface SignJob {
  outboxId: string;
}

const log = logger('issuance-queue');
// A client of Redis waits for ever when nobody answers; a person who waits for the award must not.
const patienceMs = 3_000;

/** Puts promised work in the queue. The queue is a hint: what it loses, `sweep` puts in again. */
export class IssuanceQueue {
  private readonly queue: Queue<SignJob>;
  private readonly connection: ReturnType<typeof queueConnection>;

  constructor(
    private readonly database: DataSource,
    engine: QueueEngine,
  ) {
    this.connection = queueConnection(engine, 2);
    this.queue = new Queue<SignJob>(signQueueName, { connection: this.connection });
    this.queue.on('error', (error) => log.warn({ err: error.message }, 'queue connection'));
  }

  /**
   * Enqueues outbox rows after their transaction is committed. A queue that cannot be reached is no error for the
   * caller: the work stays promised and the worker's sweep finds it.
   */
  async enqueue(outboxIds: string[]): Promise<void> {
    if (outboxIds.length === 0) return;
    try {
      const rows: { id: string; priority: number }[] = await this.database.query(
        'select id, priority from outbox where id = any($1) and done_at is null',
        [outboxIds],
      );
      await this.add(rows);
      await this.database.query('update outbox set enqueued_at = now() where id = any($1)', [outboxIds]);
    } catch (error) {
      log.error(
        { err: (error as Error).message, jobs: outboxIds.length },
        'could not enqueue; the sweep will',
      );
    }
  }

  private async add(rows: { id: string; priority: number }[]): Promise<void> {
    const added = this.queue.addBulk(
      rows.map(({ id, priority }) => ({
        name: 'sign',
        data: { outboxId: id },
        opts: {
          jobId: `sign-${id}`,
          priority,
          attempts: 5,
          backoff: { type: 'exponential', delay: 1_000, jitter: 0.5 },
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
    const timer = new AbortController();
    const tooLate = sleep(patienceMs, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new Error(`the queue did not answer within ${patienceMs} ms`);
    });
    try {
      await Promise.race([added, tooLate]);
    } finally {
      timer.abort();
      // Whichever of the two comes later has nobody to tell.
      void Promise.allSettled([added, tooLate]);
    }
  }

  /** Enqueues what is promised and neither done nor enqueued within the last minute. @returns how many rows */
  async sweep(olderThanSeconds = 60): Promise<number> {
    const rows: { id: string }[] = await this.database.query(
      `select id from outbox where done_at is null
       and (enqueued_at is null and created_at < now() - interval '2 seconds'
            or enqueued_at < now() - make_interval(secs => $1)) order by priority, created_at limit 1000`,
      [olderThanSeconds],
    );
    await this.enqueue(rows.map((r) => r.id));
    return rows.length;
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
}
