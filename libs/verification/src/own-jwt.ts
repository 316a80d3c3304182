import { type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { canonicalJson } from '#platform';
import { type PreparedDocument, textOf } from '#signing';
import { claimRefusal, headerRefusal, keyFits } from './jwt.js';
import { claimNames, readCredential, readJson, type Secured, Unreadable } from './parse.js';
import { type Answer, failed, passed } from './report.js';

type SecuredJwt = Extract<Secured, { form: 'jwt' }>;

const verified = promisify(verify) as (
  algorithm: 'sha256',
  bytes: Buffer,
  key: { key: KeyObject; dsaEncoding: 'ieee-p1363' },
  signature: Buffer,
) => Promise<boolean>;

/**
 * Is this VC-JWT, just made, of this document, and does its signature fit the key? Asks what `checkJwt` asks of a
 * stranger's, with the signature checked in the thread pool.
 * @param key the public key and the `kid` that the JWT must name
 */
export async function ownJwtFits(
  prepared: PreparedDocument,
  token: string,
  key: { kid: string; publicKey: KeyObject },
): Promise<Answer> {
  let jwt: SecuredJwt | undefined;
  try {
    jwt = readOwn(prepared, token) ?? readAny(prepared, token);
  } catch (error) {
    if (error instanceof Unreadable) return failed(error.code);
    throw error;
  }
  if (!jwt) return failed('jwt_claims_differ');
  const refused = headerRefusal(jwt.header) ?? keyFits(jwt, key.publicKey);
  if (refused) return refused;
  if (jwt.header.kid !== key.kid) return failed('key_of_another_issuer', 'kid');
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const public_ = { key: key.publicKey, dsaEncoding: 'ieee-p1363' as const };
  if (!(await verified('sha256', Buffer.from(token.slice(0, end)), public_, signature)))
    return failed('signature_wrong');
  return claimRefusal(jwt) ?? passed('signature_fits');
}

/** Reads a JWT whose payload is the document's own text with claims behind it: only those are parsed. */
function readOwn(prepared: PreparedDocument, token: string): SecuredJwt | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const [head, body, signature] = parts.map((part) => Buffer.from(part, 'base64url')) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  // Base64url has several spellings of the same bytes; only the one everybody writes is let in.
  if ([head, body, signature].some((bytes, i) => bytes.toString('base64url') !== parts[i])) return undefined;
  const content = textOf(prepared).slice(0, -1);
  const payload = body.toString('utf8');
  if (!payload.startsWith(`${content},"`)) return undefined;
  const claims = readJson(`{${payload.slice(content.length + 1)}`);
  const names = Object.keys(claims);
  if (names.some((name) => !claimNames.includes(name) || Object.hasOwn(prepared.document, name)))
    return undefined;
  const header = readJson(head.toString('utf8'));
  return { form: 'jwt', credential: prepared.document, token, header, claims };
}

/** Reads any JWT, and compares its credential by content. */
function readAny(prepared: PreparedDocument, token: string): SecuredJwt | undefined {
  const jwt = readCredential(token);
  if (jwt.form !== 'jwt') throw new Unreadable('jwt_malformed');
  return canonicalJson(jwt.credential) === canonicalJson(prepared.document) ? jwt : undefined;
}
