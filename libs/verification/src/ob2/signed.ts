import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { JsonObject } from '#signing';
import type { Fetcher } from '../fetcher.js';
import type { SecuredJwt } from '../jwt.js';
import type { SecuringAnswers } from '../proofs.js';
import { type Answer, failed, passed, unknown } from '../report.js';
import { said } from '../said.js';
import { documentAt } from './documents.js';
import { idOf, ob2Fault, verificationOf } from './shape.js';

const headerNames = new Set(['alg', 'typ', 'kid', 'cty']);

/**
 * Checks the JWS of a signed assertion (Open Badges 2.0, Signed Verification): RS256 only, the key named by
 * `verification.creator`, whose document names the issuer as owner and which the issuer's Profile lists.
 */
export async function signedAnswers(
  jws: SecuredJwt,
  profile: JsonObject,
  fetcher: Fetcher,
): Promise<SecuringAnswers> {
  const early = unknown('key_not_available');
  const refused = headerRefusal(jws.header);
  if (refused) return { issuer: early, proof: refused };
  const listed = ([profile.publicKey ?? []].flat() as unknown[]).map((item) => ({ id: idOf(item), item }));
  const wanted = idOf(verificationOf(jws.claims)?.creator) ?? listed[0]?.id;
  if (!wanted) return { issuer: failed('key_not_listed', 'no creator'), proof: early };
  const entry = listed.find(({ id }) => id === wanted);
  if (!entry) return { issuer: failed('key_not_listed', wanted), proof: early };
  const found = hasPem(entry.item) ? { document: entry.item } : await documentAt(wanted, fetcher);
  if (!found.document) return { issuer: found.answer, proof: early };
  const { answer, key } = keyOf(found.document, said(profile.id));
  return { issuer: answer, proof: key ? fits(jws, key) : early };
}

const hasPem = (item: unknown): item is JsonObject =>
  item !== null && typeof item === 'object' && (item as JsonObject).publicKeyPem !== undefined;

function headerRefusal(header: JsonObject): Answer | undefined {
  const { alg } = header;
  if (typeof alg !== 'string' || /^(none|HS\d*)$/i.test(alg))
    return failed('jwt_algorithm_refused', said(alg));
  if (alg !== 'RS256') return unknown('jwt_algorithm_not_supported', alg);
  const odd = Object.keys(header).find((name) => !headerNames.has(name));
  return odd ? failed('jwt_header_refused', odd) : undefined;
}

function keyOf(document: JsonObject, issuer: string): { answer: Answer; key?: KeyObject } {
  const fault = ob2Fault('key', document);
  if (fault) return { answer: failed('key_unusable', fault) };
  if (document.owner !== issuer)
    return { answer: failed('key_of_another_issuer', `owner is ${said(document.owner)}`) };
  if ((document.revoked ?? false) !== false)
    return { answer: failed('key_compromised', said(document.revoked)) };
  try {
    const key = createPublicKey(said(document.publicKeyPem));
    const isStrong =
      key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
    return isStrong
      ? { answer: passed('issuer_key_found'), key }
      : { answer: failed('key_unusable', 'weak') };
  } catch {
    return { answer: failed('key_unusable', 'publicKeyPem') };
  }
}

function fits({ token }: SecuredJwt, key: KeyObject): Answer {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  const isRight = verify('sha256', Buffer.from(token.slice(0, end), 'latin1'), key, signature);
  return isRight ? passed('signature_fits') : failed('signature_wrong');
}
