import type { JsonObject } from '#signing';
import {
  aBadgeClass,
  aKey,
  anAssertion,
  anIdentity,
  aProfile,
  aRevocationList,
  aSignedAssertion,
  assertionUrl,
  badgeUrl,
  host,
  keyUrl,
  profileUrl,
  revocationsUrl,
} from '../ob2-world.js';
import { keys } from '../world.js';
import { type Family, type Fault, type Handed, plain } from './family.js';

/** The same fault in what is handed in and at its address: what hosting cannot show. */
const hostedWith = (change: JsonObject) => (): Handed => {
  const assertion = plain(anAssertion(change));
  return { input: assertion, web: { [assertionUrl]: assertion } };
};
const web = (changes: Record<string, unknown>) => (): Handed => ({ input: anAssertion(), web: changes });
const given = (change: JsonObject) => (): Handed => ({ input: plain(anAssertion(change)) });
const schema = 'schema failed ob2_schema_broken';

const required: Fault[] = ['recipient', 'badge', 'verification', 'issuedOn', 'id', 'type'].map((name) => [
  `no ${name}`,
  schema,
  hostedWith({ [name]: undefined }),
]);
const ofBadge: Fault[] = ['name', 'description', 'image', 'criteria', 'issuer', 'type'].map((name) => [
  `a BadgeClass without ${name}`,
  schema,
  web({ [badgeUrl]: plain(aBadgeClass({ [name]: undefined })) }),
]);
const ofProfile: Fault[] = ['name', 'url', 'email', 'type'].map((name) => [
  `an issuer without ${name}`,
  schema,
  web({ [profileUrl]: plain(aProfile({ [name]: undefined })) }),
]);

export const hosted: Family = {
  form: 'Open Badges 2.0, hosted',
  original: () => ({ input: anAssertion() }),
  faults: [
    ...required,
    ...ofBadge,
    ...ofProfile,
    [
      'another recipient than at its address',
      'proof failed hosted_differs',
      given({ recipient: anIdentity({ salt: 'x' }) }),
    ],
    [
      'another date than at its address',
      'proof failed hosted_differs',
      given({ issuedOn: '2026-11-19T09:30:00Z' }),
    ],
    [
      'evidence that is not at its address',
      'proof failed hosted_differs',
      given({ evidence: 'https://x.example/e' }),
    ],
    [
      'another BadgeClass than at its address',
      'proof failed hosted_differs',
      () => ({
        input: anAssertion({ badge: `${host}/badges/other` }),
        web: { [`${host}/badges/other`]: aBadgeClass({ id: `${host}/badges/other` }) },
      }),
    ],
    [
      'another badge at its address',
      'proof failed hosted_id_differs',
      web({ [assertionUrl]: anAssertion({ id: `${assertionUrl}/` }) }),
    ],
    [
      'an address that does not answer',
      'proof unknown hosted_unreachable',
      web({ [assertionUrl]: undefined }),
    ],
    ['404 at its address', 'proof unknown hosted_unreachable', web({ [assertionUrl]: 404 })],
    [
      'a web page at its address',
      'proof unknown hosted_unreadable',
      web({ [assertionUrl]: '<html></html>' }),
    ],
    ['410 at its address', 'status failed revoked', web({ [assertionUrl]: 410 })],
    [
      'revoked at its address',
      'status failed revoked',
      web({ [assertionUrl]: { id: assertionUrl, revoked: true } }),
    ],
    ['a BadgeClass away', 'links unknown linked_unreachable', web({ [badgeUrl]: undefined })],
    [
      'a BadgeClass under another id',
      'links failed linked_id_differs',
      web({ [badgeUrl]: aBadgeClass({ id: `${badgeUrl}2` }) }),
    ],
    ['an issuer away', 'links unknown linked_unreachable', web({ [profileUrl]: 503 })],
    [
      'an issuer under another id',
      'links failed linked_id_differs',
      web({ [profileUrl]: aProfile({ id: `${host}/other` }) }),
    ],
    ['an issuer that is no JSON', 'links unknown linked_unreadable', web({ [profileUrl]: 'nothing' })],
    [
      'a host its issuer does not allow',
      'issuer failed host_not_authorised',
      web({ [profileUrl]: aProfile({ verification: { allowedOrigins: 'other.example' } }) }),
    ],
    [
      'a prefix its issuer does not allow',
      'issuer failed host_not_authorised',
      web({ [profileUrl]: aProfile({ verification: { startsWith: `${host}/other/` } }) }),
    ],
    [
      'a prefix that is another host',
      'issuer failed host_not_authorised',
      web({ [profileUrl]: aProfile({ verification: { startsWith: 'https://passport.exampl' } }) }),
    ],
    [
      'a foreign host claiming the issuer',
      'issuer failed host_not_authorised',
      () => {
        const id = 'https://evil.example/7';
        return { input: anAssertion({ id }), web: { [id]: anAssertion({ id }) } };
      },
    ],
    [
      'an unknown vocabulary',
      'context unknown context_unknown',
      given({ '@context': ['https://w3id.org/openbadges/v2', 'https://x.example/c'] }),
    ],
    [
      'its own vocabulary',
      'context failed context_inline',
      given({ '@context': ['https://w3id.org/openbadges/v2', { badge: 'x:y' }] }),
    ],
    [
      'a vocabulary hidden inside',
      'context failed context_inline',
      given({ recipient: anIdentity({ '@context': { identity: 'x:y' } }) }),
    ],
    ['a date without zone', schema, hostedWith({ issuedOn: '2026-11-20T09:30:00' })],
    ['a beginning in a year', 'dates failed not_yet_valid', hostedWith({ issuedOn: '2027-11-20T09:30:00Z' })],
    ['an end that is over', 'dates failed expired', hostedWith({ expires: '2026-11-21T00:00:00Z' })],
    [
      'an end before its beginning',
      'dates failed dates_malformed',
      hostedWith({ expires: '2026-11-01T00:00:00Z' }),
    ],
    ['a hash that is none', schema, hostedWith({ recipient: anIdentity({ identity: 'sha256$abc' }) })],
    ['hashed as text', schema, hostedWith({ recipient: anIdentity({ hashed: 'true' }) })],
    ['an id that is no address', schema, given({ id: 'urn:uuid:0b1f0f0e-0000-4000-8000-000000000001' })],
    [
      'the name of a signed badge',
      'schema failed ob2_form_differs',
      hostedWith({ verification: { type: 'SignedBadge' } }),
    ],
  ],
};

