import { DomainError } from '#platform';
import { Bitstring, type JsonObject, prepare, StatusListInvalid } from '#signing';
import { checkDates } from './dates.js';
import { type Fetcher, FetchFailed, fetchJson, fetchText } from './fetcher.js';
import { checkJwt } from './jwt.js';
import { readCredential, type Secured } from './parse.js';
import { checkEmbeddedProofs } from './proofs.js';
import { type Answer, failed, issuerOf, passed, unknown } from './report.js';

export interface StatusRequest {
  issuer: string;
  fetcher: Fetcher;
  now: Date;
  origin?: string;
}

const largestList = 1024 * 1024;

/**
 * Has the issuer withdrawn the credential? Bitstring Status List 1.0, 3.2, and 1EdTech Revocation List. The list must
 * be the issuer's own, signed and in date; anything short of that is 'unknown', never 'passed'.
 */
export async function checkStatus(credential: JsonObject, request: StatusRequest): Promise<Answer> {
  const entry = credential.credentialStatus;
  if (entry === undefined) return passed('status_none');
  if (entry === null || typeof entry !== 'object' || Array.isArray(entry))
    return unknown('status_entry_malformed');
  const { type } = entry as JsonObject;
  try {
    if (type === 'BitstringStatusListEntry') return await inBitstring(entry as JsonObject, request);
    if (type === '1EdTechRevocationList')
      return await inRevocationList(entry as JsonObject, credential, request);
  } catch (error) {
    if (error instanceof FetchFailed) return unknown('status_retrieval_error', error.message);
    if (error instanceof StatusListInvalid) return unknown(error.code, error.message);
    if (error instanceof DomainError) return unknown('status_verification_error', error.message);
    throw error;
  }
  return unknown('status_type_not_supported', String(type));
}

async function inBitstring(entry: JsonObject, request: StatusRequest): Promise<Answer> {
  const { statusListCredential: address, statusListIndex, statusPurpose } = entry;
  if (
    typeof address !== 'string' ||
    typeof statusListIndex !== 'string' ||
    !/^(0|[1-9]\d{0,9})$/.test(statusListIndex)
  )
    return unknown('status_entry_malformed');
  if (statusPurpose !== 'revocation' && statusPurpose !== 'suspension')
    return unknown('status_type_not_supported', String(statusPurpose));
  if (entry.statusSize !== undefined && entry.statusSize !== 1)
    return unknown('status_type_not_supported', 'statusSize');
  const text = await fetchText(
    request.fetcher,
    address,
    'application/vc, application/vc+ld+json, application/json',
  );
  const secured = readCredential(text, largestList);
  const refused = await listRefusal(secured, address, request);
  if (refused) return refused;
  const subject = secured.credential.credentialSubject as JsonObject | undefined;
  const purposes = [subject?.statusPurpose].flat();
  if (
    subject?.type !== 'BitstringStatusList' ||
    !purposes.includes(statusPurpose) ||
    typeof subject.encodedList !== 'string'
  )
    return unknown('status_verification_error', 'purpose');
  if (!Bitstring.decode(subject.encodedList).get(Number(statusListIndex))) return passed('status_active');
  return statusPurpose === 'suspension'
    ? failed('suspended')
    : withdrawal(address, Number(statusListIndex), request.fetcher);
}

// The address of a list as this service gives it; such a list has one bit for revocation and suspension.
const ownForm = /^https?:\/\/[^/?#]+\/status\/[0-9a-hjkmnp-tv-z]{26}$/;
const isPlaces = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((place) => Number.isInteger(place));

/**
 * What a set bit for revocation stands for. A service of this kind publishes beside its list which bits are
 * suspensions; while that cannot be read, neither is claimed.
 */
async function withdrawal(address: string, index: number, fetcher: Fetcher): Promise<Answer> {
  if (!ownForm.test(address)) return failed('revoked');
  try {
    const { suspended, lifted } = await fetchJson(fetcher, `${address}/suspended`);
    if (!isPlaces(suspended) || !isPlaces(lifted)) return failed('withdrawn_or_suspended');
    if (lifted.includes(index)) return unknown('status_changing');
    return failed(suspended.includes(index) ? 'suspended' : 'revoked');
  } catch (error) {
    if (error instanceof DomainError) return failed('withdrawn_or_suspended');
    throw error;
  }
}

/** Why a list credential cannot be relied on, if so. */
async function listRefusal(
  secured: Secured,
  address: string,
  request: StatusRequest,
): Promise<Answer | undefined> {
  const list = secured.credential;
  if (![list.type].flat().includes('BitstringStatusListCredential'))
    return unknown('status_verification_error', 'type');
  if (issuerOf(list)?.id !== request.issuer) return unknown('status_verification_error', 'issuer');
  if (list.id !== undefined && list.id !== address) return unknown('status_verification_error', 'id');
  const { issuer, proof } =
    secured.form === 'jwt'
      ? await checkJwt(secured, request, false)
      : await checkEmbeddedProofs(list, await prepare(list), request);
  if (issuer.outcome !== 'passed') return unknown('status_verification_error', issuer.code);
  if (proof.outcome !== 'passed') return unknown('status_verification_error', proof.code);
  const dates =
    list.validFrom === undefined && list.validUntil === undefined
      ? passed('dates_valid')
      : checkDates(list, request.now);
  return dates.outcome === 'passed' ? undefined : unknown('status_list_stale', dates.code);
}

// The list is not signed: https to the issuer's own host is all that vouches for it (Open Badges 3.0, 9.4).
async function inRevocationList(
  entry: JsonObject,
  credential: JsonObject,
  request: StatusRequest,
): Promise<Answer> {
  if (typeof entry.id !== 'string') return unknown('status_entry_malformed');
  const list = await fetchJson(request.fetcher, entry.id);
  if (issuerOf(list)?.id !== request.issuer) return unknown('status_verification_error', 'issuer');
  if (!Array.isArray(list.revokedCredential)) return unknown('malformed_value_error');
  const found = (list.revokedCredential as unknown[]).some((item) => {
    const revoked = (typeof item === 'string' ? { id: item } : item) as JsonObject | null;
    return revoked?.id === credential.id && revoked?.revoked !== false;
  });
  return found ? failed('revoked') : passed('status_active');
}
