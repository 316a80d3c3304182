import { type Fetched, Fetcher } from '#verification';

const ofTheService = [
  /\/ob2(\/[^/]+)?\.json$/,
  /^\/b\/[^/]+(\.(jwt|png|svg)|\/ob2\.jws)$/,
  /^\/(records|endorsements|v)\/[^/]+$/,
];

/**
 * Documents at our own addresses come from our own database, all others from the network, guarded. Pictures, records,
 * endorsements, short addresses and Open Badges 2.0 are asked of our own public pages, inside this process: for a hosted
 * badge, what stands at its address is what is verified.
 */
export class BadgeFetcher extends Fetcher {
  /** @param published reaches the own pages alone; nobody else's address may lead there */
  constructor(
    private readonly origin: string,
    private readonly own: Fetcher,
    private readonly published: Fetcher,
    private readonly others: Fetcher,
  ) {
    super();
  }

  fetch(url: string, accept?: string): Promise<Fetched> {
    const address = URL.canParse(url) ? new URL(url) : undefined;
    if (address?.host !== new URL(this.origin).host) return this.others.fetch(url, accept);
    const isPublished = ofTheService.some((path) => path.test(address.pathname));
    return (isPublished ? this.published : this.own).fetch(url, accept);
  }
}
