import type { JsonObject } from '#signing';
import { checkPeriod } from './dates.js';
import { type KeyAnswer, keyByValue, keyOfMethod } from './issuer-keys.js';
import { headerRefusal, keyFits, type SecuredJwt } from './jwt.js';
import { jwsFits } from './jwt-algorithms.js';
import { claimNames } from './jwt-payload.js';
import { type ExpectedProof, meantForAnother, type SecuringAnswers } from './proofs.js';
import { type Answer, failed, passed, unknown } from './report.js';
import { said } from './said.js';

/** The presentation that a JWT's payload is, without the claims (VC-JOSE-COSE 1.0, 3.1.2). */
export function presentationOf(claims: JsonObject): JsonObject {
  const presentation = { ...claims };
  for (const name of [...claimNames, 'nonce', 'cnf']) delete presentation[name];
  return presentation;
}

/**
 * Checks a presentation as JWT: as a VC-JWT, by the key of whoever presents. `nonce` is what answers the challenge,
 * `aud` whom it is made for.
 * @param request `issuer` is whoever presents
 */
export async function checkJwtPresentation(
  jwt: SecuredJwt,
  presentation: JsonObject,
  request: ExpectedProof,
): Promise<SecuringAnswers> {
  const early = unknown('key_not_available');
  const refused = headerRefusal(jwt.header) ?? claimsRefusal(jwt.claims, presentation, request);
  if (refused) return { issuer: early, proof: refused };
  const owner: KeyAnswer =
    typeof jwt.header.kid === 'string'
      ? await keyOfMethod(jwt.header.kid, request)
      : await keyByValue(jwt.header.jwk, request);
  const { key, ...issuer } = owner;
  if (!key) return { issuer, proof: early };
  const isFit = jwsFits(jwt.token, said(jwt.header.alg), key);
  const proof = keyFits(jwt, key) ?? (isFit ? passed('signature_fits') : failed('signature_wrong'));
  return { issuer, proof };
}

function claimsRefusal(
  claims: JsonObject,
  presentation: JsonObject,
  request: ExpectedProof,
): Answer | undefined {
  const { iss, jti, nonce, aud } = claims;
  if (claims.vp !== undefined || claims.vc !== undefined) return failed('jwt_claims_differ', 'vp');
  if (iss !== undefined && iss !== request.issuer) return failed('jwt_claims_differ', 'iss');
  if (jti !== undefined && presentation.id !== undefined && jti !== presentation.id)
    return failed('jwt_claims_differ', 'jti');
  const period = checkPeriod(
    instant('nbf', claims.nbf ?? claims.iat ?? 0),
    instant('exp', claims.exp),
    request.now,
  );
  if (period.code === 'expired') return failed('proof_expired', said(claims.exp));
  if (period.code === 'not_yet_valid') return failed('proof_in_future', said(claims.nbf ?? claims.iat));
  if (period.outcome !== 'passed') return period;
  return meantForAnother({ challenge: nonce, domain: aud }, request);
}

const latestSeconds = Date.UTC(9999, 11, 31) / 1000;

const instant = (name: string, seconds: unknown): { name: string; value: unknown } => ({
  name,
  value:
    typeof seconds === 'number' && seconds >= 0 && seconds <= latestSeconds
      ? new Date(Math.floor(seconds) * 1000).toISOString()
      : seconds,
});
