import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { v5, v7 } from 'uuid';
import { InvalidInput } from './errors.js';

/** A UUIDv7 for rows: sorted by time, never shown to strangers. */
export const uuid = (): string => v7();

/** The UUIDv5 of a name in a namespace (a UUID): the same everywhere (RFC 9562, 5.5). */
export const namedUuid = (namespace: string, name: string): string => v5(name, namespace);

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** 128 random bits as 26 characters of Crockford base32, lower case: what a public address carries. */
export function publicId(): string {
  let id = '';
  let rest = 0;
  let bits = 0;
  for (const byte of randomBytes(16).reverse()) {
    rest |= byte << bits;
    for (bits += 8; bits >= 5; bits -= 5, rest >>= 5) id = alphabet[rest & 31] + id;
  }
  return alphabet[rest] + id;
}

/** Does the text have the form of a public id? */
export const isPublicId = (text: string): boolean => /^[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text);

export const sha256 = (value: string | Buffer): Buffer => hash('sha256', value, 'buffer');

/** SHA-256 of a text in UTF-8, or of bytes, as 64 hexadecimal digits. */
export const sha256Hex = (value: string | Buffer): string => hash('sha256', value, 'hex');

/** Is the `Authorization` header this bearer token? It takes as long whatever was given. */
export const isBearer = (authorization: string | undefined, token: string): boolean =>
  timingSafeEqual(sha256(authorization ?? ''), sha256(`Bearer ${token}`));

const deepest = 200;

/**
 * JSON with keys sorted at every depth and `undefined` left out: equal values give equal text.
 * @throws InvalidInput (`invalid_input`) for a value nested deeper than 200 levels
 */
export function canonicalJson(value: unknown, depth = 0): string {
  if (depth > deepest)
    throw new InvalidInput([{ path: '', message: `must not be nested deeper than ${deepest} levels` }]);
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null, depth + 1)).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  if (value !== null && typeof value === 'object') {
    let members = '';
    for (const key of Object.keys(value).sort()) {
      const item = (value as Record<string, unknown>)[key];
      if (item === undefined) continue;
      members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(item, depth + 1)}`;
    }
    return `{${members}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
