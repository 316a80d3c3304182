import type { JsonObject } from '#signing';
import type { BadgeOptions, Outcome, Verdict } from '#verification';
import { ob2Web } from '../ob2-world.js';
import { aWeb, FakeWeb } from '../world.js';

/** A badge as somebody hands it in, and what differs on the web then. */
export interface Handed {
  input: Buffer | string | object;
  /** Pages that differ; undefined does not answer, a number answers with that status. */
  web?: Record<string, unknown>;
  options?: Partial<BadgeOptions>;
}

/**
 * One fault: what is wrong, the check that must tell it with outcome and code, and the badge.
 * @example ['a letter of the name changed', 'proof failed signature_wrong', async () => ({ input: … })]
 */
export type Fault = [what: string, told: string, badge: () => Promise<Handed> | Handed];

/** What a verifier answers. */
export interface Told {
  checks: { name: string; outcome: Outcome; code: string }[];
  verdict: Verdict;
}

/** Badges that differ from one original by one fault each. */
export interface Family {
  form: string;
  /** Authentic as it is. */
  original: () => Promise<Handed> | Handed;
  /** How it is verified, when not as a badge. */
  verify?: (handed: Handed) => Promise<Told>;
  faults: Fault[];
}

let base: Promise<FakeWeb> | undefined;

/** The web of all issuers of the corpus, with changes. */
export async function corpusWeb(changes: Record<string, unknown> = {}): Promise<FakeWeb> {
  base ??= aWeb();
  const known = await base;
  const pages = new Map([...known.pages, ...ob2Web().pages]);
  const statuses = new Map<string, number>();
  for (const [url, page] of Object.entries(changes)) {
    pages.delete(url);
    if (page === undefined) continue;
    if (typeof page === 'number') statuses.set(url, page);
    pages.set(url, typeof page === 'string' ? page : typeof page === 'number' ? '{}' : JSON.stringify(page));
  }
  return new FakeWeb(pages, statuses);
}

export const plain = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;

/** A copy with one member changed, by path; undefined takes it away. */
export function changed(document: JsonObject, path: string, value: unknown): JsonObject {
  const copy = plain(document);
  const names = path.split('.');
  let place: JsonObject = copy;
  for (const name of names.slice(0, -1)) place = place[name] as JsonObject;
  const last = names.at(-1)!;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}
