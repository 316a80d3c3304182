import { DomainError } from '#platform';
import { type JsonObject, StatusListInvalid } from '#signing';
import { FetchFailed } from './fetcher.js';
import { type Answer, failed, passed, unknown } from './report.js';
import { inRevocationList } from './revocation-list.js';
import { said } from './said.js';
import { type StatusEntry, type StatusRequest, valueInList } from './status-list-check.js';
import { withdrawal } from './suspensions.js';

const listTypes = ['BitstringStatusListEntry', 'StatusList2021Entry'];
const mostEntries = 4;

/**
 * Has the issuer withdrawn the credential? Bitstring Status List 1.0, 3.2, Status List 2021 and 1EdTech Revocation
 * List. The list must be the issuer's own, signed and in date; anything short of that is 'unknown', never 'passed'. So
 * is a derived credential that does not show its entry: nobody but its holder knows whether it has one.
 */
export async function checkStatus(credential: JsonObject, request: StatusRequest): Promise<Answer> {
  const given = credential.credentialStatus;
  if (given === undefined) return request.isDerived ? unknown('status_withheld') : passed('status_none');
  const entries = [given].flat() as unknown[];
  if (entries.length === 0 || entries.length > mostEntries) return unknown('status_entry_malformed');
  const answers: Answer[] = [];
  for (const entry of entries) answers.push(await checkEntry(entry, credential, request));
  if (request.isDerived && !entries.some(tellsRevocation)) answers.push(unknown('status_withheld'));
  return (
    answers.find(({ outcome }) => outcome === 'failed') ??
    answers.find(({ outcome }) => outcome === 'unknown') ??
    answers.find(({ code }) => code !== 'status_active') ??
    answers[0]!
  );
}

/** Of a list of entries a holder may show some: one about suspension alone leaves open what another says. */
const tellsRevocation = (entry: unknown): boolean => {
  const { type, statusPurpose } = (entry ?? {}) as JsonObject;
  return statusPurpose === 'revocation' || [type].flat().includes('1EdTechRevocationList');
};

async function checkEntry(given: unknown, credential: JsonObject, request: StatusRequest): Promise<Answer> {
  if (given === null || typeof given !== 'object' || Array.isArray(given))
    return unknown('status_entry_malformed');
  const entry = given as JsonObject;
  const types = [entry.type].flat();
  try {
    if (types.some((type) => listTypes.includes(said(type)))) return await inStatusList(entry, request);
    if (types.includes('1EdTechRevocationList')) return await inRevocationList(entry, credential, request);
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('status_retrieval_error', error.message);
    if (error instanceof StatusListInvalid) return unknown(error.code, error.message);
    if (error instanceof DomainError) return unknown('status_verification_error', error.message);
    throw error;
  }
  return unknown('status_type_not_supported', said(entry.type));
}

async function inStatusList(given: JsonObject, request: StatusRequest): Promise<Answer> {
  const entry = entryOf(given);
  if (!entry) return unknown('status_entry_malformed');
  if (!['revocation', 'suspension', 'refresh', 'message'].includes(entry.purpose))
    return unknown('status_type_not_supported', entry.purpose);
  const read = await valueInList(entry, request);
  if (read.answer) return read.answer;
  if (entry.purpose === 'message') return passed('status_message', entry.messages.get(read.value));
  if (read.value === 0) {
    const now = entry.purpose === 'revocation' && (await request.register?.(entry.list, entry.index));
    return now ? failed(now) : passed('status_active');
  }
  if (entry.purpose === 'refresh') return passed('status_newer');
  if (entry.purpose === 'suspension') return failed('suspended');
  return withdrawal(entry.list, entry.index, request.fetcher);
}

/** An entry's members in their types (Bitstring Status List 1.0, 2.1), or undefined when it is malformed. */
function entryOf(given: JsonObject): StatusEntry | undefined {
  const { id, statusListCredential: list, statusListIndex: index, statusPurpose: purpose } = given;
  const isBitstring = [given.type].flat().includes('BitstringStatusListEntry');
  const size = isBitstring ? (given.statusSize ?? 1) : 1;
  if (typeof list !== 'string' || typeof index !== 'string' || typeof purpose !== 'string') return undefined;
  if (!/^(0|[1-9]\d{0,9})$/.test(index) || id === list) return undefined;
  if (!Number.isInteger(size) || (size as number) < 1 || (size as number) > 8) return undefined;
  const messages = messagesOf(given.statusMessage);
  if (!messages) return undefined;
  const needed = 2 ** (size as number);
  // A size above one needs a message for each value it can take.
  if (((size as number) > 1 || purpose === 'message') && messages.size !== needed) return undefined;
  return { isBitstring, list, index: Number(index), purpose, size: size as number, messages };
}

function messagesOf(given: unknown): Map<number, string> | undefined {
  if (given === undefined) return new Map();
  if (!Array.isArray(given) || given.length > 256) return undefined;
  const messages = new Map<number, string>();
  for (const one of given as unknown[]) {
    const { status, message } = (one ?? {}) as JsonObject;
    if (typeof status !== 'string' || !/^0x[0-9a-f]{1,2}$/i.test(status)) return undefined;
    messages.set(Number(status), typeof message === 'string' ? message : status);
  }
  return messages;
}
