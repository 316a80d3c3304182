import type { JsonObject } from '#signing';
import { envelopeAround } from './envelope.js';
import type { SecuredJwt } from './jwt.js';
import { readCredential, type Secured, Unreadable } from './parse.js';
import { presentationOf } from './presentation-jwt.js';
import { said } from './said.js';

/** A presentation in which somebody handed badges in. */
export interface Shown {
  presentation: JsonObject;
  /** The JWT that it came as, if it did. */
  jwt?: SecuredJwt;
  /** In a claim of the JWT (VC Data Model 1.1, 6.3.1), which says nothing of who presents that is checked here. */
  isInClaim: boolean;
}

const isOfType = ({ type }: JsonObject, name: string): boolean => [type].flat().includes(name);

/** Is it a presentation, and no credential? */
export const isPresentation = (secured: Secured): boolean =>
  secured.form === 'jwt'
    ? isOfType(secured.claims, 'VerifiablePresentation') || vpClaimOf(secured.claims) !== undefined
    : ['VerifiablePresentation', 'EnvelopedVerifiablePresentation'].some((name) =>
        isOfType(secured.credential, name),
      );

function vpClaimOf(claims: JsonObject): JsonObject | undefined {
  const { vp } = claims;
  const isObject = vp !== null && typeof vp === 'object' && !Array.isArray(vp);
  return isObject && claims['@context'] === undefined ? (vp as JsonObject) : undefined;
}

/**
 * The presentation that was handed in (VC Data Model 2.0, 4.13; VC-JOSE-COSE 1.0, 3.1.2; VC Data Model 1.1, 6.3.1):
 * JSON-LD, a JWT, or an envelope around a JWT.
 * @throws Unreadable (`envelope_not_supported`, `jwt_malformed` and others of `readCredential`)
 */
export function shownIn(secured: Secured): Shown {
  if (secured.form === 'jwt') {
    const claim = vpClaimOf(secured.claims);
    return {
      presentation: claim ?? presentationOf(secured.claims),
      jwt: secured,
      isInClaim: claim !== undefined,
    };
  }
  const { credential } = secured;
  if (!isOfType(credential, 'EnvelopedVerifiablePresentation'))
    return { presentation: credential, isInClaim: false };
  const { mediaType, token } = envelopeAround(said(credential.id));
  if (token === undefined) throw new Unreadable('envelope_not_supported', mediaType);
  const inside = readCredential(token);
  if (inside.form !== 'jwt' || !isPresentation(inside)) throw new Unreadable('jwt_malformed');
  return shownIn(inside);
}

/** The credentials of a presentation as they would have been handed in alone: one in an envelope is taken out of it. */
export const badgesIn = ({ presentation }: Shown): (string | object)[] =>
  ([presentation.verifiableCredential ?? []].flat() as unknown[]).map((one) => {
    if (one === null || typeof one !== 'object') return said(one);
    const given = one as JsonObject;
    if (!isOfType(given, 'EnvelopedVerifiableCredential')) return given;
    return envelopeAround(said(given.id)).token ?? given;
  });
