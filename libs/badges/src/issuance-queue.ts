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
  /**
   * A row enqueued that long ago and not done is enqueued again (default 60): its job may be lost. A queue that holds
   * fewer jobs than there are open rows is believed at once.
   */
  olderThanSeconds?: number;
  /** Does nothing when somebody else swept within that time (default 0: sweeps in any case). */
  everySeconds?: number;
  /** After this long without a batch of its own done, an organisation's oldest batch goes first (default 120). */
  patienceSeconds?: number;
}

export interface Swept {
  /** Committed but never put in the queue, or given up by it while something was away. */
  forgotten: number;
  /** Lost by the queue, or put in it more than a minute ago and perhaps still waiting there, which changes nothing. */
  repeated: number;
  /** Campaigns that had waited too long and go first now. */
  promoted: number;
}

interface SweptRow {
  id: string;
  /** Never enqueued, or given up. */
  forgotten: boolean;
}

interface QueuedRow {
  id: string;
  turn: number | null;
  retries: number;
}

interface Gathered {
  outboxIds: string[];
  done: Promise<void>;
}

const log = logger('issuance-queue');
// A client of Redis waits for ever when nobody answers; a person who waits for the award must not.
const patienceMs = 3_000;
// And the next person must not wait as long once more: who writes waits in line for who is still waiting.
const restMs = 10_000;
const recountMs = 300;
// Rows in memory, and jobs in one call of the queue, at a time.
const sweepLimit = 1_000;

// A row that a person has put back is another job: the old one may still be on its way out of the queue.
const jobIdOf = ({ id, retries }: { id: string; retries: number }): string =>
  retries === 0 ? `sign-${id}` : `sign-${id}-${retries}`;

/** Its end, or three seconds: a statement that hangs must not hold up for ever whoever comes after it. */
async function orAfterPatience(done: Promise<void>): Promise<void> {
  const timer = new AbortController();
  const tooLong = sleep(patienceMs, undefined, { signal: timer.signal, ref: false }).catch(() => undefined);
  await Promise.race([done, tooLong]);
  timer.abort();
}

/** Puts promised work in the queue. The queue is a hint: what it loses, `sweep` puts in again. */
export class IssuanceQueue {
  private readonly queue: Queue<SignJob>;
  private readonly connection: ReturnType<typeof queueConnection>;
  /** What is put in next, together, and the end of what was asked for before. */
  private gathering?: Gathered;
  private last: Promise<void> = Promise.resolve();
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
   * organisation after the other. What many ask for at once goes in together: each by itself, hundreds would wait in
   * line for a connection until the queue seemed not to answer. A queue that cannot be reached is no error for the
   * caller: the work stays promised and the worker's sweep finds it. After it did not answer within three seconds, it
   * is left alone for ten.
   */
  async enqueue(outboxIds: string[]): Promise<void> {
    if (outboxIds.length === 0) return;
    let mine = this.gathering;
    if (mine && mine.outboxIds.length + outboxIds.length <= sweepLimit)
      mine.outboxIds = mine.outboxIds.concat(outboxIds);
    else mine = this.gather(outboxIds);
    await mine.done;
  }

  /** Begins what is put in next, once what was asked for before is in. */
  private gather(outboxIds: string[]): Gathered {
    const next: Gathered = { outboxIds, done: this.last.then(() => this.putGathered(next)) };
    this.gathering = next;
    this.last = orAfterPatience(next.done);
    return next;
  }

  private async putGathered(next: Gathered): Promise<void> {
    if (this.gathering === next) this.gathering = undefined;
    const { outboxIds } = next;
    if (performance.now() >= this.restsUntil) await this.put(outboxIds);
    else log.warn({ jobs: outboxIds.length }, 'the queue is away: the sweep will enqueue');
  }

