import { DomainError } from '#platform';
import type { JsonObject } from '#signing';
import { type Fetched, type Fetcher, FetchFailed, leftItsSite } from '../fetcher.js';
import { readJson, Unreadable } from '../parse.js';
import { type Answer, failed, passed, unknown } from '../report.js';
import { said } from '../said.js';
import { idOf, ob2ContextFault, ob2Fault } from './shape.js';

export const ob2Accept = 'application/ld+json, application/json';
const largest = 1024 * 1024;

export interface Linked {
  badge: JsonObject;
  profile: JsonObject;
}

type Found = { document: JsonObject; answer?: undefined } | { document?: undefined; answer: Answer };

/** The document at an address, which must say that it is there; or why it cannot be used. */
export async function documentAt(address: string, fetcher: Fetcher): Promise<Found> {
  let answer: Fetched;
  try {
    answer = await fetcher.fetch(address, ob2Accept);
  } catch (error) {
    if (error instanceof FetchFailed) return { answer: unknown('linked_unreachable', error.message) };
    throw error;
  }
  if (leftItsSite(address, answer)) return { answer: unknown('linked_elsewhere', answer.from) };
  if (answer.status !== 200)
    return { answer: unknown('linked_unreachable', `${address} answers ${answer.status}`) };
  let document: JsonObject;
  try {
    document = readJson(answer.body, largest);
  } catch (error) {
    if (error instanceof Unreadable)
      return { answer: unknown('linked_unreadable', `${address}: ${error.code}`) };
    if (error instanceof DomainError) return { answer: unknown('linked_unreadable', address) };
    throw error;
  }
  if (document.id === address) return { document };
  return { answer: failed('linked_id_differs', `${address} is about ${said(document.id)}`) };
}

/**
 * The BadgeClass and the Profile that an assertion leads to, each taken from its own address: what the assertion itself
 * writes of them would be its word alone.
 * @param isSigned a BadgeClass written out inside what the issuer signed needs no address of its own
 */
export async function linkedOf(
  assertion: JsonObject,
  fetcher: Fetcher,
  isSigned: boolean,
): Promise<{ answer: Answer; schema?: Answer; linked?: Linked }> {
  const badge = await badgeOf(assertion, fetcher, isSigned);
  if (!badge.document) return { answer: badge.answer };
  const schema = faultOf('badgeClass', badge.document);
  if (schema) return { answer: passed('links_sound'), schema };
  const issuer = await documentAt(said(idOf(badge.document.issuer)), fetcher);
  if (!issuer.document) return { answer: issuer.answer };
  const profileFault = faultOf('profile', issuer.document);
  if (profileFault) return { answer: passed('links_sound'), schema: profileFault };
  return {
    answer: passed('links_sound'),
    linked: { badge: badge.document, profile: issuer.document },
  };
}

async function badgeOf(assertion: JsonObject, fetcher: Fetcher, isSigned: boolean): Promise<Found> {
  const id = said(idOf(assertion.badge));
  const isWritten = assertion.badge !== null && typeof assertion.badge === 'object';
  if (isSigned && isWritten && !/^https?:/.test(id)) return { document: assertion.badge as JsonObject };
  return documentAt(id, fetcher);
}

/** What is wrong with the words or the form of a document that was found at its address. */
export function faultOf(kind: 'badgeClass' | 'profile', document: JsonObject): Answer | undefined {
  // Only what stands at an address of its own has a context of its own.
  const context = document['@context'] === undefined ? undefined : ob2ContextFault(document);
  if (context?.code === 'context_unknown') return unknown('context_unknown', context.remark);
  if (context) return failed(context.code, `${kind}: ${context.remark}`);
  const fault = ob2Fault(kind, document);
  return fault ? failed('ob2_schema_broken', fault) : undefined;
}
