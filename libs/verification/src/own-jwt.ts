import { type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { canonicalJson } from '#platform';
import { encodedTextOf, type PreparedDocument, RehearsalKey } from '#signing';
import { claimRefusal, headerRefusal, keyFits } from './jwt.js';
import { claimNames } from './jwt-payload.js';
import { headerOf, readCredential, readJson, type Secured, Unreadable } from './parse.js';
import { type Answer, failed, passed } from './report.js';
import { said } from './said.js';

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
 * @param strict ask for the claims that Open Badges wants
 */
export async function ownJwtFits(
  prepared: PreparedDocument,
  token: string,
  key: { kid: string; publicKey: KeyObject | RehearsalKey },
  strict = true,
): Promise<Answer> {
  let jwt: SecuredJwt | undefined;
  try {
    jwt = readOwn(prepared, token) ?? readAny(prepared, token);
  } catch (error) {
    if (error instanceof Unreadable) return failed(error.code);
    throw error;
  }
  if (!jwt) return failed('jwt_claims_differ');
  const { publicKey } = key;
  const isRehearsal = publicKey instanceof RehearsalKey;
  const refused = headerRefusal(jwt.header) ?? (isRehearsal ? undefined : keyFits(jwt, publicKey));
  if (refused) return refused;
  if (jwt.header.alg !== 'RS256' && jwt.header.alg !== 'ES256')
    return failed('jwt_algorithm_refused', said(jwt.header.alg));
  if (jwt.header.kid !== key.kid) return failed('key_of_another_issuer', 'kid');
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const content = Buffer.from(token.slice(0, end), 'latin1');
  const isRight = isRehearsal
    ? publicKey.verify(content, signature)
    : await verified('sha256', content, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
  if (!isRight) return failed('signature_wrong');
  return claimRefusal(jwt, strict) ?? passed('signature_fits');
}

// Base64url has several spellings of the same bytes; only the one everybody writes is let in.
function bytesOf(part: string): Buffer | undefined {
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? bytes : undefined;
}

/**
 * Reads a JWT whose payload is the document's own text with claims behind it: only those are parsed. That the payload
 * begins with the text is seen in base64url, where equal beginnings of whole groups are equal bytes.
 */
function readOwn(prepared: PreparedDocument, token: string): SecuredJwt | undefined {
  const [first, last] = [token.indexOf('.'), token.lastIndexOf('.')];
  if (first === last || token.indexOf('.', first + 1) !== last) return undefined;
  const { encoded, rest } = encodedTextOf(prepared);
  const body = first + 1;
  if (token.slice(body, body + encoded.length) !== encoded) return undefined;
  const header = headerOf(token.slice(0, first));
  const end = bytesOf(token.slice(body + encoded.length, last));
  if (!end || !bytesOf(token.slice(last + 1))) return undefined;
  if (!end.subarray(0, rest.length).equals(rest)) return undefined;
  const added = end.toString('utf8', rest.length);
  if (!added.startsWith(',"')) return undefined;
  const claims = readJson(`{${added.slice(1)}`);
  const names = Object.keys(claims);
  if (names.some((name) => !claimNames.includes(name) || Object.hasOwn(prepared.document, name)))
    return undefined;
  return { form: 'jwt', credential: prepared.document, token, header, claims };
}

/** Reads any JWT, and compares its credential by content. */
function readAny(prepared: PreparedDocument, token: string): SecuredJwt | undefined {
  const jwt = readCredential(token);
  if (jwt.form !== 'jwt') throw new Unreadable('jwt_malformed');
  return canonicalJson(jwt.credential) === canonicalJson(prepared.document) ? jwt : undefined;
}
