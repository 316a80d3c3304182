import { type Fetched, Fetcher } from '#verification';

/** Documents at our own addresses come from our own database, all others from the network, guarded. */
export class BadgeFetcher extends Fetcher {
  constructor(
    private readonly origin: string,
    private readonly own: Fetcher,
    private readonly others: Fetcher,
  ) {
    super();
  }

  fetch(url: string, accept?: string): Promise<Fetched> {
    const isOwn = URL.canParse(url) && new URL(url).host === new URL(this.origin).host;
    return (isOwn ? this.own : this.others).fetch(url, accept);
  }
}