const signedWith = (change: JsonObject) => (): Handed => ({ input: aSignedAssertion(change) });
const web2 = (changes: Record<string, unknown>) => (): Handed => ({
  input: aSignedAssertion(),
  web: changes,
});
const headed = (header: JsonObject) => (): Handed => ({ input: aSignedAssertion({}, header) });
const id = 'urn:uuid:6f0c6a52-7d0e-4a3a-9a1e-2b1a5b0c7d01';

export const signedOb2: Family = {
  form: 'Open Badges 2.0, signed',
  original: () => ({ input: aSignedAssertion() }),
  faults: [
    [
      'a signature of another key',
      'proof failed signature_wrong',
      () => ({ input: aSignedAssertion({}, undefined, keys.otherRsa) }),
    ],
    [
      'a changed payload',
      'proof failed signature_wrong',
      () => {
        const [head, , signature] = aSignedAssertion().split('.');
        return {
          input: `${head}.${aSignedAssertion({ issuedOn: '2026-11-19T09:30:00Z' }).split('.')[1]}.${signature}`,
        };
      },
    ],
    ['alg none', 'proof failed jwt_algorithm_refused', headed({ alg: 'none' })],
    ['HS256', 'proof failed jwt_algorithm_refused', headed({ alg: 'HS256' })],
    ['an algorithm not asked for', 'proof unknown jwt_algorithm_not_supported', headed({ alg: 'PS256' })],
    ['a key in the header', 'proof failed jwt_header_refused', headed({ alg: 'RS256', jwk: { kty: 'RSA' } })],
    ['crit', 'proof failed jwt_header_refused', headed({ alg: 'RS256', crit: ['exp'] })],
    [
      'a key nobody lists',
      'issuer failed key_not_listed',
      signedWith({ verification: { type: 'signed', creator: `${host}/keys/2` } }),
    ],
    [
      'a key its issuer does not list any more',
      'issuer failed key_not_listed',
      web2({ [profileUrl]: aProfile({ publicKey: undefined }) }),
    ],
    [
      'a key of another owner',
      'issuer failed key_of_another_issuer',
      web2({ [keyUrl]: aKey({ owner: `${host}/other` }) }),
    ],
    ['a key away', 'issuer unknown linked_unreachable', web2({ [keyUrl]: undefined })],
    [
      'a key under another id',
      'issuer failed linked_id_differs',
      web2({ [keyUrl]: aKey({ id: `${keyUrl}2` }) }),
    ],
    ['a key of another type', 'issuer failed key_unusable', web2({ [keyUrl]: aKey({ type: 'Key' }) })],
    [
      'a key that is none',
      'issuer failed key_unusable',
      web2({
        [keyUrl]: aKey({ publicKeyPem: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' }),
      }),
    ],
    ['a key taken back', 'issuer failed key_compromised', web2({ [keyUrl]: aKey({ revoked: true }) })],
    [
      'a revocation',
      'status failed revoked',
      web2({ [revocationsUrl]: aRevocationList({ revokedAssertions: [id] }) }),
    ],
    [
      'a revocation with its reason',
      'status failed revoked',
      web2({ [revocationsUrl]: aRevocationList({ revokedAssertions: [{ id, revocationReason: 'x' }] }) }),
    ],
    [
      'a revocation list away',
      'status unknown status_retrieval_error',
      web2({ [revocationsUrl]: undefined }),
    ],
    [
      'a revocation list of another',
      'status unknown status_verification_error',
      web2({ [revocationsUrl]: aRevocationList({ issuer: `${host}/other` }) }),
    ],
    [
      'a revocation list that lists nothing readable',
      'status unknown malformed_value_error',
      web2({ [revocationsUrl]: aRevocationList({ revokedAssertions: id }) }),
    ],
    [
      'a revocation list of another type',
      'status unknown status_verification_error',
      web2({ [revocationsUrl]: aRevocationList({ type: 'List' }) }),
    ],
    ['no recipient', schema, signedWith({ recipient: undefined })],
    ['an end that is over', 'dates failed expired', signedWith({ expires: '2026-11-21T00:00:00Z' })],
    [
      'the name of a hosted badge',
      'schema failed ob2_form_differs',
      signedWith({ verification: { type: 'HostedBadge' } }),
    ],
  ],
};
