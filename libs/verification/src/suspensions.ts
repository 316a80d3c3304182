import { DomainError } from '#platform';
import { type Fetcher, fetchJson } from './fetcher.js';
import { type Answer, failed, unknown } from './report.js';

// The address of a list as this service gives it; such a list has one bit for revocation and suspension.
const ownForm = /^https?:\/\/[^/?#]+\/status\/[0-9a-hjkmnp-tv-z]{26}$/;
const isPlaces = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((place) => Number.isInteger(place));

/**
 * What a set bit for revocation stands for. A service of this kind publishes beside its list which bits are
 * suspensions; while that cannot be read, neither is claimed.
 */
export async function withdrawal(address: string, index: number, fetcher: Fetcher): Promise<Answer> {
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
