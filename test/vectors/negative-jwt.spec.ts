import { createHmac, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { didDocument, type JsonObject, jwkOf } from '#signing';
import {
  aBadge,
  answer,
  ecKid,
  issuerDid,
  issuerKeys,
  keys,
  origin,
  otherDid,
  rsaKid,
  signedJwt,
  verify,
} from './world.js';

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const payload = (change: JsonObject = {}): JsonObject => ({
  ...aBadge(),
  iss: issuerDid,
  jti: aBadge().id,
  sub: (aBadge().credentialSubject as JsonObject).id,
  nbf: Date.parse('2026-11-20T09:30:00Z') / 1000,
  ...change,
});
const header = (change: JsonObject = {}): JsonObject => ({
  alg: 'RS256',
  typ: 'JWT',
  kid: rsaKid,
  ...change,
});

/** A JWT made by hand: any header, any payload, properly signed over both. */
function handMade(head: JsonObject | string, body: JsonObject | string, key: KeyObject = keys.rsa): string {
  const input = `${part(head)}.${part(body)}`;
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
}
const es256 = (head: JsonObject, signature?: Buffer): string => {
  const input = `${part(head)}.${part(payload())}`;
  const made = signature ?? sign('sha256', Buffer.from(input), { key: keys.ec, dsaEncoding: 'ieee-p1363' });
  return `${input}.${made.toString('base64url')}`;
};
const hmac = (alg: string, secret: string | Buffer): string => {
  const input = `${part(header({ alg }))}.${part(payload())}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
};
const rsaPem = createPublicKey(keys.rsa).export({ format: 'pem', type: 'spki' });
const rsaJwk = jwkOf(keys.rsa);
const otherJwk = jwkOf(keys.otherRsa);

describe('a VC-JWT that must be accepted', () => {
  it.each([
    ['typ vc+jwt', () => handMade(header({ typ: 'vc+jwt', cty: 'vc' }), payload())],
    ['no typ', () => handMade({ alg: 'RS256', kid: rsaKid }, payload())],
    ['ES256', () => es256({ alg: 'ES256', kid: ecKid })],
    ['a DID URL as kid', () => handMade(header({ kid: `${issuerDid}#rsa-issuer` }), payload())],
    ['the issuer’s own key in the header', () => handMade({ alg: 'RS256', jwk: rsaJwk }, payload())],
    [
      'an envelope around it',
      () =>
        JSON.stringify({
          '@context': 'https://www.w3.org/ns/credentials/v2',
          id: `data:application/vc+jwt,${signedJwt()}`,
          type: 'EnvelopedVerifiableCredential',
        }),
    ],
  ])('with %s', async (_what, token) => {
    const report = await verify(token());
    expect(report.checks.filter((check) => check.outcome !== 'passed')).toEqual([]);
    expect(report.verdict).toBe('authentic');
  });
});

