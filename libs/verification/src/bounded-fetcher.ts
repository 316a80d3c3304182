import { type Fetched, Fetcher, FetchFailed } from './fetcher.js';

const mostFetches = 60;
const longestMs = 60_000;

/**
 * Addresses that what holds several credentials may make us ask (60), and for how long (a minute): it must not become a
 * tool against others, or us. What is asked after that is refused (`fetch_refused`).
 */
export class BoundedFetcher extends Fetcher {
  private asked = 0;
  private readonly until = performance.now() + longestMs;

  constructor(private readonly inner: Fetcher) {
    super();
  }

  async fetch(url: string, accept?: string): Promise<Fetched> {
    this.asked += 1;
    if (this.asked > mostFetches || performance.now() > this.until)
      throw new FetchFailed('fetch_refused', 'too much is asked for at once');
    return this.inner.fetch(url, accept);
  }
}
