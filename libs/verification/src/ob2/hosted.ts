import { canonicalJson } from '#platform';
import type { JsonObject } from '#signing';
import { type Fetched, type Fetcher, FetchFailed, leftItsSite } from '../fetcher.js';
import { readJson, Unreadable } from '../parse.js';
import { type Answer, failed, passed, unknown } from '../report.js';
import { said } from '../said.js';
import { ob2Accept } from './documents.js';
import { idOf } from './shape.js';

interface Withdrawal {
  reason?: string;
  isSuspended?: boolean;
}

/** What the address of a hosted assertion says of it. */
export interface HostedAnswer {
  proof: Answer;
  /** The document there: the truth about the badge. Absent when there is none. */
  truth?: JsonObject;
  /** Withdrawn by 410 or `revoked`, with the reason given, and whether it says that this is no more than a suspension. */
  revoked?: Withdrawal;
}

/**
 * Asks the address of a hosted assertion (Open Badges 2.0, Hosted Verification): the document there is the truth, its
 * `id` must be that address, and what was handed in may not say anything else. 410 or `revoked: true` withdraws it.
 */
export async function hostedTruth(given: JsonObject, fetcher: Fetcher): Promise<HostedAnswer> {
  const address = said(given.id);
  let answer: Fetched;
  try {
    answer = await fetcher.fetch(address, ob2Accept);
  } catch (error) {
    if (error instanceof FetchFailed) return { proof: unknown('hosted_unreachable', error.message) };
    throw error;
  }
  if (leftItsSite(address, answer)) return { proof: unknown('linked_elsewhere', answer.from) };
  if (answer.status === 410) return { proof: passed('hosted_gone'), revoked: reasonIn(answer.body, address) };
  if (answer.status !== 200)
    return { proof: unknown('hosted_unreachable', `${address} answers ${answer.status}`) };
  let truth: JsonObject;
  try {
    truth = readJson(answer.body);
  } catch (error) {
    if (error instanceof Unreadable) return { proof: unknown('hosted_unreadable', error.code) };
    throw error;
  }
  if (truth.id !== address)
    return { proof: failed('hosted_id_differs', `${address} is about ${said(truth.id)}`) };
  if (truth.revoked === true) return { proof: passed('hosted_gone'), revoked: withdrawalIn(truth) };
  const differing = differenceFrom(given, truth);
  if (differing) return { proof: failed('hosted_differs', differing), truth };
  return { proof: passed('hosted_there', address), truth };
}

/** What a notice or an entry of a list of Open Badges 2.0 says of a withdrawal. */
export const withdrawalIn = ({ revocationReason, suspended }: JsonObject): Withdrawal => ({
  ...(typeof revocationReason === 'string' && { reason: revocationReason }),
  ...(suspended === true && { isSuspended: true }),
});

/** The answer that it amounts to. */
export const withdrawnBy = ({ reason, isSuspended }: Withdrawal): Answer =>
  failed(isSuspended ? 'suspended' : 'revoked', reason);

function reasonIn(body: string, address: string): Withdrawal {
  try {
    const document = readJson(body);
    return document.id === address ? withdrawalIn(document) : {};
  } catch (error) {
    if (error instanceof Unreadable) return {};
    throw error;
  }
}

// The picture carries its own badge, and a link may have been written out by whoever exported it.
const mayDiffer = new Set(['@context', 'image', 'type']);

/** The first member of the given document that says something else than the truth. */
function differenceFrom(given: JsonObject, truth: JsonObject): string | undefined {
  return Object.keys(given).find((name) => {
    if (mayDiffer.has(name) || given[name] === null) return false;
    if (name === 'badge') return idOf(given.badge) !== idOf(truth.badge);
    const other = name === 'verify' ? (truth.verify ?? truth.verification) : truth[name];
    return other === undefined || canonicalJson(given[name]) !== canonicalJson(other);
  });
}
