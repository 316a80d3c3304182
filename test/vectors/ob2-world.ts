import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { sha256Hex } from '#platform';
import type { JsonObject } from '#signing';
import { type BadgeOptions, type BadgeReport, verifyBadge } from '#verification';
import { FakeWeb, keys, now } from './world.js';

const ob2 = 'https://w3id.org/openbadges/v2';
export const host = 'https://passport.example';
export const assertionUrl = `${host}/assertions/7`;
export const badgeUrl = `${host}/badges/mail`;
export const profileUrl = `${host}/issuer`;
export const keyUrl = `${host}/keys/1`;
export const revocationsUrl = `${host}/revocations`;
export const email = 'amina@learner.example';

export const anIdentity = (given: JsonObject = {}): JsonObject => ({
  type: 'email',
  hashed: true,
  salt: 'k3n9',
  identity: `sha256$${sha256Hex(`${email}k3n9`)}`,
  ...given,
});

/** A hosted assertion of Open Badges 2.0. */
export const anAssertion = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: assertionUrl,
  type: 'Assertion',
  recipient: anIdentity(),
  badge: badgeUrl,
  verification: { type: 'HostedBadge' },
  issuedOn: '2026-11-20T09:30:00Z',
  ...given,
});

export const aBadgeClass = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: badgeUrl,
  type: 'BadgeClass',
  name: 'Envoyer un courriel',
  description: 'Écrire et envoyer un message.',
  image: `${host}/badges/mail.png`,
  criteria: { narrative: 'Envoie un message.' },
  issuer: profileUrl,
  ...given,
});

export const aProfile = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: profileUrl,
  type: 'Issuer',
  name: 'Structure de l’Est',
  url: host,
  email: 'badges@passport.example',
  publicKey: keyUrl,
  revocationList: revocationsUrl,
  ...given,
});

export const aKey = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: keyUrl,
  type: 'CryptographicKey',
  owner: profileUrl,
  publicKeyPem: createPublicKey(keys.rsa).export({ format: 'pem', type: 'spki' }),
  ...given,
});

export const aRevocationList = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: revocationsUrl,
  type: 'RevocationList',
  issuer: profileUrl,
  revokedAssertions: ['urn:uuid:0b1f0f0e-0000-4000-8000-00000000beef'],
  ...given,
});

/** A signed assertion, as compact JWS. */
export function aSignedAssertion(
  given: JsonObject = {},
  header: JsonObject = { alg: 'RS256', typ: 'JWT' },
  key = keys.rsa,
): string {
  const assertion = anAssertion({
    id: 'urn:uuid:6f0c6a52-7d0e-4a3a-9a1e-2b1a5b0c7d01',
    verification: { type: 'SignedBadge', creator: keyUrl },
    ...given,
  });
  return jwsOf(assertion, header, key);
}

function jwsOf(payload: JsonObject, header: JsonObject, key: KeyObject): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const input = `${part(header)}.${part(payload)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}

export const endorserHost = 'https://town.example';
export const endorserUrl = `${endorserHost}/profile`;
export const endorsementUrl = `${endorserHost}/endorsements/3`;
const endorserKeyUrl = `${endorserHost}/keys/1`;

/** An endorsement of the hosted assertion by somebody else. */
export const anOb2Endorsement = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: endorsementUrl,
  type: 'Endorsement',
  claim: { id: assertionUrl, endorsementComment: 'Nous la connaissons.' },
  issuer: endorserUrl,
  issuedOn: '2026-11-21T09:30:00Z',
  verification: { type: 'HostedBadge' },
  ...given,
});

export const anEndorser = (given: JsonObject = {}): JsonObject => ({
  '@context': ob2,
  id: endorserUrl,
  type: 'Profile',
  name: 'Ville du Sud',
  url: endorserHost,
  email: 'badges@town.example',
  publicKey: endorserKeyUrl,
  ...given,
});

/** The same, signed. */
export const aSignedEndorsement = (given: JsonObject = {}, key = keys.otherRsa): string =>
  jwsOf(
    anOb2Endorsement({
      id: 'urn:uuid:6f0c6a52-7d0e-4a3a-9a1e-2b1a5b0c7d02',
      verification: { type: 'SignedBadge', creator: endorserKeyUrl },
      ...given,
    }),
    { alg: 'RS256' },
    key,
  );

/** The web of that issuer; a page of undefined does not answer, a number answers with that status alone. */
export function ob2Web(changes: Record<string, unknown> = {}): FakeWeb {
  const pages: Record<string, unknown> = {
    [assertionUrl]: anAssertion(),
    [badgeUrl]: aBadgeClass(),
    [profileUrl]: aProfile(),
    [keyUrl]: aKey(),
    [revocationsUrl]: aRevocationList(),
    [endorsementUrl]: anOb2Endorsement(),
    [endorserUrl]: anEndorser(),
    [endorserKeyUrl]: aKey({
      id: endorserKeyUrl,
      owner: endorserUrl,
      publicKeyPem: createPublicKey(keys.otherRsa).export({ format: 'pem', type: 'spki' }),
    }),
    ...changes,
  };
  const bodies = new Map<string, string>();
  const statuses = new Map<string, number>();
  for (const [url, page] of Object.entries(pages)) {
    if (page === undefined) continue;
    if (typeof page === 'number') statuses.set(url, page);
    bodies.set(url, typeof page === 'string' ? page : typeof page === 'number' ? '{}' : JSON.stringify(page));
  }
  return new FakeWeb(bodies, statuses);
}

/** Verifies a badge against that web. */
export const verifyOb2 = (
  input: Buffer | string | object,
  changes: Record<string, unknown> = {},
  given: Partial<BadgeOptions> = {},
): Promise<BadgeReport> => verifyBadge(input, { fetcher: ob2Web(changes), now, ...given });
