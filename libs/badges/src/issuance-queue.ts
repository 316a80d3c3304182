import type { DataSource } from 'typeorm';
import { logger, type QueueEngine } from '#platform';
import { orAfterPatience, type QueuedRow, rowsAtOnce, SignJobs } from './sign-jobs.js';
import { type SweepOptions, SweepQueue, type Swept } from './sweep-queue.js';
import { giveTurns } from './turns.js';

interface Gathered {
  outboxIds: string[];
  done: Promise<void>;
}

const log = logger('issuance-queue');
// When the queue did not answer, the next person must not wait as long once more: who writes waits in line for who is
// still waiting.
const restMs = 10_000;

/** Puts promised work in the queue. The queue is a hint: what it loses, `sweep` puts in again. */
export class IssuanceQueue {
  private readonly jobs: SignJobs;
  /** What is put in next, together, and the end of what was asked for before. */
  private gathering?: Gathered;
  private last: Promise<void> = Promise.resolve();
  /** Until then nobody is made to wait for a queue that did not answer; by the clock of `performance`. */
  private restsUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly database: DataSource,
    readonly engine: QueueEngine,
  ) {
    this.jobs = new SignJobs(engine);
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
    if (mine && mine.outboxIds.length + outboxIds.length <= rowsAtOnce)
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
      await this.jobs.add(rows).catch((error: Error) => {
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

  /**
   * Enqueues what is promised and neither done nor in the queue, and moves forward what has waited too long; see
   * `SweepQueue`.
   * @returns undefined when it was somebody else's turn
   */
  async sweep(options: SweepOptions = {}): Promise<Swept | undefined> {
    return new SweepQueue(this.database, this.jobs, (outboxIds) => this.put(outboxIds)).run(options);
  }

  /** Nest calls it when the process ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  async close(): Promise<void> {
    await this.jobs.close();
  }

  /** Jobs waiting and running, for /ready and the summary. @throws when the queue cannot be reached */
  async counts(): Promise<Record<string, number>> {
    return this.jobs.counts();
  }

  /** The same within three seconds, or undefined: for a page that must not wait. */
  async countsNow(): Promise<Record<string, number> | undefined> {
    return this.jobs.countsNow();
  }
}
