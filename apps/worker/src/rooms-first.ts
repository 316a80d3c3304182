import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Lets the rooms in hand be finished before another batch is begun, so that a worker signs several batches at once
 * and still no more pass a room than were begun before it. Whoever waits does so for the rooms of that moment only,
 * and never longer than the patience: neither a stream of rooms nor one that hangs stops a campaign.
 */
export class RoomsFirst {
  private readonly rooms = new Set<Promise<unknown>>();

  /** @param patienceMs the longest that a batch waits for rooms */
  constructor(private readonly patienceMs = 2_000) {}

  /** Runs the work, at once if it is a room's. @throws what the work throws */
  async run<T>(isRoom: boolean, work: () => Promise<T>): Promise<T> {
    if (!isRoom) {
      if (this.rooms.size > 0) await this.roomsInHand();
      return await work();
    }
    const running = work();
    this.rooms.add(running);
    try {
      return await running;
    } finally {
      this.rooms.delete(running);
    }
  }

  private async roomsInHand(): Promise<void> {
    const patience = new AbortController();
    const tooLong = sleep(this.patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.rooms), tooLong]);
    patience.abort();
  }
}
