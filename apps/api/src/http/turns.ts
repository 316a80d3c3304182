import { HttpRefusal } from './problem.js';

export interface TurnLimits {
  /** Turns that may run at the same time. */
  atOnce: number;
  /** Of these, for one caller. */
  atOncePerCaller: number;
  /** Requests of one caller that may wait. */
  waitingPerCaller: number;
  longestWaitMs: number;
}

interface Waiting {
  caller: string;
  start: () => void;
}

const busy = (): HttpRefusal =>
  new HttpRefusal(
    503,
    'temporarily_unavailable',
    'Too many requests that write are waiting. Try again in a moment, with the same Idempotency-Key.',
    { 'retry-after': '5' },
  );

/**
 * Work that waits in memory until it may begin. Callers do not wait for each other: whoever has its share running is
 * passed by those who have not, and each caller's work begins in the order in which it came.
 */
export class Turns {
  private readonly running = new Map<string, number>();
  private readonly waiting: Waiting[] = [];
  private total = 0;

  constructor(private readonly limits: TurnLimits) {}

  /**
   * Waits for a turn.
   * @param gone aborted when nobody waits for the answer any more
   * @returns ends the turn; calling it again does nothing
   * @throws HttpRefusal `temporarily_unavailable` (503) after the longest wait, with too many waiting, or when gone
   */
  async take(caller: string, gone: AbortSignal): Promise<() => void> {
    if (gone.aborted) throw busy();
    if (!this.isFree(caller)) await this.wait(caller, gone);
    else this.begin(caller);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.end(caller);
    };
  }

  private isFree(caller: string): boolean {
    return this.total < this.limits.atOnce && (this.running.get(caller) ?? 0) < this.limits.atOncePerCaller;
  }

  private begin(caller: string): void {
    this.total += 1;
    this.running.set(caller, (this.running.get(caller) ?? 0) + 1);
  }

  private end(caller: string): void {
    this.total -= 1;
    const left = this.running.get(caller)! - 1;
    if (left > 0) this.running.set(caller, left);
    else this.running.delete(caller);
    const next = this.waiting.findIndex((one) => this.isFree(one.caller));
    if (next >= 0) this.waiting.splice(next, 1)[0]!.start();
  }

  private wait(caller: string, gone: AbortSignal): Promise<void> {
    const { waitingPerCaller, longestWaitMs } = this.limits;
    if (this.waiting.filter((one) => one.caller === caller).length >= waitingPerCaller) throw busy();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        const at = this.waiting.indexOf(one);
        if (at >= 0) this.waiting.splice(at, 1);
        settle();
        reject(busy());
      };
      const settle = (): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', leave);
      };
      const timer = setTimeout(leave, longestWaitMs);
      const one: Waiting = {
        caller,
        start: () => {
          settle();
          this.begin(caller);
          resolve();
        },
      };
      gone.addEventListener('abort', leave, { once: true });
      this.waiting.push(one);
    });
  }
}
