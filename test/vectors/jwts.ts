import { type KeyObject, sign } from 'node:crypto';
import type { JsonObject } from '#signing';
import { keys, rsaKid } from './world.js';

const encoded = (value: string | object): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** The claims that belong beside a credential in its VC-JWT, whatever its shape. */
export function claimsOf(credential: JsonObject): JsonObject {
  const { issuer, id, credentialSubject, validFrom, issuanceDate } = credential;
  const seconds = Date.parse(String(validFrom ?? issuanceDate)) / 1000;
  return {
    ...credential,
    iss: typeof issuer === 'object' ? (issuer as JsonObject).id : issuer,
    jti: id,
    sub: (credentialSubject as JsonObject).id,
    nbf: seconds,
  };
}

/** A JWT made by hand: any header, any payload, properly signed over both with RS256. */
export function aJwt(
  payload: JsonObject | string,
  header: JsonObject | string = { alg: 'RS256', typ: 'JWT', kid: rsaKid },
  key: KeyObject = keys.rsa,
): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}
