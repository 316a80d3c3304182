import type { DataSource } from 'typeorm';
import { assertClock, ClockDrift } from '#badges';
import { logger } from '#platform';

const log = logger('clock-watch');

/** What takes jobs and can be told to stop taking them. */
export interface Taker {
  isRunning(): boolean;
  isPaused(): boolean;
  run(): Promise<void>;
  pause(doNotWaitActive?: boolean): Promise<void>;
  resume(): void;
}

/**
 * Lets a worker take jobs only while its clock is right. A queue keeps its own times by the clock of whoever takes a
 * job: two hours ahead, a job to be tried again in a second would wait two hours.
 */
export class ClockWatch {
  /** The clock was wrong when it was last compared. */
  isWrong = false;

  constructor(private readonly database: DataSource) {}

  /** Compares the clocks, then starts, resumes or pauses. A database that does not answer changes nothing. */
  async look(taker: Taker): Promise<void> {
    try {
      await assertClock(this.database);
      this.isWrong = false;
    } catch (error) {
      if (!(error instanceof ClockDrift)) return start(taker);
      this.isWrong = true;
      log.error({ code: error.code, ...error.details }, 'the clock is wrong: no jobs are taken');
      if (taker.isRunning() && !taker.isPaused()) await taker.pause(true);
      return;
    }
    start(taker);
    if (taker.isPaused()) taker.resume();
  }
}

function start(taker: Taker): void {
  if (taker.isRunning() || taker.isPaused()) return;
  // Ends with the worker; what goes wrong in it is told by its own events.
  void taker.run().catch((error: Error) => log.warn({ err: error.message }, 'taking jobs ended'));
}
