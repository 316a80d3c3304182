import { createHmac, createPublicKey, sign } from 'node:crypto';
import { type JsonObject, jwkOf } from '#signing';
import { aJwt, claimsOf } from '../jwts.js';
import { aBadge, ecKid, issuerDid, keys, origin, otherDid, rsaKid, signedJwt } from '../world.js';
import { changed, type Family, type Fault, type Handed } from './family.js';

const header = (change: JsonObject = {}): JsonObject => ({
  alg: 'RS256',
  typ: 'JWT',
  kid: rsaKid,
  ...change,
});
const withHeader = (change: JsonObject) => (): Handed => ({
  input: aJwt(claimsOf(aBadge()), header(change)),
});
const withClaims = (change: JsonObject) => (): Handed => ({
  input: aJwt({ ...claimsOf(aBadge()), ...change }),
});
const parts = (): string[] => signedJwt().split('.');
const joined = (change: (parts: string[]) => string[]) => (): Handed => ({
  input: change(parts()).join('.'),
});

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function hmac(alg: string): string {
  const input = `${part(header({ alg }))}.${part(claimsOf(aBadge()))}`;
  const secret = createPublicKey(keys.rsa).export({ format: 'pem', type: 'spki' });
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

const headers: Fault[] = [
  [
    'alg none',
    'proof failed jwt_algorithm_refused',
    () => ({ input: `${part({ alg: 'none' })}.${parts()[1]}.` }),
  ],
  ['alg nOnE', 'proof failed jwt_algorithm_refused', withHeader({ alg: 'nOnE' })],
  [
    'HS256 with the public key as secret',
    'proof failed jwt_algorithm_refused',
    () => ({ input: hmac('HS256') }),
  ],
  ['HS512', 'proof failed jwt_algorithm_refused', () => ({ input: hmac('HS512') })],
  ['no alg', 'proof failed jwt_algorithm_refused', withHeader({ alg: undefined })],
  ['an algorithm nobody knows', 'proof unknown jwt_algorithm_not_supported', withHeader({ alg: 'XS999' })],
  ['ES256 over an RSA key', 'proof failed signature_wrong', withHeader({ alg: 'ES256' })],
  ['crit', 'proof failed jwt_header_refused', withHeader({ crit: ['b64'], b64: false })],
  ['jku', 'proof failed jwt_header_refused', withHeader({ jku: 'https://evil.example/keys' })],
  ['x5u', 'proof failed jwt_header_refused', withHeader({ x5u: 'https://evil.example/cert' })],
  ['x5c', 'proof failed jwt_header_refused', withHeader({ x5c: ['MIIB'] })],
  ['a typ of something else', 'proof failed jwt_header_refused', withHeader({ typ: 'at+jwt' })],
  ['no key named', 'proof failed jwt_header_refused', withHeader({ kid: undefined })],
  ['a number as kid', 'proof failed jwt_header_refused', withHeader({ kid: 7 })],
  ['a path as kid', 'issuer failed key_unusable', withHeader({ kid: '../../etc/passwd' })],
  [
    'the neighbour’s kid',
    'issuer failed key_of_another_issuer',
    withHeader({ kid: `${origin}/issuers/south/keys/rsa-other` }),
  ],
  [
    'a stranger’s kid',
    'issuer failed key_of_another_issuer',
    withHeader({ kid: 'https://evil.example/key' }),
  ],
  [
    'the neighbour’s DID as kid',
    'issuer failed key_of_another_issuer',
    withHeader({ kid: `${otherDid}#rsa-other` }),
  ],
  [
    'a key of its own in the header',
    'issuer failed key_not_listed',
    () => ({
      input: aJwt(claimsOf(aBadge()), { alg: 'RS256', jwk: jwkOf(keys.otherRsa) }, keys.otherRsa),
    }),
  ],
  [
    'a private key in the header',
    'proof failed jwt_header_refused',
    () => ({
      input: aJwt(claimsOf(aBadge()), {
        alg: 'RS256',
        jwk: keys.rsa.export({ format: 'jwk' }) as JsonObject,
      }),
    }),
  ],
];

const claims: Fault[] = (
  [
    ['iss of another', { iss: otherDid }],
    ['jti of another', { jti: 'urn:uuid:0' }],
    ['sub of another', { sub: 'urn:uuid:0' }],
    ['nbf a day later', { nbf: Date.parse('2026-11-21T09:30:00Z') / 1000 }],
    ['nbf as text', { nbf: '1795600200' }],
    ['exp that the badge has not', { exp: 1_900_000_000 }],
    ['no iss', { iss: undefined }],
    ['no jti', { jti: undefined }],
    ['no sub', { sub: undefined }],
    ['no nbf', { nbf: undefined }],
  ] as [string, JsonObject][]
).map(([what, change]) => [what, 'proof failed jwt_claims_differ', withClaims(change)]);

const bytes: Fault[] = [
  [
    'a changed payload',
    'proof failed signature_wrong',
    joined(([head, , signature]) => [head!, part(claimsOf(aBadge({ name: 'Autre' }))), signature!]),
  ],
  [
    'a changed header',
    'proof failed signature_wrong',
    joined(([, body, signature]) => [part(header({ typ: 'vc+jwt' })), body!, signature!]),
  ],
  ['no signature', 'proof failed signature_wrong', joined(([head, body]) => [head!, body!, ''])],
  [
    'a cut signature',
    'proof failed signature_wrong',
    joined(([head, body, signature]) => [head!, body!, signature!.slice(0, 340)]),
  ],
  [
    'a signature of another key',
    'proof failed signature_wrong',
    () => ({ input: aJwt(claimsOf(aBadge()), header(), keys.otherRsa) }),
  ],
  [
    'a signature spelt otherwise',
    'parse failed jwt_malformed',
    joined(([head, body, signature]) => [
      head!,
      body!,
      `${signature!.slice(0, -1)}${signature!.endsWith('B') ? 'C' : 'B'}`,
    ]),
  ],
  ['four parts', 'parse failed not_a_credential', joined((all) => [...all, 'x'])],
  ['two parts', 'parse failed not_a_credential', joined((all) => all.slice(0, 2))],
  ['a payload that is no JSON', 'parse failed not_json', () => ({ input: aJwt('hello') })],
  [
    'a name twice in the payload',
    'parse failed duplicate_key',
    () => ({
      input: aJwt(JSON.stringify(claimsOf(aBadge())).replace('{', '{"name":"Autre",')),
    }),
  ],
  [
    'a header with a name twice',
    'parse failed duplicate_key',
    () => ({
      input: aJwt(claimsOf(aBadge()), `{"alg":"none","alg":"RS256","kid":"${rsaKid}"}`),
    }),
  ],
  [
    'an end that is over',
    'dates failed expired',
    () => ({ input: signedJwt(changed(aBadge(), 'validUntil', '2026-11-21T00:00:00Z')) }),
  ],
];

export const jwt: Family = {
  form: 'VC-JWT with RS256',
  original: () => ({ input: aJwt(claimsOf(aBadge())) }),
  faults: [...headers, ...claims, ...bytes],
};

const es256 = (signature?: (made: Buffer) => Buffer): string => {
  const input = `${part({ alg: 'ES256', kid: ecKid })}.${part(claimsOf(aBadge()))}`;
  const made = sign('sha256', Buffer.from(input), { key: keys.ec, dsaEncoding: 'ieee-p1363' });
  return `${input}.${(signature?.(made) ?? made).toString('base64url')}`;
};

export const jwtOfCurves: Family = {
  form: 'VC-JWT with ES256',
  original: () => ({ input: es256() }),
  faults: [
    ['zeros as signature', 'proof failed signature_wrong', () => ({ input: es256(() => Buffer.alloc(64)) })],
    [
      'one bit turned',
      'proof failed signature_wrong',
      () => ({
        input: es256((made) => Buffer.concat([made.subarray(0, 63), Buffer.from([made[63]! ^ 1])])),
      }),
    ],
    [
      'a signature one byte short',
      'proof failed signature_wrong',
      () => ({ input: es256((made) => made.subarray(1)) }),
    ],
    [
      'halves exchanged',
      'proof failed signature_wrong',
      () => ({
        input: es256((made) => Buffer.concat([made.subarray(32), made.subarray(0, 32)])),
      }),
    ],
    [
      'its key no longer allowed',
      'issuer failed key_not_for_assertion',
      async () => ({
        input: es256().replace(/^[^.]+/, part({ alg: 'ES256', kid: `${issuerDid}#ec-issuer` })),
        web: { [`${origin}/issuers/north/did.json`]: await withoutAssertion() },
      }),
    ],
  ],
};

async function withoutAssertion(): Promise<JsonObject> {
  const { corpusWeb } = await import('./family.js');
  const document = JSON.parse(
    (await corpusWeb()).pages.get(`${origin}/issuers/north/did.json`)!,
  ) as JsonObject;
  return { ...document, assertionMethod: [] };
}
