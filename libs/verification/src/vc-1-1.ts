import { type JsonObject, vcContext } from '#signing';

/** The first context of the older shape, VC Data Model 1.1. */
const olderContext = 'https://www.w3.org/2018/credentials/v1';

/** Is it a credential in the shape of VC Data Model 1.1? */
export const isOlderShape = (credential: JsonObject): boolean =>
  [credential['@context']].flat()[0] === olderContext;

/**
 * A credential of the older shape as the current one would write it, to be held against the schema: Open Badges 3.0
 * changed these names and the first context alone. One that mixes both shapes keeps the older names, which are refused.
 */
export function inCurrentShape(credential: JsonObject): JsonObject {
  if (!isOlderShape(credential)) return credential;
  const { issuanceDate, expirationDate, ...rest } = credential;
  if (rest.validFrom !== undefined || rest.validUntil !== undefined) return credential;
  const [, ...others] = [credential['@context']].flat();
  return {
    ...rest,
    '@context': [vcContext, ...others],
    ...(issuanceDate === undefined ? {} : { validFrom: issuanceDate }),
    ...(expirationDate === undefined ? {} : { validUntil: expirationDate }),
  };
}
