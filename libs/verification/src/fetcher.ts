import { DomainError } from '#platform';
import type { JsonObject } from '#signing';
import { readJson } from './parse.js';

export interface Fetched {
  /** HTTP status after redirects. */
  status: number;
  /** Media type without parameters, lower case; '' when absent. */
  contentType: string;
  /** The decoded body as UTF-8 text. */
  body: string;
  /** The decoded body as it came: what a picture is read from. Absent where the answer is our own text. */
  bytes?: Buffer;
}

/** Where documents of others come from: DID documents, keys, status lists. Any failure is a FetchFailed. */
export abstract class Fetcher {
  abstract fetch(url: string, accept?: string): Promise<Fetched>;
}

/** Something could not be fetched: the address is refused (`fetch_refused`) or does not answer well (`fetch_failed`). */
export class FetchFailed extends DomainError {
  constructor(
    readonly code: 'fetch_refused' | 'fetch_failed',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Asks each address once, however often it is wanted during one verification. */
export class OnceFetcher extends Fetcher {
  private readonly answers = new Map<string, Promise<Fetched>>();

  constructor(private readonly inner: Fetcher) {
    super();
  }

  fetch(url: string, accept?: string): Promise<Fetched> {
    const known = this.answers.get(url);
    if (known) return known;
    const answer = this.inner.fetch(url, accept);
    this.answers.set(url, answer);
    return answer;
  }
}

const largestList = 1024 * 1024;

/** The text at an address. @throws FetchFailed, also for any status but 200 */
export async function fetchText(fetcher: Fetcher, url: string, accept?: string): Promise<string> {
  const answer = await fetcher.fetch(url, accept);
  if (answer.status !== 200) throw new FetchFailed('fetch_failed', `${url} answers ${answer.status}`);
  return answer.body;
}

/** The JSON object at an address. @throws FetchFailed, Unreadable */
export const fetchJson = async (fetcher: Fetcher, url: string): Promise<JsonObject> =>
  readJson(await fetchText(fetcher, url, 'application/did+json, application/json'), largestList);
