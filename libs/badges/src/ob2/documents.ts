import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { v5 } from 'uuid';
import { achievementUrl, badgeUrl } from '../addresses.js';
import type { Json } from '../credential-facts.js';

/** Open Badges 2.0: the one context of all its documents. */
const openBadges2Context = 'https://w3id.org/openbadges/v2';
const vocabulary = 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#';

/** Whom an edition is bound to: nobody's address, or an e-mail address that only its hash tells. */
export type Recipient = { emailHash: string; salt: string } | null;

export interface RevokedAssertion {
  publicId: string;
  credentialId: string;
  reason: string;
  isSuspended: boolean;
}

/** Where each Open Badges 2.0 document lies; its `id` is that address. */
export const ob2Url = {
  assertion: (origin: string, publicId: string): string => `${badgeUrl(origin, publicId)}/ob2.json`,
  signed: (origin: string, publicId: string): string => `${badgeUrl(origin, publicId)}/ob2.jws`,
  issuer: (origin: string, slug: string): string => `${origin}/issuers/${slug}/ob2.json`,
  revocations: (origin: string, slug: string): string => `${origin}/issuers/${slug}/ob2/revoked.json`,
  /** Below its issuer: in this version a badge class names who issues, and a structure issues its programme's badges. */
  badgeClass: (origin: string, slug: string, achievementId: string): string =>
    `${origin}/issuers/${slug}/ob2/${achievementId}.json`,
  key: (origin: string, slug: string, keyId: string): string =>
    `${origin}/issuers/${slug}/keys/${keyId}/ob2.json`,
};

/**
 * `id` of the signed form of a credential: the same however often it is asked for, so that a revocation reaches every
 * copy, also when the database had to be restored. Tells nothing about the badge's address.
 */
export const signedAssertionId = (origin: string, publicId: string, credentialId: string): string =>
  `urn:uuid:${v5(`${badgeUrl(origin, publicId)}#${credentialId}`, v5.URL)}`;

const related = (id: string, type: string): Json => ({
  type: [`${vocabulary}${type}`],
  id,
  version: 'Open Badges v3p0',
});

/** Without an e-mail address: the random id of the OB 3.0 subject, which is nobody's address. */
function recipientJson(recipient: Recipient, credential: Json): Json {
  if (recipient === null) {
    const { id } = credential.credentialSubject as { id: string };
    // `id` is a keyword of JSON-LD and no type: a document with it is refused in safe mode.
    return { type: 'url', hashed: false, identity: id };
  }
  return { type: 'email', hashed: true, identity: recipient.emailHash, salt: recipient.salt };
}

interface AssertionFacts {
  origin: string;
  publicId: string;
  slug: string;
  /** The signed OB 3.0 credential, from which everything is taken. */
  credential: Json;
  recipient: Recipient;
}

function assertionBody({ origin, publicId, slug, credential, recipient }: AssertionFacts): Json {
  const subject = credential.credentialSubject as { achievement: { id: string } };
  const achievementId = subject.achievement.id.slice(achievementUrl(origin, '').length);
  const evidence = (credential.evidence ?? []) as { name?: string; narrative?: string; genre?: string }[];
  return {
    recipient: recipientJson(recipient, credential),
    badge: ob2Url.badgeClass(origin, slug, achievementId),
    issuedOn: credential.awardedDate ?? credential.validFrom,
    ...(typeof credential.validUntil === 'string' && { expires: credential.validUntil }),
    image: `${badgeUrl(origin, publicId)}.png`,
    ...(evidence.length > 0 && {
      evidence: evidence.map(({ name, narrative, genre }) => ({ type: 'Evidence', name, narrative, genre })),
    }),
    related: [related(badgeUrl(origin, publicId), 'OpenBadgeCredential')],
  };
}

/** The hosted Assertion (Open Badges 2.0, Assertion): the document at its `id` is the truth. Pure. */
export const hostedAssertion = (facts: AssertionFacts): Json => ({
  '@context': openBadges2Context,
  type: 'Assertion',
  id: ob2Url.assertion(facts.origin, facts.publicId),
  ...assertionBody(facts),
  verification: { type: 'HostedBadge' },
});

