import type { JsonObject } from '#signing';
import { type Fetcher, fetchJson } from './fetcher.js';
import { withdrawalIn, withdrawnBy } from './ob2/hosted.js';
import { type Answer, failed, issuerOf, passed, unknown } from './report.js';

// Letters of a UUID count the same in either case (RFC 9562, 4; RFC 8141, 3.1).
const plain = (id: unknown): unknown =>
  typeof id === 'string' && /^urn:uuid:/i.test(id) ? id.toLowerCase() : id;
const isSameId = (one: unknown, other: unknown): boolean => plain(one) === plain(other);

/** Are two addresses on the same https host (or the same origin at all)? */
const sameOrigin = (one: string, other: string): boolean =>
  URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;

/**
 * 1EdTech Revocation List (Open Badges 3.0, 9.4). The list is not signed: https to the issuer's own host is all that
 * vouches for it. One that does not answer is 'unknown'.
 * @throws FetchFailed, Unreadable
 */
export async function inRevocationList(
  entry: JsonObject,
  credential: JsonObject,
  request: { issuer: string; fetcher: Fetcher },
): Promise<Answer> {
  if (typeof entry.id !== 'string') return unknown('status_entry_malformed');
  const list = await fetchJson(request.fetcher, entry.id);
  if (list.id !== undefined && list.id !== entry.id) return unknown('status_verification_error', 'id');
  if (issuerOf(list)?.id !== request.issuer) return unknown('status_verification_error', 'issuer');
  if (!Array.isArray(list.revokedCredential)) return unknown('malformed_value_error');
  const listed: JsonObject[] = [];
  for (const item of list.revokedCredential as unknown[]) {
    const one = (typeof item === 'string' ? { id: item } : item) as JsonObject | null;
    if (typeof one?.id !== 'string') return unknown('malformed_value_error');
    listed.push(one);
  }
  const found = listed.find(({ id, revoked }) => isSameId(id, credential.id) && revoked !== false);
  return found ? failed('revoked', reasonOf(found)) : passed('status_active');
}

/**
 * Open Badges 2.0 RevocationList: `revokedAssertions` holds ids, or objects with `id` and `revocationReason`.
 * @throws FetchFailed, Unreadable
 */
export async function inRevokedAssertions(
  address: string,
  assertionId: unknown,
  request: { issuer: string; fetcher: Fetcher },
): Promise<Answer> {
  const list = await fetchJson(request.fetcher, address);
  if (![list.type].flat().includes('RevocationList')) return unknown('status_verification_error', 'type');
  if (list.id !== address) return unknown('status_verification_error', 'id');
  const issuer = issuerOf(list)?.id;
  if (issuer !== request.issuer && !(issuer === undefined && sameOrigin(address, request.issuer)))
    return unknown('status_verification_error', 'issuer');
  if (!Array.isArray(list.revokedAssertions)) return unknown('malformed_value_error');
  for (const item of list.revokedAssertions as unknown[]) {
    const one = (typeof item === 'string' ? { id: item } : item) as JsonObject | null;
    if (typeof one?.id !== 'string') return unknown('malformed_value_error');
    if (isSameId(one.id, assertionId)) return withdrawnBy(withdrawalIn(one));
  }
  return passed('status_active');
}

const reasonOf = ({ revocationReason }: JsonObject): string | undefined =>
  typeof revocationReason === 'string' ? revocationReason : undefined;