describe('signatures and algorithms', () => {
  const genuine = signedJwt();
  const [head, body, signature] = genuine.split('.') as [string, string, string];
  const refused: [string, string, string][] = [
    [
      'alg none without signature',
      `${part({ alg: 'none', kid: rsaKid })}.${body}.`,
      'failed jwt_algorithm_refused',
    ],
    [
      'alg None with the old signature',
      `${part({ alg: 'None', kid: rsaKid })}.${body}.${signature}`,
      'failed jwt_algorithm_refused',
    ],
    ['no alg', `${part({ kid: rsaKid })}.${body}.${signature}`, 'failed jwt_algorithm_refused'],
    [
      'alg as a list',
      `${part({ alg: ['RS256'], kid: rsaKid })}.${body}.${signature}`,
      'failed jwt_algorithm_refused',
    ],
    ['HS256 with the public key as secret', hmac('HS256', rsaPem), 'failed jwt_algorithm_refused'],
    ['HS256 with an empty secret', hmac('HS256', ''), 'failed jwt_algorithm_refused'],
    ['HS512', hmac('HS512', rsaPem), 'failed jwt_algorithm_refused'],
    ['PS256 that is RS256', handMade(header({ alg: 'PS256' }), payload()), 'failed signature_wrong'],
    ['EdDSA with an RSA key', handMade(header({ alg: 'EdDSA' }), payload()), 'failed signature_wrong'],
    ['ES256K with an RSA key', handMade(header({ alg: 'ES256K' }), payload()), 'failed signature_wrong'],
    ['ES256K with a key of P-256', es256({ alg: 'ES256K', kid: ecKid }), 'failed signature_wrong'],
    ['ES256X', handMade(header({ alg: 'ES256X' }), payload()), 'unknown jwt_algorithm_not_supported'],
    ['RS256 with a key for ES256', handMade(header({ kid: ecKid }), payload()), 'failed signature_wrong'],
    ['ES256 with a key for RS256', es256({ alg: 'ES256', kid: rsaKid }), 'failed signature_wrong'],
    [
      'an all-zero ES256 signature',
      es256({ alg: 'ES256', kid: ecKid }, Buffer.alloc(64)),
      'failed signature_wrong',
    ],
    [
      'an ES256 signature in DER',
      es256({ alg: 'ES256', kid: ecKid }, sign('sha256', Buffer.from('x'), keys.ec)),
      'failed signature_wrong',
    ],
    ['a truncated signature', genuine.slice(0, -6), 'failed signature_wrong'],
    ['an empty signature', `${head}.${body}.`, 'failed signature_wrong'],
    [
      'a payload of another name',
      `${head}.${part(payload({ name: 'Autre' }))}.${signature}`,
      'failed signature_wrong',
    ],
    [
      'a header changed afterwards',
      `${part(header({ typ: 'vc+jwt' }))}.${body}.${signature}`,
      'failed signature_wrong',
    ],
    ['a signature of somebody else', handMade(header(), payload(), keys.otherRsa), 'failed signature_wrong'],
  ];

  it.each(refused)('refuses %s', async (_what, token, expected) => {
    const report = await verify(token);
    expect(answer(report, 'proof')).toBe(expected);
    expect(report.verdict).toBe(expected.startsWith('unknown') ? 'cannot_check' : 'not_authentic');
  });

  it.each([
    ['a fourth part', `${genuine}.x`, 'not_a_credential'],
    ['other spelling of the same signature bytes', otherSpelling(genuine), 'jwt_malformed'],
    ['padding', `${genuine}==`, 'not_a_credential'],
    ['a header that is no JSON', `${part('alg')}.${body}.${signature}`, 'not_json'],
    ['a payload that is a list', `${head}.${part([payload()])}.${signature}`, 'not_a_credential'],
    [
      'a member written twice in the header',
      handMade(`{"alg":"RS256","kid":"${rsaKid}","alg":"none"}`, payload()),
      'duplicate_key',
    ],
    [
      'a member written twice in the payload',
      handMade(header(), JSON.stringify(payload()).replace('{', '{"name":"x",')),
      'duplicate_key',
    ],
  ])('does not read %s', async (_what, token, code) => {
    const report = await verify(token);
    expect(answer(report, 'parse')).toBe(`failed ${code}`);
    expect(report.verdict).toBe('not_authentic');
  });
});

// The last character of a signature of 256 bytes carries four bits that decoders ignore.
function otherSpelling(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1)!) ^ 1];
}