  /** @returns whether the queue has them now */
  private async put(outboxIds: string[]): Promise<boolean> {
    if (outboxIds.length === 0) return true;
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
      return true;
    } catch (error) {
      log.error(
        { err: (error as Error).message, jobs: outboxIds.length },
        'could not enqueue; the sweep will',
      );
      return false;
    }
  }

  /**
   * Takes note that the queue tried these rows as often as it may and dropped their jobs. What is neither done nor a
   * dead letter goes in again with the next sweep, alone: five tries in some ten seconds, then up to ten of rest.
   */
  async gaveUp(outboxIds: string[]): Promise<void> {
    await this.database.query(
      'update outbox set enqueued_at = null where id = any($1) and done_at is null and failed_at is null',
      [outboxIds],
    );
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
   * Enqueues what is promised and neither done nor in the queue, and moves forward what has waited too long. Dead
   * letters are left alone. All that the queue is known to lack goes in, a thousand rows at a time, rooms first; of what
   * merely waits there for long, a thousand rows. A queue that does not answer ends the sweep. With `everySeconds`,
   * several workers share one sweep.
   * @returns undefined when it was somebody else's turn
   */
  async sweep(options: SweepOptions = {}): Promise<Swept | undefined> {
    const { olderThanSeconds = 60, everySeconds = 0, patienceSeconds = 120 } = options;
    const began = await this.takeSweep(everySeconds);
    if (began === undefined) return undefined;
    const hasLost = await this.hasLostJobs(began);
    const swept: Swept = { forgotten: 0, repeated: 0, promoted: 0 };
    const put = async (rows: SweptRow[]): Promise<boolean> => {
      const arePut = await this.put(rows.map(({ id }) => id));
      const forgotten = rows.filter((row) => row.forgotten).length;
      swept.forgotten += forgotten;
      swept.repeated += rows.length - forgotten;
      return arePut;
    };
    let lacking: SweptRow[];
    let answers: boolean;
    let comesAgain: boolean;
    const seen = new Set<string>();
    do {
      const page = await this.lacking(hasLost ? began : '-infinity');
      // When the database's clock was set back meanwhile, what was just put in looks as if it were not.
      lacking = page.filter(({ id }) => !seen.has(id));
      comesAgain = lacking.length < page.length;
      for (const { id } of lacking) seen.add(id);
      answers = await put(lacking);
      // Nobody else begins while this one is at it.
      if (lacking.length > 0) await this.database.query('update queue_sweep set swept_at = now()');
    } while (answers && !comesAgain && lacking.length === sweepLimit);
    if (answers && !hasLost) await put(await this.waitingLong(olderThanSeconds));
    const promoted = await promoteLongWaiting(this.database, patienceSeconds);
    for (const row of promoted) await this.moveFirst(row);
    await this.database.query('update queue_sweep set enqueued = $1', [swept.forgotten + swept.repeated]);
    return { ...swept, promoted: promoted.length };
  }

  /** @returns the database's time now, or undefined when somebody else swept lately */
  private async takeSweep(everySeconds: number): Promise<string | undefined> {
    const [taken]: { at: string }[] = await this.database.query(
      `insert into queue_sweep (id) values (1) on conflict (id) do update set swept_at = now()
       where queue_sweep.swept_at <= now() - make_interval(secs => $1) returning swept_at::text as at`,
      [everySeconds],
    );
    return taken?.at;
  }

  /**
   * Does the queue hold fewer jobs than rows are open that were enqueued before? A job ends after its row is done, so
   * some are lost then: the queue was emptied, or restarted without them. What it gave up is told by `gaveUp` and not
   * counted. A queue that does not answer has lost nothing yet.
   * @param began the database's time before
   */
  private async hasLostJobs(began: string): Promise<boolean> {
    // A worker may be about to tell of a job that was just given up: only what is so twice is so.
    for (const pause of [0, recountMs]) {
      await sleep(pause);
      const held = await this.held();
      if (held === undefined) return false;
      const [{ open }]: [{ open: number }] = await this.database.query(
        `select count(*)::int as open from outbox
         where done_at is null and failed_at is null and enqueued_at <= $1::timestamptz`,
        [began],
      );
      if (held >= open) return false;
      if (pause > 0) log.warn({ held, open }, 'the queue has lost jobs');
    }
    return true;
  }

  /** Jobs in the queue, undefined when it does not answer. */
  private async held(): Promise<number | undefined> {
    const counts = await this.answered(
      this.queue.getJobCounts('waiting', 'prioritized', 'active', 'delayed'),
    ).catch(() => undefined);
    return counts && Object.values(counts).reduce((sum, number) => sum + number, 0);
  }

  /** The next rows that were never enqueued, or not since `began`. */
  private lacking(began: string): Promise<SweptRow[]> {
    return this.database.query(
      `select id, enqueued_at is null as forgotten from outbox where done_at is null and failed_at is null
       and (enqueued_at is null and created_at < now() - interval '2 seconds' or enqueued_at <= $1::timestamptz)
       order by priority, turn nulls first, enqueued_at nulls first, created_at limit $2`,
      [began, sweepLimit],
    );
  }

  private waitingLong(olderThanSeconds: number): Promise<SweptRow[]> {
    return this.database.query(
      `select id, false as forgotten from outbox where done_at is null and failed_at is null
       and enqueued_at < now() - make_interval(secs => $1)
       order by priority, turn nulls first, enqueued_at, created_at limit $2`,
      [olderThanSeconds, sweepLimit],
    );
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
