import type { KeyObject } from 'node:crypto';
import type { JsonObject } from '#signing';
import { endOf, startOf, timeOf } from './dates.js';
import { type KeyAnswer, type KeyRequest, keyByValue, keyOfMethod } from './issuer-keys.js';
import { isKeyFor, isSupported, jwsFits } from './jwt-algorithms.js';
import { isInVcClaim } from './jwt-payload.js';
import type { Secured } from './parse.js';
import type { SecuringAnswers } from './proofs.js';
import { type Answer, failed, issuerOf, passed, unknown } from './report.js';
import { said } from './said.js';

export type SecuredJwt = Extract<Secured, { form: 'jwt' }>;

const headerNames = new Set(['alg', 'kid', 'jwk', 'typ', 'cty']);
// RFC 7515, 4.1.9: usually without "application/", and the same with it.
const types = new Set(['jwt', 'vc+jwt', 'vc+ld+jwt', 'vc-ld+jwt', 'vp+jwt']);

/**
 * Checks a VC-JWT (Open Badges 3.0, 8.2.6; VC-JOSE-COSE): an algorithm of the allow-list, nothing in the header
 * that could choose another key, the issuer's own key, the signature, then claims equal to the credential. Reads both the
 * payload that is the credential and the older one with a `vc` claim (VC Data Model 1.1, 6.3.1).
 * @param strict ask for iss, jti, sub and nbf, as Open Badges does; a status list may leave them out
 */
export async function checkJwt(
  jwt: SecuredJwt,
  request: KeyRequest,
  strict = true,
): Promise<SecuringAnswers> {
  const early = unknown('key_not_available');
  const refused = headerRefusal(jwt.header);
  if (refused) return { issuer: early, proof: refused };
  if (jwt.claims.vc !== undefined && !isInVcClaim(jwt.claims))
    return { issuer: early, proof: failed('jwt_claims_differ', 'vc') };
  const claim = {
    credentialId: jwt.credential.id,
    at: timeOf(startOf(jwt.credential)),
    signature: jwt.token.slice(jwt.token.lastIndexOf('.') + 1),
  };
  const owner: KeyAnswer =
    typeof jwt.header.kid === 'string'
      ? await keyOfMethod(jwt.header.kid, { ...request, claim })
      : await keyByValue(jwt.header.jwk, { ...request, claim });
  const { key, ...issuer } = owner;
  return { issuer, proof: key ? jwtFits(jwt, key, strict) : early };
}

/** Do signature and claims of a VC-JWT fit this key? */
function jwtFits(jwt: SecuredJwt, key: KeyObject, strict = true): Answer {
  const refused = keyFits(jwt, key);
  if (refused) return refused;
  if (!jwsFits(jwt.token, said(jwt.header.alg), key)) return failed('signature_wrong');
  const fits = jwt.credential.proof === undefined ? 'signature_fits' : 'signature_fits_proof_inside';
  return claimRefusal(jwt, strict) ?? passed(fits);
}

/** The refusal of a key of another kind than the header says, if it is one. */
export function keyFits({ header }: SecuredJwt, key: KeyObject): Answer | undefined {
  const algorithm = said(header.alg);
  if (isKeyFor(algorithm, key)) return undefined;
  return failed('signature_wrong', `${algorithm} with a key of another kind`);
}

/** The refusal of claims that say something else than the credential, if they do. */
export function claimRefusal(jwt: SecuredJwt, strict = true): Answer | undefined {
  const differing = differingClaim(jwt, strict);
  return differing ? failed('jwt_claims_differ', differing) : undefined;
}

/** The refusal of a header that could choose another key or algorithm, if it is one. */
export function headerRefusal(header: JsonObject): Answer | undefined {
  const { alg, typ, kid, jwk } = header;
  if (typeof alg !== 'string' || /^(none|HS\d*)$/i.test(alg))
    return failed('jwt_algorithm_refused', said(alg));
  if (!isSupported(alg)) return unknown('jwt_algorithm_not_supported', alg);
  const odd = Object.keys(header).find((name) => !headerNames.has(name));
  if (odd) return failed('jwt_header_refused', odd);
  if (
    typ !== undefined &&
    !(typeof typ === 'string' && types.has(typ.toLowerCase().replace(/^application\//, '')))
  )
    return failed('jwt_header_refused', 'typ');
  if (kid !== undefined && typeof kid !== 'string') return failed('jwt_header_refused', 'kid');
  if (kid === undefined && jwk === undefined) return failed('jwt_header_refused', 'neither kid nor jwk');
  const secret = jwk !== null && typeof jwk === 'object' && ['d', 'k'].some((name) => name in jwk);
  return secret ? failed('jwt_header_refused', 'jwk holds a private key') : undefined;
}

function differingClaim(jwt: SecuredJwt, strict: boolean): string | undefined {
  const { claims, credential } = jwt;
  const subject = credential.credentialSubject as JsonObject | undefined;
  const expected: [string, unknown][] = [
    ['iss', issuerOf(credential)?.id],
    ['jti', credential.id],
    ['sub', subject?.id],
    ['nbf', secondsOf(startOf(credential))],
    ['exp', secondsOf(endOf(credential))],
  ];
  return expected.find(([name, value]) =>
    claims[name] === undefined ? strict && value !== undefined : wholeOf(claims[name]) !== value,
  )?.[0];
}

/** Seconds may have a fraction (RFC 7519, 2, NumericDate). */
const wholeOf = (claim: unknown): unknown => (typeof claim === 'number' ? Math.floor(claim) : claim);

const secondsOf = (value: unknown): number | undefined => {
  const time = timeOf(value);
  return time === undefined ? undefined : Math.floor(time / 1000);
};
