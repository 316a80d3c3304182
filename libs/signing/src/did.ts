import type { PublicJwk } from './keys.js';

/** What anybody may know of a signing key. */
export interface PublicKeyRecord {
  /** Fragment of its DID URL. */
  id: string;
  algorithm: string;
  publicJwk: PublicJwk;
  publicMultibase: string | null;
  /** Since when signatures of this key prove nothing by themselves; null as long as nobody stole it. */
  compromisedSince: Date | null;
}

/**
 * The did:web of an issuer under a service (did:web method, "Target System").
 * @param origin for example https://badges.example or http://localhost:4180; a port's colon is percent-encoded
 */
export const didWebFor = (origin: string, slug: string): string =>
  `did:web:${new URL(origin).host.replace(':', '%3A')}:issuers:${encodeURIComponent(slug)}`;

/**
 * Where a did:web's document lies; always https.
 * @returns undefined when the text is not a did:web, or names an IP address or an unsafe path
 */
export function didWebUrl(did: string): string | undefined {
  const match = /^did:web:([A-Za-z0-9.-]+)(?:%3[Aa](\d{1,5}))?((?::[A-Za-z0-9._~%-]+)*)$/.exec(did);
  if (!match) return undefined;
  const [, host, port, path] = match as unknown as [string, string, string | undefined, string];
  if (/^[\d.]+$/.test(host)) return undefined;
  const segments = path.split(':').slice(1);
  if (segments.some((segment) => /^\.{1,2}$/.test(segment) || /%2f|%5c|%2e|%(?![0-9a-f]{2})/i.test(segment)))
    return undefined;
  const folder = segments.length > 0 ? segments.join('/') : '.well-known';
  const address = `https://${host}${port ? `:${port}` : ''}/${folder}/did.json`;
  return URL.canParse(address) ? address : undefined;
}

/**
 * The DID document of an issuer (DID Core 1.0; Controlled Identifiers 1.0). Every key it ever had is listed, so that
 * old badges stay verifiable. A compromised one is marked `revoked` (Controlled Identifiers 1.0, 2.2) and is no longer
 * an `assertionMethod`; for what it signed before, the document names the issuer's register of signatures. All ids are
 * absolute.
 */
export function didDocument(issuer: { did: string; keys: PublicKeyRecord[] }): object {
  const idOf = (key: PublicKeyRecord): string => `${issuer.did}#${key.id}`;
  return {
    '@context': [
      'https://www.w3.org/ns/did/v1',
      'https://w3id.org/security/multikey/v1',
      'https://w3id.org/security/jwk/v1',
    ],
    id: issuer.did,
    verificationMethod: issuer.keys.map((key) => ({
      id: idOf(key),
      controller: issuer.did,
      ...(key.publicMultibase
        ? { type: 'Multikey', publicKeyMultibase: key.publicMultibase }
        : { type: 'JsonWebKey', publicKeyJwk: key.publicJwk }),
      ...(key.compromisedSince && { revoked: wholeSecond(key.compromisedSince) }),
    })),
    assertionMethod: issuer.keys.filter((key) => !key.compromisedSince).map(idOf),
    ...(issuer.keys.some((key) => key.compromisedSince) && {
      service: [
        {
          id: `${issuer.did}#signed`,
          type: 'SigningRegister',
          serviceEndpoint: didWebUrl(issuer.did)?.replace(/did\.json$/, 'signed'),
        },
      ],
    }),
  };
}

// Cut, not rounded: a signature of the same second counts as made after the theft.
const wholeSecond = (instant: Date): string => instant.toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * One bare public JWK, as the address in a VC-JWT's `kid` answers it.
 * @param kid value of the `kid` member; the same address as in the JWT's header, or the key's id
 */
export const bareJwk = (key: PublicKeyRecord, kid: string = key.id): PublicJwk => ({
  ...key.publicJwk,
  kid,
  use: 'sig',
  alg: key.algorithm === 'Ed25519' ? 'EdDSA' : key.algorithm,
});

/** The JWK Set (RFC 7517, 5) of keys that may be trusted; compromised ones are left out. */
export const jwks = (
  keys: PublicKeyRecord[],
  kidOf: (key: PublicKeyRecord) => string = (key) => key.id,
): { keys: PublicJwk[] } => ({
  keys: keys.filter((key) => !key.compromisedSince).map((key) => bareJwk(key, kidOf(key))),
});
