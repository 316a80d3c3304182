import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonObject } from './canonical.js';
import { vcContext } from './contexts.js';
import { StatusListInvalid } from './errors.js';

/** Least number of entries of a list (Bitstring Status List 1.0, 2.3): a crowd to hide in. */
export const minimumEntries = 131_072;
const largestListBytes = 8 * 1024 * 1024;

/** A list of one bit per credential; index 0 is the left-most bit of the first byte. */
export class Bitstring {
  private constructor(private readonly bytes: Buffer) {}

  /** A list of zeros. @param entries at least 131,072, a multiple of 8; else StatusListInvalid (`status_list_length_error`) */
  static ofLength(entries: number = minimumEntries): Bitstring {
    if (
      !Number.isInteger(entries) ||
      entries < minimumEntries ||
      entries % 8 !== 0 ||
      entries > largestListBytes * 8
    )
      throw new StatusListInvalid(
        'status_list_length_error',
        `${entries} is not a length a status list may have`,
      );
    return new Bitstring(Buffer.alloc(entries / 8));
  }

  /** A list from its raw bytes, most significant bit first. @throws StatusListInvalid (`status_list_length_error`) */
  static ofBytes(bytes: Uint8Array): Bitstring {
    const list = Bitstring.ofLength(bytes.length * 8);
    list.bytes.set(bytes);
    return list;
  }

  /**
   * Reads an `encodedList`: 'u', then unpadded base64url of gzip of the bits.
   * @throws StatusListInvalid (`malformed_value_error`, `status_list_length_error`)
   */
  static decode(encoded: string): Bitstring {
    if (!/^u[A-Za-z0-9_-]+$/.test(encoded))
      throw new StatusListInvalid(
        'malformed_value_error',
        'encodedList is not multibase base64url without padding',
      );
    let bytes: Buffer;
    try {
      bytes = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'), { maxOutputLength: largestListBytes });
    } catch {
      throw new StatusListInvalid('malformed_value_error', 'encodedList is not gzip, or larger than 8 MiB');
    }
    if (bytes.length * 8 < minimumEntries)
      throw new StatusListInvalid(
        'status_list_length_error',
        `The list has ${bytes.length * 8} entries, fewer than ${minimumEntries}`,
      );
    return new Bitstring(bytes);
  }

  /** The `encodedList` of these bits; equal bits give equal text. */
  encode(): string {
    return `u${gzipSync(this.bytes, { level: 9 }).toString('base64url')}`;
  }

  get length(): number {
    return this.bytes.length * 8;
  }

  /** The bit of an index. @throws StatusListInvalid (`range_error`) */
  get(index: number): boolean {
    this.check(index);
    return ((this.bytes[index >> 3]! >> (7 - (index & 7))) & 1) === 1;
  }

  /** Sets the bit of an index. @throws StatusListInvalid (`range_error`) */
  set(index: number, value = true): void {
    this.check(index);
    const mask = 1 << (7 - (index & 7));
    this.bytes[index >> 3] = value ? this.bytes[index >> 3]! | mask : this.bytes[index >> 3]! & ~mask;
  }

  /** Sets every bit that is set in the other list too; entries beyond its own end are left aside. */
  add(other: Bitstring): void {
    const shared = Math.min(this.bytes.length, other.bytes.length);
    for (let at = 0; at < shared; at += 1) this.bytes[at]! |= other.bytes[at]!;
  }

  /** The indices, in order, whose bit is set here and not in the other list; without one, all that are set. */
  beyond(other?: Bitstring): number[] {
    const found: number[] = [];
    for (let at = 0; at < this.bytes.length; at += 1) {
      const left = this.bytes[at]! & ~(other?.bytes[at] ?? 0);
      for (let bit = 0; left !== 0 && bit < 8; bit += 1) if (left & (128 >> bit)) found.push(at * 8 + bit);
    }
    return found;
  }

  private check(index: number): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new StatusListInvalid('range_error', `The list has no entry ${index}`);
  }
}

/**
 * An unsigned BitstringStatusListCredential (Bitstring Status List 1.0, 2.2), under the VC 2.0 context alone.
 * @param list.id address of the list; its subject is `id#list`
 * @param list.validFrom when this version was made; sub-seconds are dropped
 * @param list.validUntil when a verifier must ask again at the latest
 * @param list.ttlSeconds for how long it may be kept without asking again; written as milliseconds
 */
export function buildStatusListCredential(list: {
  id: string;
  issuer: string;
  bits: Bitstring;
  validFrom: Date;
  validUntil?: Date;
  ttlSeconds?: number;
  purpose?: 'revocation' | 'suspension';
}): JsonObject {
  return {
    '@context': [vcContext],
    id: list.id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: list.issuer,
    validFrom: wholeSeconds(list.validFrom),
    ...(list.validUntil ? { validUntil: wholeSeconds(list.validUntil) } : {}),
    credentialSubject: {
      id: `${list.id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: list.purpose ?? 'revocation',
      ...(list.ttlSeconds === undefined ? {} : { ttl: list.ttlSeconds * 1_000 }),
      encodedList: list.bits.encode(),
    },
  };
}

/** The `credentialStatus` of a badge (Bitstring Status List 1.0, 2.1). @param entry.index written as a decimal string */
export const statusEntry = (entry: { list: string; index: number; purpose?: 'revocation' }): JsonObject => ({
  id: `${entry.list}#${entry.index}`,
  type: 'BitstringStatusListEntry',
  statusPurpose: entry.purpose ?? 'revocation',
  statusListIndex: String(entry.index),
  statusListCredential: entry.list,
});

const wholeSeconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
