import { Bitstring, type JsonObject, minimumEntries, prepare, StatusListInvalid } from '#signing';
import { checkDates, endOf, startOf } from './dates.js';
import { type Fetcher, fetchText } from './fetcher.js';
import { checkJwt } from './jwt.js';
import { readCredential, type Secured } from './parse.js';
import { checkEmbeddedProofs } from './proofs.js';
import { type Answer, issuerOf, passed, unknown } from './report.js';

export interface StatusRequest {
  issuer: string;
  fetcher: Fetcher;
  /** Where key documents come from; `fetcher` when absent. */
  keyFetcher?: Fetcher;
  now: Date;
  origin?: string;
  /** Its holder chose what of it is shown. */
  isDerived?: boolean;
  register?: StatusRegister;
}

/**
 * What the operator's own register says now of a place in one of its own lists, which are signed some seconds after a
 * change; nothing of a place that stands, or of others' lists.
 * @param list address of the list
 */
export type StatusRegister = (list: string, index: number) => Promise<'suspended' | 'revoked' | undefined>;

/** A status entry, its members read. */
export interface StatusEntry {
  /** Bitstring Status List 1.0, or else the older Status List 2021. */
  isBitstring: boolean;
  /** Address of the list. */
  list: string;
  index: number;
  purpose: string;
  /** Bits of a value. */
  size: number;
  messages: Map<number, string>;
}

const largestList = 1024 * 1024;

/**
 * The value that the issuer's list holds for an entry, or why it cannot be relied on.
 * @throws FetchFailed, StatusListInvalid (`malformed_value_error`, `status_list_length_error`, `range_error`), Unreadable
 */
export async function valueInList(
  entry: StatusEntry,
  request: StatusRequest,
): Promise<{ answer: Answer; value?: undefined } | { answer?: undefined; value: number }> {
  const accept = 'application/vc, application/vc+ld+json, application/json';
  const secured = readCredential(await fetchText(request.fetcher, entry.list, accept), largestList);
  const refused = await listRefusal(secured, entry, request);
  if (refused) return { answer: refused };
  const subject = secured.credential.credentialSubject as JsonObject | undefined;
  const [type, purposes] = [[subject?.type].flat(), [subject?.statusPurpose].flat()];
  const { encodedList, ttl } = subject ?? {};
  if (!type.includes(entry.isBitstring ? 'BitstringStatusList' : 'StatusList2021'))
    return { answer: unknown('status_verification_error', 'type') };
  if (!purposes.includes(entry.purpose)) return { answer: unknown('status_verification_error', 'purpose') };
  if (typeof encodedList !== 'string') return { answer: unknown('malformed_value_error', 'encodedList') };
  if (ttl !== undefined && !(Number.isInteger(ttl) && (ttl as number) >= 0))
    return { answer: unknown('malformed_value_error', 'ttl') };
  return { value: valueAt(encodedList, entry) };
}

function valueAt(encodedList: string, { isBitstring, index, size }: StatusEntry): number {
  // Status List 2021 has no multibase letter, and some wrote padding.
  const bits = Bitstring.decode(isBitstring ? encodedList : `u${encodedList.replace(/={1,2}$/, '')}`);
  if (bits.length / size < minimumEntries)
    throw new StatusListInvalid('status_list_length_error', `fewer than ${minimumEntries} values`);
  let value = 0;
  for (let bit = 0; bit < size; bit += 1) value = value * 2 + (bits.get(index * size + bit) ? 1 : 0);
  return value;
}

/** Why a list credential cannot be relied on, if so. */
async function listRefusal(
  secured: Secured,
  entry: StatusEntry,
  request: StatusRequest,
): Promise<Answer | undefined> {
  const list = secured.credential;
  const type = entry.isBitstring ? 'BitstringStatusListCredential' : 'StatusList2021Credential';
  if (![list.type].flat().includes(type)) return unknown('status_verification_error', 'type');
  if (issuerOf(list)?.id !== request.issuer) return unknown('status_verification_error', 'issuer');
  if (list.id !== undefined && list.id !== entry.list) return unknown('status_verification_error', 'id');
  const keys = { ...request, fetcher: request.keyFetcher ?? request.fetcher };
  const { issuer, proof } =
    secured.form === 'jwt'
      ? await checkJwt(secured, keys, false)
      : await checkEmbeddedProofs(list, await prepare(list), keys);
  if (issuer.outcome !== 'passed') return unknown('status_verification_error', issuer.code);
  if (proof.outcome !== 'passed') return unknown('status_verification_error', proof.code);
  const dates =
    startOf(list) === undefined && endOf(list) === undefined
      ? passed('dates_valid')
      : checkDates(list, request.now);
  return dates.outcome === 'passed' ? undefined : unknown('status_list_stale', dates.code);
}
