import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { PublishStatusLists } from '#badges';
import { logger } from '#platform';

const log = logger('status-list-worker');
const everyMs = 1_000;

const publishedTotal = new Counter({
  name: 'insigne_status_lists_published_total',
  help: 'Status lists signed anew',
});

/** Once a second, signs the status lists that do not tell the latest. What fails is tried again in the next second. */
export class StatusListWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(private readonly lists: PublishStatusLists) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round().finally(() => {
        this.running = undefined;
      });
    }, everyMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      const published = await this.lists.publishDue();
      publishedTotal.inc(published);
      if (published > 0) log.info({ lists: published }, 'status lists published');
      this.isFailing = false;
    } catch (error) {
      // Told once: an outage of the database would fill the log every second.
      if (!this.isFailing) log.error({ err: (error as Error).message }, 'status lists not published');
      this.isFailing = true;
    }
  }
}