/** The Assertion that a JWS carries (Open Badges 2.0, SignedBadge). Pure: the same facts give the same bytes. */
export const signedAssertion = (facts: AssertionFacts & { credentialId: string; keyId: string }): Json => ({
  '@context': openBadges2Context,
  type: 'Assertion',
  id: signedAssertionId(facts.origin, facts.publicId, facts.credentialId),
  ...assertionBody(facts),
  verification: { type: 'SignedBadge', creator: ob2Url.key(facts.origin, facts.slug, facts.keyId) },
});

/** Open Badges 2.0 has one word for both; beside it ours says when it is no more than a suspension. */
const withdrawnAs = ({ reason, isSuspended }: { reason: string; isSuspended: boolean }): Json => ({
  revocationReason: reason,
  ...(isSuspended && { suspended: true }),
});

/** What stands at the address of an Assertion that does not count now, with status 410. */
export const revokedAssertion = (
  origin: string,
  publicId: string,
  state: { reason: string; isSuspended: boolean },
): Json => ({
  '@context': openBadges2Context,
  type: 'Assertion',
  id: ob2Url.assertion(origin, publicId),
  revoked: true,
  ...withdrawnAs(state),
});

/** BadgeClass of one issuer for one version of an achievement, from its OB 3.0 form. */
export function badgeClass(origin: string, slug: string, publicId: string, achievement: Json): Json {
  const criteria = achievement.criteria as { narrative: string };
  const alignment = (achievement.alignment ?? []) as Record<string, string>[];
  return {
    '@context': openBadges2Context,
    type: 'BadgeClass',
    id: ob2Url.badgeClass(origin, slug, publicId),
    name: achievement.name,
    description: achievement.description,
    image: `${achievementUrl(origin, publicId)}/image.png`,
    criteria: { type: 'Criteria', id: achievementUrl(origin, publicId), narrative: criteria.narrative },
    issuer: ob2Url.issuer(origin, slug),
    ...(alignment.length > 0 && {
      alignment: alignment.map((one) => ({
        type: 'AlignmentObject',
        targetName: one.targetName,
        targetUrl: one.targetUrl,
        targetFramework: one.targetFramework,
        targetCode: one.targetCode,
      })),
    }),
    version: achievement.version,
    related: [related(achievementUrl(origin, publicId), 'Achievement')],
  };
}

/**
 * Issuer Profile, from the OB 3.0 Profile and the public address that Open Badges 2.0 asks for. Hosted badges are those
 * on its own origin, which is the default of `verification`.
 * @param keyIds RSA keys whose signatures count, oldest first
 */
export const issuerProfile2 = (
  origin: string,
  issuer: { slug: string; email: string; profile: Json; keyIds: string[] },
): Json => {
  const keys = issuer.keyIds.map((id) => ob2Url.key(origin, issuer.slug, id));
  return {
    '@context': openBadges2Context,
    type: 'Profile',
    id: ob2Url.issuer(origin, issuer.slug),
    name: issuer.profile.name,
    url: issuer.profile.url,
    email: issuer.email,
    ...(issuer.profile.description !== undefined && { description: issuer.profile.description }),
    ...(keys.length > 0 && { publicKey: keys.length === 1 ? keys[0] : keys }),
    revocationList: ob2Url.revocations(origin, issuer.slug),
    related: [related(issuer.profile.id as string, 'Profile')],
  };
};

/** RevocationList of an issuer's signed Assertions; one that is suspended stands in it until it is lifted. */
export const revocationList = (origin: string, slug: string, revoked: RevokedAssertion[]): Json => ({
  '@context': openBadges2Context,
  type: 'RevocationList',
  id: ob2Url.revocations(origin, slug),
  issuer: ob2Url.issuer(origin, slug),
  revokedAssertions: revoked.map(({ publicId, credentialId, ...state }) => ({
    id: signedAssertionId(origin, publicId, credentialId),
    ...withdrawnAs(state),
  })),
});

/** CryptographicKey: the public RSA key in PEM (SubjectPublicKeyInfo), owned by the issuer's Profile. */
export const cryptographicKey = (
  origin: string,
  slug: string,
  key: { id: string; publicJwk: JsonWebKey },
): Json => ({
  '@context': openBadges2Context,
  type: 'CryptographicKey',
  id: ob2Url.key(origin, slug, key.id),
  owner: ob2Url.issuer(origin, slug),
  publicKeyPem: createPublicKey({ key: key.publicJwk, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString(),
});
