import type { JsonObject } from '#signing';
import { type Fetched, Fetcher, FetchFailed } from './fetcher.js';
import { readJson, Unreadable } from './parse.js';

interface Kept {
  answer: Fetched;
  seenAt: number;
}

const keptForMs = 24 * 60 * 60 * 1000;
const largestDocument = 128 * 1024;
const members = [
  'verificationMethod',
  'assertionMethod',
  'keys',
  'kty',
  'publicKeyMultibase',
  'publicKeyPem',
];

/**
 * Key documents of strangers as they were last seen, so that an outage of theirs does not make every badge of theirs
 * impossible to check. A copy serves for 24 hours, only while its server does not answer; whatever is seen later, a
 * revocation or that it is gone, takes its place at once. Bounded in number and size; kept in memory alone.
 */
export class KeyDocuments {
  private readonly kept = new Map<string, Kept>();

  /** @param most documents kept; the one used longest ago makes room */
  constructor(private readonly most: number = 1_000) {}

  /** A fetcher that remembers key documents here. @param now instant of the verification */
  over(inner: Fetcher, now: Date): RecallingFetcher {
    return new RecallingFetcher(this, inner, now.getTime());
  }

  /** What was seen of an address not long ago. */
  recall(url: string, now: number): Kept | undefined {
    const found = this.kept.get(url);
    if (!found) return undefined;
    this.kept.delete(url);
    if (now - found.seenAt > keptForMs || now < found.seenAt) return undefined;
    this.kept.set(url, found);
    return found;
  }

  /** Takes note of what an address answers now. */
  note(url: string, answer: Fetched, now: number): void {
    const known = this.kept.get(url);
    // What was seen after this answer was asked for counts more.
    if (known && known.seenAt > now) return;
    this.kept.delete(url);
    if (answer.status !== 200 || answer.body.length > largestDocument || !isKeyDocument(answer.body)) return;
    const { bytes: _twice, ...text } = answer;
    this.kept.set(url, { answer: text, seenAt: now });
    if (this.kept.size > this.most) this.kept.delete(this.kept.keys().next().value!);
  }
}

function isKeyDocument(body: string): boolean {
  try {
    const document: JsonObject = readJson(body, largestDocument);
    return members.some((member) => Object.hasOwn(document, member));
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

// The server is there, but not well; anything else it answers is its word.
const isOutage = (status: number): boolean => status >= 500 || status === 429 || status === 408;

/** Fetches as another does, and falls back on what was seen before while a server is down. */
export class RecallingFetcher extends Fetcher {
  /** Documents that came from memory during this verification. */
  readonly recalled: { url: string; seenAt: Date }[] = [];

  constructor(
    private readonly documents: KeyDocuments,
    private readonly inner: Fetcher,
    private readonly now: number,
  ) {
    super();
  }

  async fetch(url: string, accept?: string): Promise<Fetched> {
    let answer: Fetched;
    try {
      answer = await this.inner.fetch(url, accept);
    } catch (error) {
      const recalled = error instanceof FetchFailed && error.code === 'fetch_failed' && this.recall(url);
      if (recalled) return recalled;
      throw error;
    }
    if (isOutage(answer.status)) return this.recall(url) ?? answer;
    this.documents.note(url, answer, this.now);
    return answer;
  }

  private recall(url: string): Fetched | undefined {
    const found = this.documents.recall(url, this.now);
    if (found) this.recalled.push({ url, seenAt: new Date(found.seenAt) });
    return found?.answer;
  }
}
