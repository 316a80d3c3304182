import { lookup } from 'node:dns/promises';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { isLoopback, isPublicAddress, refusalOfUrl } from './addresses.js';
import { limitConnecting } from './connect-limit.js';
import { type Fetched, Fetcher, FetchFailed } from './fetcher.js';

export interface GuardedFetcherOptions {
  /**
   * Origin of the operator's own service. If it is http on loopback (a demo), it alone is reached on loopback, and its
   * https twin, which did:web computes, is mapped to it.
   */
  ownOrigin?: string;
  /** Looks a host name up; all its addresses. */
  resolve?: (host: string) => Promise<string[]>;
  /** For one fetch with its redirects; default 5,000. */
  timeoutMs?: number;
  /** Decoded bytes of a body; default 1 MiB. */
  maxBytes?: number;
}

interface Target {
  url: URL;
  address: string;
}

const mostRedirects = 2;
const connectMs = 3_000;
const redirects = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches documents that strangers' credentials point at without becoming their tool: https on port 443 only, host
 * names looked up once and the connection pinned to that answer, public addresses only, at most two redirects each
 * checked again, 3 s to connect, a limit of time and of decoded bytes, no cookies or credentials.
 */
export class GuardedFetcher extends Fetcher {
  private readonly own?: URL;
  private readonly resolve: (host: string) => Promise<string[]>;
  private readonly timeoutMs: number;
  private readonly maxBytes: number;

  constructor(options: GuardedFetcherOptions = {}) {
    super();
    const own = options.ownOrigin ? new URL(options.ownOrigin) : undefined;
    if (own?.protocol === 'http:') this.own = own;
    this.resolve =
      options.resolve ?? (async (host) => (await lookup(host, { all: true })).map(({ address }) => address));
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.maxBytes = options.maxBytes ?? 1024 * 1024;
  }

  /**
   * @param accept value of the Accept header
   * @throws FetchFailed: `fetch_refused` for an address that is not allowed, `fetch_failed` for anything else
   */
  async fetch(url: string, accept = 'application/json'): Promise<Fetched> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      let address = url;
      for (let hop = 0; hop <= mostRedirects; hop += 1) {
        const target = await this.target(address, signal);
        const response = await get(target, accept, signal);
        const status = response.statusCode ?? 0;
        const { location } = response.headers;
        if (!redirects.has(status) || !location) {
          const answer = await this.read(response, status, signal);
          return hop === 0 ? answer : { ...answer, from: address };
        }
        response.destroy();
        if (!URL.canParse(location, target.url)) throw refused(location, 'not an address');
        address = new URL(location, target.url).href;
      }
    } catch (cause) {
      if (cause instanceof FetchFailed) throw cause;
      const reason = signal.aborted ? `no answer within ${this.timeoutMs} ms` : (cause as Error).message;
      throw new FetchFailed('fetch_failed', `${url}: ${reason}`, { cause });
    }
    throw new FetchFailed('fetch_refused', `${url}: more than ${mostRedirects} redirects`);
  }

  private async target(text: string, signal: AbortSignal): Promise<Target> {
    const url = this.asOwn(text);
    if (url) {
      const addresses = await this.addresses(url, signal);
      if (!addresses.every(isLoopback)) throw refused(text, 'the own service is not on loopback');
      return { url, address: addresses[0]! };
    }
    const reason = refusalOfUrl(text);
    if (reason) throw refused(text, reason);
    const other = new URL(text);
    const addresses = await this.addresses(other, signal);
    if (!addresses.every(isPublicAddress)) throw refused(text, 'its host has an address that is not public');
    return { url: other, address: addresses[0]! };
  }

  /** The address at the own origin, when the text lies there (or at its https twin). */
  private asOwn(text: string): URL | undefined {
    if (!this.own || !URL.canParse(text)) return undefined;
    const url = new URL(text);
    const there = url.host === this.own.host && (url.protocol === 'http:' || url.protocol === 'https:');
    if (!there || url.username !== '' || url.password !== '') return undefined;
    return new URL(`${this.own.origin}${url.pathname}${url.search}`);
  }

  private async addresses(url: URL, signal: AbortSignal): Promise<string[]> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0) return [host];
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    const addresses = await Promise.race([this.resolve(host), late]);
    if (addresses.length === 0) throw refused(url.href, 'its host has no address');
    return addresses;
  }

  private async read(response: IncomingMessage, status: number, signal: AbortSignal): Promise<Fetched> {
    const stop = (): void => void response.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of decoded(response)) {
        length += (chunk as Buffer).length;
        if (length > this.maxBytes)
          throw new FetchFailed('fetch_failed', `the body is larger than ${this.maxBytes} bytes`);
        chunks.push(chunk as Buffer);
      }
      if (!response.complete) throw new FetchFailed('fetch_failed', 'the body was cut off');
      const contentType = (response.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
      const bytes = Buffer.concat(chunks);
      return { status, contentType, body: bytes.toString('utf8'), bytes };
    } finally {
      signal.removeEventListener('abort', stop);
      response.destroy();
    }
  }
}

const refused = (url: string, reason: string): FetchFailed =>
  new FetchFailed('fetch_refused', `${url}: ${reason}`);

function get({ url, address }: Target, accept: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'GET',
      agent: false,
      signal,
      headers: { accept, 'accept-encoding': 'gzip', 'user-agent': 'Insigne' },
      maxHeaderSize: 16 * 1024,
      // Whatever the name resolves to by now, the connection goes to the address that was checked.
      lookup: (_host: string, how: { all?: boolean }, done: (...answer: unknown[]) => void): void => {
        if (how.all) done(null, [{ address, family: isIP(address) }]);
        else done(null, address, isIP(address));
      },
    };
    const request = (url.protocol === 'https:' ? https : http).get(
      url,
      options as https.RequestOptions,
      resolve,
    );
    request.on('error', reject);
    limitConnecting(request, connectMs);
    // After an answer this does nothing; a server that changes the protocol closes without either.
    request.once('close', () => reject(new Error('closed without an answer')));
  });
}

function decoded(response: IncomingMessage): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase();
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : undefined;
  if (!decoder) {
    if (encoding !== 'identity')
      throw new FetchFailed('fetch_failed', `unknown content encoding ${encoding}`);
    return response;
  }
  response.on('error', (error) => decoder.destroy(error));
  response.on('aborted', () => decoder.destroy(new Error('the body was cut off')));
  return response.pipe(decoder);
}
