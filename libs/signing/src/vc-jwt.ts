import { type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import jsonwebtoken from 'jsonwebtoken';
import type { JsonObject } from './canonical.js';
import { type PreparedDocument, textOf } from './data-integrity.js';
import { JwtUnfit, KeyMalformed } from './errors.js';
import { RehearsalKey } from './rehearsal-key.js';

/** The claims a VC-JWT repeats from its credential (Open Badges 3.0, 8.2.4.1). Dates are whole seconds since 1970. */
export interface VcJwtClaims {
  iss: string;
  jti: string;
  sub: string;
  nbf: number;
  exp?: number;
}

/**
 * The registered claims of a credential.
 * @throws JwtUnfit (`jwt_unfit`) without issuer id, id, subject id or validFrom, or with fractions of a second
 */
export function vcJwtClaims(credential: JsonObject): VcJwtClaims {
  const issuer =
    typeof credential.issuer === 'string'
      ? credential.issuer
      : (credential.issuer as JsonObject | undefined)?.id;
  const subject = (credential.credentialSubject as JsonObject | undefined)?.id;
  const claims: VcJwtClaims = {
    iss: text(issuer, 'issuer.id'),
    jti: text(credential.id, 'id'),
    sub: text(subject, 'credentialSubject.id'),
    nbf: seconds(credential.validFrom, 'validFrom'),
  };
  if (credential.validUntil !== undefined) claims.exp = seconds(credential.validUntil, 'validUntil');
  return claims;
}

/**
 * The credential as a compact VC-JWT: RS256, header {alg, typ, kid}, payload = the credential without `proof` plus
 * iss, jti, sub, nbf and exp (Open Badges 3.0, 8.2.4; no `vc` and no `iat` claim). Deterministic.
 * @param kid absolute address that answers with this key as one bare JWK
 * @throws JwtUnfit (`jwt_unfit`), KeyMalformed (`key_malformed`) when the key is not a private RSA key
 */
export function signVcJwt(request: { credential: JsonObject; privateKey: KeyObject; kid: string }): string {
  if (request.privateKey.type !== 'private' || request.privateKey.asymmetricKeyType !== 'rsa')
    throw new KeyMalformed('RS256 signs with a private RSA key');
  const { proof: _proof, ...credential } = request.credential;
  return jsonwebtoken.sign({ ...credential, ...vcJwtClaims(credential) }, request.privateKey, {
    algorithm: 'RS256',
    keyid: request.kid,
    noTimestamp: true,
  });
}

/** Those of the registered claims that the credential has a fitting value for. */
function presentClaims(credential: JsonObject): Partial<VcJwtClaims> {
  const { issuer, id, credentialSubject: subject, validFrom, validUntil } = credential;
  const claims: Partial<Record<keyof VcJwtClaims, unknown>> = {
    iss: typeof issuer === 'string' ? issuer : (issuer as JsonObject | undefined)?.id,
    jti: id,
    sub: (subject as JsonObject | undefined)?.id,
    nbf: wholeSeconds(validFrom),
    exp: wholeSeconds(validUntil),
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function wholeSeconds(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return time % 1000 === 0 ? time / 1000 : undefined;
}

const claimNames = ['iss', 'jti', 'sub', 'nbf', 'exp'];
const signed = promisify(sign) as (
  algorithm: 'sha256',
  bytes: Buffer,
  key: { key: KeyObject; dsaEncoding: 'ieee-p1363' },
) => Promise<Buffer>;

/**
 * As `signVcJwt`, byte for byte, for many at once: the signature is made in the thread pool and the text of the
 * document only once. Takes a private RSA key of 2048 bits or more for RS256; one of P-256 gives ES256. With a
 * rehearsal key everything but the signature is as with RSA.
 * @param request.anyKind a credential that is no Open Badge: the claims it has a value for, and the type `vc+jwt`
 *   (VC-JOSE-COSE 1.0, 3.1.1)
 * @throws JwtUnfit (`jwt_unfit`), KeyMalformed (`key_malformed`)
 */
export async function signPreparedVcJwt(
  prepared: PreparedDocument,
  {
    privateKey,
    kid,
    anyKind = false,
  }: { privateKey: KeyObject | RehearsalKey; kid: string; anyKind?: boolean },
): Promise<string> {
  const alg = privateKey instanceof RehearsalKey ? 'RS256' : algorithmOf(privateKey);
  const claims = anyKind ? presentClaims(prepared.document) : vcJwtClaims(prepared.document);
  const payload = claimNames.some((name) => Object.hasOwn(prepared.document, name))
    ? [base64url(JSON.stringify({ ...prepared.document, ...claims }))]
    : encodedWith(prepared, `,${JSON.stringify(claims).slice(1)}`);
  const header = base64url(JSON.stringify({ alg, typ: anyKind ? 'vc+jwt' : 'JWT', kid }));
  // Written part by part into the bytes that are signed: put together as strings first, all would be copied once more.
  const content = asciiBytes([header, '.', ...payload]);
  const signature =
    privateKey instanceof RehearsalKey
      ? privateKey.sign(content)
      : await signed('sha256', content, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return Buffer.concat([content, Buffer.from(`.${signature.toString('base64url')}`, 'latin1')]).toString(
    'latin1',
  );
}

function asciiBytes(parts: string[]): Buffer {
  const bytes = Buffer.allocUnsafe(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) at += bytes.write(part, at, 'latin1');
  return bytes;
}

export interface EncodedText {
  /** Base64url of as many bytes as make whole groups of three. */
  encoded: string;
  /** The one or two bytes behind them, if any. */
  rest: Buffer;
}
const encodedTexts = new WeakMap<PreparedDocument, EncodedText>();
const textBytes = new WeakMap<PreparedDocument, Buffer>();

/** `textOf` in UTF-8, made once for all that is hashed, encoded and stored of it. Not to be written into. */
export function bytesOf(prepared: PreparedDocument): Buffer {
  const known = textBytes.get(prepared);
  if (known) return known;
  const bytes = Buffer.from(textOf(prepared));
  textBytes.set(prepared, bytes);
  return bytes;
}

/** `securedText` in UTF-8. */
export function securedBytes(prepared: PreparedDocument, proof: JsonObject[]): Buffer {
  const bytes = bytesOf(prepared);
  return Buffer.concat([bytes.subarray(0, -1), Buffer.from(`,"proof":${JSON.stringify(proof)}}`)]);
}

/** The text of a prepared document without its closing brace, in base64url: the beginning of every payload made of it. */
export function encodedTextOf(prepared: PreparedDocument): EncodedText {
  const known = encodedTexts.get(prepared);
  if (known) return known;
  const bytes = bytesOf(prepared);
  const whole = bytes.length - 1 - ((bytes.length - 1) % 3);
  const made = { encoded: bytes.toString('base64url', 0, whole), rest: bytes.subarray(whole, -1) };
  encodedTexts.set(prepared, made);
  return made;
}

function encodedWith(prepared: PreparedDocument, end: string): string[] {
  const { encoded, rest } = encodedTextOf(prepared);
  return [encoded, Buffer.concat([rest, Buffer.from(end)]).toString('base64url')];
}

function algorithmOf({ type, asymmetricKeyType, asymmetricKeyDetails }: KeyObject): 'RS256' | 'ES256' {
  if (type === 'private') {
    if (asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) return 'RS256';
    if (asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  }
  throw new KeyMalformed('A VC-JWT is signed with a private RSA key of 2048 bits, or of P-256');
}

const base64url = (given: string): string => Buffer.from(given).toString('base64url');

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new JwtUnfit(`A VC-JWT needs ${name}`);
}

function seconds(value: unknown, name: string): number {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time) || time % 1000 !== 0)
    throw new JwtUnfit(`${name} must be a date-time in whole seconds`);
  return time / 1000;
}