describe('headers that try to choose the key', () => {
  it.each([
    ['jku', { jku: `${origin}/issuers/south/jwks.json` }],
    ['x5u', { x5u: 'https://evil.example/c.pem' }],
    ['x5c', { x5c: ['AAAA'] }],
    ['crit', { crit: ['exp'] }],
    ['b64', { b64: false }],
    ['a foreign typ', { typ: 'at+jwt' }],
    ['a kid that is a number', { kid: 1 }],
    ['a private key', { jwk: { ...rsaJwk, d: 'AQAB' } }],
    ['neither kid nor jwk', { kid: undefined }],
  ])('refuses %s', async (_what, change) => {
    const report = await verify(handMade(header(change as JsonObject), payload()));
    expect(answer(report, 'proof')).toBe('failed jwt_header_refused');
    expect(report.verdict).toBe('not_authentic');
  });

  const refused: [string, string, string, Record<string, unknown>?][] = [
    [
      'a stranger’s key in the header',
      handMade({ alg: 'RS256', jwk: otherJwk }, payload(), keys.otherRsa),
      'failed key_not_listed',
    ],
    [
      'a kid of another issuer',
      handMade(header({ kid: `${origin}/issuers/south/keys/rsa-other` }), payload(), keys.otherRsa),
      'failed key_of_another_issuer',
    ],
    [
      'a kid of an issuer whose name begins alike',
      handMade(header({ kid: `${origin}/issuers/northern/keys/1` }), payload(), keys.otherRsa),
      'failed key_of_another_issuer',
    ],
    [
      'a kid that climbs out of the issuer’s folder',
      handMade(header({ kid: `${origin}/issuers/north/../south/keys/rsa-other` }), payload(), keys.otherRsa),
      'failed key_of_another_issuer',
    ],
    [
      'a kid that climbs with escapes',
      handMade(
        header({ kid: `${origin}/issuers/north/%2e%2e%2fsouth/keys/rsa-other` }),
        payload(),
        keys.otherRsa,
      ),
      'failed key_of_another_issuer',
    ],
    [
      'a kid on another host',
      handMade(header({ kid: 'https://evil.example/issuers/north/keys/1' }), payload(), keys.otherRsa),
      'failed key_of_another_issuer',
    ],
    [
      'a kid with a user name',
      handMade(
        header({ kid: 'https://badges.example@evil.example/issuers/north/k' }),
        payload(),
        keys.otherRsa,
      ),
      'failed key_of_another_issuer',
    ],
    ['a kid that is a path', handMade(header({ kid: '../../etc/passwd' }), payload()), 'failed key_unusable'],
    ['a kid that is SQL', handMade(header({ kid: "' or 1=1 --" }), payload()), 'failed key_unusable'],
    [
      'a kid over http',
      handMade(header({ kid: rsaKid.replace('https', 'http') }), payload()),
      'unknown key_unreachable',
    ],
    [
      'a DID URL of another issuer',
      handMade(header({ kid: `${otherDid}#rsa-other` }), payload(), keys.otherRsa),
      'failed key_of_another_issuer',
    ],
    ['a key set instead of one key', signedJwt(), 'unknown key_unusable', { [rsaKid]: { keys: [rsaJwk] } }],
    [
      'a symmetric key at the kid',
      signedJwt(),
      'unknown key_unusable',
      { [rsaKid]: { kty: 'oct', k: 'AAAA' } },
    ],
    ['a private key at the kid', signedJwt(), 'unknown key_unusable', { [rsaKid]: { ...rsaJwk, d: 'AAAA' } }],
    ['a kid that does not answer', signedJwt(), 'unknown key_unreachable', { [rsaKid]: undefined }],
    [
      'a key the issuer withdrew',
      signedJwt(),
      'failed key_not_for_assertion',
      {
        [`${origin}/issuers/north/did.json`]: {
          ...didDocument({ did: issuerDid, keys: issuerKeys }),
          assertionMethod: [],
        },
      },
    ],
  ];

  it.each(refused)('refuses %s', async (...[_what, token, expected, web]) => {
    const report = await verify(token, web);
    expect(answer(report, 'issuer')).toBe(expected);
    expect(report.verdict).toBe(expected.startsWith('unknown') ? 'cannot_check' : 'not_authentic');
  });
});

describe('claims that contradict the badge', () => {
  it.each([
    ['iss', otherDid],
    ['jti', 'urn:uuid:1'],
    ['sub', 'urn:uuid:2'],
    ['nbf', 1],
    ['nbf', '1795167000'],
    ['exp', 4_000_000_000],
    ['iss', undefined],
    ['sub', undefined],
    ['nbf', undefined],
  ])('refuses %s %s', async (name, value) => {
    const report = await verify(handMade(header(), payload({ [name]: value })));
    expect(answer(report, 'proof')).toBe('failed jwt_claims_differ');
  });

  it('tells an expired JWT from a forged one', async () => {
    const report = await verify(signedJwt(aBadge({ validUntil: '2026-11-21T00:00:00Z' })));
    expect(answer(report, 'proof')).toBe('passed signature_fits');
    expect(report.verdict).toBe('expired');
  });

  it('refuses a badge that carries another in a vc claim', async () => {
    const report = await verify(handMade(header(), payload({ vc: aBadge() })));
    expect(report.verdict).not.toBe('authentic');
  });
});
