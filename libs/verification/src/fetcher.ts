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
  /** Where it came from, when redirects led there from the address that was asked. */
  from?: string;
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

/**
 * Did an address hand us on to another site? Any site with a page that sends its visitors on would otherwise vouch for
 * keys and badges of everybody. Hosts of one domain (badges.example, www.badges.example) are one site.
 */
export function leftItsSite(asked: string, { from }: Fetched): boolean {
  if (from === undefined) return false;
  const [one, other] = [new URL(asked), new URL(from)];
  return !(
    one.host === other.host ||
    one.hostname.endsWith(`.${other.hostname}`) ||
    other.hostname.endsWith(`.${one.hostname}`)
  );
}

const largestList = 1024 * 1024;
const ofKeys = 'application/did+json, application/json';

/** The text at an address. @throws FetchFailed, also for any status but 200 */
export async function fetchText(fetcher: Fetcher, url: string, accept?: string): Promise<string> {
  const answer = await fetcher.fetch(url, accept);
  if (answer.status !== 200) throw new FetchFailed('fetch_failed', `${url} answers ${answer.status}`);
  return answer.body;
}

/**
 * What an address says of itself in JSON; nothing when a page for people is there, or no document at all (404, 410).
 * @throws FetchFailed when that cannot be told, Unreadable for JSON that is none
 */
export async function fetchOwnWord(fetcher: Fetcher, url: string): Promise<JsonObject | undefined> {
  const answer = await fetcher.fetch(url, ofKeys);
  if (answer.status === 404 || answer.status === 410) return undefined;
  if (answer.status === 200 && !leftItsSite(url, answer) && !/^\uFEFF?\s*[{[]/.test(answer.body))
    return undefined;
  return fetchJson(fetcher, url);
}

/**
 * The JSON object at an address that vouches for it: nothing that another site gives in its place.
 * @throws FetchFailed, Unreadable
 */
export async function fetchJson(fetcher: Fetcher, url: string): Promise<JsonObject> {
  const answer = await fetcher.fetch(url, ofKeys);
  if (answer.status !== 200) throw new FetchFailed('fetch_failed', `${url} answers ${answer.status}`);
  if (leftItsSite(url, answer))
    throw new FetchFailed('fetch_refused', `${url} leads to another site: ${answer.from}`);
  return readJson(answer.body, largestList);
}
