import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { logger } from '#platform';
import { rowsAtOnce, type SignJobs } from './sign-jobs.js';
import { promoteLongWaiting } from './turns.js';

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

const log = logger('issuance-queue');
const recountMs = 300;

/** Finds the work that the queue does not know of, or lets wait too long. */
export class SweepQueue {
  /** @param put puts rows in the queue and says whether it has them now */
  constructor(
    private readonly database: DataSource,
    private readonly jobs: SignJobs,
    private readonly put: (outboxIds: string[]) => Promise<boolean>,
  ) {}

  /**
   * Enqueues what is promised and neither done nor in the queue, and moves forward what has waited too long. Dead
   * letters are left alone. All that the queue is known to lack goes in, a thousand rows at a time, rooms first; of what
   * merely waits there for long, a thousand rows. A queue that does not answer ends the sweep. With `everySeconds`,
   * several workers share one sweep.
   * @returns undefined when it was somebody else's turn
   */
  async run(options: SweepOptions = {}): Promise<Swept | undefined> {
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
    } while (answers && !comesAgain && lacking.length === rowsAtOnce);
    if (answers && !hasLost) await put(await this.waitingLong(olderThanSeconds));
    const promoted = await promoteLongWaiting(this.database, patienceSeconds);
    for (const row of promoted) await this.jobs.moveFirst(row);
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
      const held = await this.jobs.held();
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

  /** The next rows that were never enqueued, or not since `began`. */
  private lacking(began: string): Promise<SweptRow[]> {
    return this.database.query(
      `select id, enqueued_at is null as forgotten from outbox where done_at is null and failed_at is null
       and (enqueued_at is null and created_at < now() - interval '2 seconds' or enqueued_at <= $1::timestamptz)
       order by priority, turn nulls first, enqueued_at nulls first, created_at limit $2`,
      [began, rowsAtOnce],
    );
  }

  private waitingLong(olderThanSeconds: number): Promise<SweptRow[]> {
    return this.database.query(
      `select id, false as forgotten from outbox where done_at is null and failed_at is null
       and enqueued_at < now() - make_interval(secs => $1)
       order by priority, turn nulls first, enqueued_at, created_at limit $2`,
      [olderThanSeconds, rowsAtOnce],
    );
  }
}
