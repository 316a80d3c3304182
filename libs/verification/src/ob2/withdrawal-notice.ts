import type { JsonObject } from '#signing';
import type { Fetched } from '../fetcher.js';
import { readJson, Unreadable } from '../parse.js';

const webAddress = /^https?:\/\//i;

/**
 * Is this what stands for a hosted assertion once it is revoked: its `id`, `revoked`, perhaps the reason, and nothing
 * more (Open Badges 2.0, Hosted Verification)?
 */
export const isNotice = (document: JsonObject): boolean =>
  document.revoked === true &&
  [document.type].flat().includes('Assertion') &&
  document.badge === undefined &&
  document.credentialSubject === undefined &&
  typeof document.id === 'string' &&
  webAddress.test(document.id);

/**
 * Does an answer say with 410 that the badge at the address is withdrawn? Forms of one badge (a picture, a signed text)
 * may name its assertion at another address of the same host.
 */
export function isWithdrawalNotice({ status, body }: Fetched, address: string): boolean {
  if (status !== 410) return false;
  try {
    const { id, revoked, type } = readJson(body);
    return (
      revoked === true &&
      [type].flat().includes('Assertion') &&
      typeof id === 'string' &&
      hostOf(id) !== undefined &&
      hostOf(id) === hostOf(address)
    );
  } catch (error) {
    if (error instanceof Unreadable) return false;
    throw error;
  }
}

const hostOf = (address: string): string | undefined =>
  webAddress.test(address) && URL.canParse(address) ? new URL(address).host : undefined;
