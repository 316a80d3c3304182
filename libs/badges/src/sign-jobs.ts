import { setTimeout as sleep } from 'node:timers/promises';
import { endQueueConnection, logger, Queue, type QueueEngine, queueConnection } from '#platform';
import { priorityOf, roomPriority } from './turns.js';

export const signQueueName = 'sign';
/** A job names the outbox row to sign, nothing else: a forged job cannot bring content of its own. */
export interface SignJob {
  outboxId: string;
}

/** Failures after which a batch becomes a dead letter. */
export const attemptsLimit = 5;

/** Rows in memory, and jobs in one call of the queue, at a time. */
export const rowsAtOnce = 1_000;

/** An outbox row as its job is made from it. */
export interface QueuedRow {
  id: string;
  turn: number | null;
  retries: number;
}

const log = logger('issuance-queue');
// A client of Redis waits for ever when nobody answers; a person who waits for the award must not.
const patienceMs = 3_000;

// A row that a person has put back is another job: the old one may still be on its way out of the queue.
const jobIdOf = ({ id, retries }: { id: string; retries: number }): string =>
  retries === 0 ? `sign-${id}` : `sign-${id}-${retries}`;

/** Its end, or three seconds: a statement that hangs must not hold up for ever whoever comes after it. */
export async function orAfterPatience(done: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const tooLong = sleep(patienceMs, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
  await Promise.race([done, tooLong]);
  timer.abort();
}

async function answered<T>(asked: Promise<T>): Promise<T> {
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

/** The jobs in the queue engine. Whoever asks it for something waits three seconds at most, but for `counts`. */
export class SignJobs {
  private readonly queue: Queue<SignJob>;
  private readonly connection: ReturnType<typeof queueConnection>;

  constructor(engine: QueueEngine) {
    this.connection = queueConnection(engine, 2);
    this.queue = new Queue<SignJob>(signQueueName, { connection: this.connection });
    this.queue.on('error', (error) => log.warn({ err: error.message }, 'queue connection'));
  }

  /** Puts rows in; one whose job is there already stays as it is. @throws when the queue does not answer */
  async add(rows: QueuedRow[]): Promise<void> {
    const jobs = rows.map((row) => ({
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
    }));
    await answered(this.queue.addBulk(jobs));
  }

  /** Jobs that are neither done nor given up, undefined when the queue does not answer. */
  async held(): Promise<number | undefined> {
    const counts = await answered(
      this.queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed'),
    ).catch(() => undefined);
    return counts && Object.values(counts).reduce((sum, number) => sum + number, 0);
  }

  /** Lets a row's job go before all others, if it still waits. */
  async moveFirst(row: { id: string; retries: number }): Promise<void> {
    try {
      const job = await answered(this.queue.getJob(jobIdOf(row)));
      await answered(Promise.resolve(job?.changePriority({ priority: roomPriority })));
    } catch (error) {
      // It is running, or it has just ended: nothing to move.
      log.debug({ outboxId: row.id, err: (error as Error).message }, 'not moved');
    }
  }

  /** Jobs by state. @throws when the queue cannot be reached */
  async counts(): Promise<Record<string, number>> {
    return this.queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed', 'failed');
  }

  /** The same within three seconds, or undefined. */
  async countsNow(): Promise<Record<string, number> | undefined> {
    return answered(this.counts()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const closed = this.queue.close();
    endQueueConnection(this.connection);
    await closed;
  }
}
