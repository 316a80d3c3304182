import type { JsonObject } from '#signing';

/** The claims a JWT adds to the credential it carries. */
export const claimNames = ['iss', 'sub', 'jti', 'nbf', 'exp', 'iat', 'aud'];

const isObject = (value: unknown): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Is the credential inside a `vc` claim (VC Data Model 1.1, 6.3.1), and not the payload itself? */
export const isInVcClaim = (claims: JsonObject): boolean =>
  isObject(claims.vc) && claims['@context'] === undefined;

/**
 * The credential a JWT's payload carries: the payload without the claims (VC-JOSE-COSE 1.0; Open Badges 3.0, 8.2.4), or
 * its `vc` claim, with what the registered claims say put where it is missing (VC Data Model 1.1, 6.3.1). What is said
 * twice is left as the credential has it: `checkJwt` compares.
 */
export function credentialOf(claims: JsonObject): JsonObject {
  if (!isInVcClaim(claims)) {
    const credential: JsonObject = {};
    for (const name of Object.keys(claims)) if (!claimNames.includes(name)) credential[name] = claims[name];
    return credential;
  }
  const credential = { ...(claims.vc as JsonObject) };
  const add = (name: string, value: unknown): void => {
    if (value !== undefined && credential[name] === undefined) credential[name] = value;
  };
  add('id', claims.jti);
  add('issuer', claims.iss);
  if (credential.validFrom === undefined) add('issuanceDate', dateOf(claims.nbf));
  if (credential.validUntil === undefined) add('expirationDate', dateOf(claims.exp));
  const subject = credential.credentialSubject;
  if (isObject(subject) && subject.id === undefined && claims.sub !== undefined)
    credential.credentialSubject = { id: claims.sub, ...subject };
  return credential;
}

const latest = Date.UTC(9999, 11, 31) / 1000;

const dateOf = (seconds: unknown): string | undefined =>
  Number.isInteger(seconds) && (seconds as number) >= 0 && (seconds as number) <= latest
    ? new Date((seconds as number) * 1000).toISOString().replace('.000Z', 'Z')
    : undefined;
