import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { type Fetched, Fetcher, FetchFailed } from '#verification';

const mostRedirects = 2;
const redirects = new Set([301, 302, 303, 307, 308]);
const largestBytes = 1024 * 1024;
const patienceMs = 5_000;

/**
 * Answers what stands at our own public addresses from this very process, whatever the scheme and wherever it runs: a
 * host need not reach its own public name. Nobody's credentials are sent along, and no redirect leads elsewhere.
 */
export class OwnPagesFetcher extends Fetcher {
  /** @param ask hands a request to the routes of this process, without a network */
  constructor(
    private readonly origin: string,
    private readonly ask: (request: InjectOptions) => Promise<LightMyRequestResponse>,
    private readonly timeoutMs = patienceMs,
  ) {
    super();
  }

  /** @throws FetchFailed: `fetch_refused` for any other address, `fetch_failed` for anything else */
  async fetch(url: string, accept = 'application/json'): Promise<Fetched> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    let address = url;
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const target = this.own(address);
      const answer = await this.answer(target, accept, signal);
      const { location } = answer.headers;
      if (!redirects.has(answer.statusCode) || typeof location !== 'string') return fetched(answer, url);
      if (!URL.canParse(location, target.href))
        throw new FetchFailed('fetch_refused', `${location} is no address`);
      address = new URL(location, target).href;
    }
    throw new FetchFailed('fetch_refused', `${url}: more than ${mostRedirects} redirects`);
  }

  private own(address: string): URL {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const isOwn = url?.host === new URL(this.origin).host && /^https?:$/.test(url.protocol);
    if (!url || !isOwn || url.username !== '' || url.password !== '')
      throw new FetchFailed('fetch_refused', `${address} is not this service`);
    return url;
  }

  private async answer(target: URL, accept: string, signal: AbortSignal): Promise<LightMyRequestResponse> {
    const request: InjectOptions = {
      method: 'GET',
      url: `${target.pathname}${target.search}`,
      headers: { accept, host: target.host, 'user-agent': 'Insigne' },
      signal,
    };
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    try {
      return await Promise.race([this.ask(request), late]);
    } catch (cause) {
      const reason = signal.aborted ? `no answer within ${this.timeoutMs} ms` : (cause as Error).message;
      throw new FetchFailed('fetch_failed', `${target.href}: ${reason}`, { cause });
    }
  }
}

function fetched({ statusCode, headers, rawPayload }: LightMyRequestResponse, url: string): Fetched {
  if (rawPayload.length > largestBytes)
    throw new FetchFailed('fetch_failed', `${url}: the body is larger than ${largestBytes} bytes`);
  const contentType = String(headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
    .toLowerCase();
  return { status: statusCode, contentType, body: rawPayload.toString('utf8'), bytes: rawPayload };
}
