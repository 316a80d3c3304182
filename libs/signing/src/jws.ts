import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { KeyMalformed } from './errors.js';

const signed = promisify(sign) as (algorithm: 'sha256', bytes: Buffer, key: KeyObject) => Promise<Buffer>;

/**
 * A compact JWS of the payload with RS256 and no other header (RFC 7515; Open Badges 2.0, signed badges). Deterministic;
 * the signature is made in the thread pool.
 * @param privateKey private RSA key of 2048 bits or more
 * @throws KeyMalformed (`key_malformed`)
 */
export async function signJws(payload: string, privateKey: KeyObject): Promise<string> {
  const isFit =
    privateKey.type === 'private' &&
    privateKey.asymmetricKeyType === 'rsa' &&
    (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  if (!isFit) throw new KeyMalformed('RS256 signs with a private RSA key of 2048 bits or more');
  const base64url = (text: string): string => Buffer.from(text).toString('base64url');
  const content = `${base64url('{"alg":"RS256"}')}.${base64url(payload)}`;
  const signature = await signed('sha256', Buffer.from(content, 'latin1'), privateKey);
  return `${content}.${signature.toString('base64url')}`;
}
