import type { IssuanceQueue } from '#badges';
import { logger } from '#platform';

const log = logger('given-up');

/**
 * Remembers which rows the queue gave up until the database has taken note of it: what made the queue give up may well
 * be that the database takes nothing.
 */
export class GivenUp {
  private readonly outboxIds = new Set<string>();

  constructor(private readonly queue: Pick<IssuanceQueue, 'gaveUp'>) {}

  async add(outboxId: string): Promise<void> {
    this.outboxIds.add(outboxId);
    await this.tell();
  }

  /** Tells the database what it was not told yet; a database that takes nothing is asked again the next time. */
  async tell(): Promise<void> {
    const told = [...this.outboxIds];
    if (told.length === 0) return;
    try {
      await this.queue.gaveUp(told);
      for (const id of told) this.outboxIds.delete(id);
    } catch (error) {
      log.warn({ err: (error as Error).message, rows: this.outboxIds.size }, 'not recorded as given up');
    }
  }
}
