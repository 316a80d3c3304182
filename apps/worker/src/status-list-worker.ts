import { Counter } from 'prom-client';
import type { PublishStatusLists } from '#badges';
import { logger } from '#platform';
import { EverySecond } from './every-second.js';

const log = logger('status-list-worker');

const publishedTotal = new Counter({
  name: 'insigne_status_lists_published_total',
  help: 'Status lists signed anew',
});

/** Signs the status lists that do not tell the latest. */
export class StatusListWorker extends EverySecond {
  constructor(private readonly lists: PublishStatusLists) {
    super(log, 'status lists not published');
  }

  protected async look(): Promise<void> {
    const published = await this.lists.publishDue();
    publishedTotal.inc(published);
    if (published > 0) log.info({ lists: published }, 'status lists published');
  }
}
