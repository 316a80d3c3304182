import { constants, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { CompactSign } from 'jose';
import { type JsonObject, jwkOf, multibase } from '#signing';
import { type Check, verifyCredential } from '#verification';
import { aBadge, aSubject, FakeWeb, issuedAt, now } from './world.js';

const none = new FakeWeb(new Map());
const nbf = issuedAt.getTime() / 1000;
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const didOf = (key: KeyObject): string => `did:jwk:${part(jwkOf(key))}`;

/** A badge without status, of this issuer. */
const aStranger = (issuer: string, given: JsonObject = {}): JsonObject => {
  const { credentialStatus: _status, ...badge } = aBadge();
  return { ...badge, issuer: { id: issuer, type: ['Profile'], name: 'Une structure d’ailleurs' }, ...given };
};

const claimsOf = (badge: JsonObject): JsonObject => ({
  iss: (badge.issuer as JsonObject).id,
  jti: badge.id,
  sub: (badge.credentialSubject as JsonObject).id,
  nbf,
});

const payloadOf = (issuer: string): JsonObject => {
  const badge = aStranger(issuer);
  return { ...badge, ...claimsOf(badge) };
};

/** The payload of the older form. */
function olderPayload(issuer: string, change: (vc: JsonObject) => JsonObject = (vc) => vc): JsonObject {
  const { validFrom: _from, '@context': contexts, ...rest } = aStranger(issuer);
  const [, ...others] = contexts as string[];
  const vc = {
    ...rest,
    '@context': ['https://www.w3.org/2018/credentials/v1', ...others],
    issuanceDate: '2026-11-20T09:30:00Z',
  };
  return { ...claimsOf(vc), vc: change(vc) };
}

/** A token made by jose; by hand with secp256k1, which jose has left. */
async function joseToken(
  payload: JsonObject,
  alg: string,
  key: KeyObject,
  header: JsonObject,
): Promise<string> {
  if (alg !== 'ES256K')
    return new CompactSign(Buffer.from(JSON.stringify(payload)))
      .setProtectedHeader({ ...header, alg })
      .sign(key);
  const content = `${part({ ...header, alg })}.${part(payload)}`;
  const signature = sign('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

const check = (token: string, web = none) => verifyCredential(token, { fetcher: web, now });
const codeOf = (checks: Check[], name: string): string => {
  const found = checks.find((one) => one.name === name);
  return `${found?.outcome} ${found?.code}`;
};

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey;
const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
const keyFor: Record<string, KeyObject> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: p256,
  ES384: p384,
  ES512: p521,
  ES256K: secp256k1,
  EdDSA: ed,
};
const algorithms = Object.keys(keyFor);

describe('a VC-JWT of every algorithm', () => {
  it.each(algorithms)(
    'is authentic with %s, as payload and as vc claim, by kid and by key in its header',
    async (alg) => {
      const key = keyFor[alg]!;
      const did = didOf(key);
      for (const payload of [payloadOf(did), olderPayload(did)])
        for (const header of [{ kid: `${did}#0` }, { jwk: jwkOf(key) }, { kid: '#0', typ: 'vc+jwt' }]) {
          const { verdict, checks } = await check(await joseToken(payload, alg, key, header as JsonObject));
          expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
          expect(verdict).toBe('authentic');
        }
    },
  );

  it('is refused under every algorithm but the one it was signed with', async () => {
    for (const made of algorithms) {
      const did = didOf(keyFor[made]!);
      const token = await joseToken(payloadOf(did), made, keyFor[made]!, { kid: `${did}#0` });
      const [, body, signature] = token.split('.');
      for (const named of [...algorithms, 'none', 'HS256'].filter((one) => one !== made)) {
        const { verdict } = await check(`${part({ alg: named, kid: `${did}#0` })}.${body}.${signature}`);
        expect([made, named, verdict]).toEqual([made, named, 'not_authentic']);
      }
    }
  });

  it('is refused with one character of its signature or of its content changed', async () => {
    for (const alg of algorithms) {
      const did = didOf(keyFor[alg]!);
      const token = await joseToken(payloadOf(did), alg, keyFor[alg]!, { kid: `${did}#0` });
      const [head, body, signature] = token.split('.') as [string, string, string];
      const changed = `${signature[0] === 'A' ? 'B' : 'A'}${signature.slice(1)}`;
      expect(codeOf((await check(`${head}.${body}.${changed}`)).checks, 'proof')).toBe(
        'failed signature_wrong',
      );
      const other = part({ ...payloadOf(did), name: 'Autre' });
      expect(codeOf((await check(`${head}.${other}.${signature}`)).checks, 'proof')).toBe(
        'failed signature_wrong',
      );
    }
  });
});

describe('a VC-JWT signed with secp256k1', () => {
  const keyBytes = (key: KeyObject): Buffer => {
    const { x, y } = jwkOf(key);
    const odd = Buffer.from(y!, 'base64url').at(-1)! & 1;
    return Buffer.concat([Buffer.of(0xe7, 0x01, 2 + odd), Buffer.from(x!, 'base64url')]);
  };
  const multikey = multibase(keyBytes(secp256k1));
  const did = `did:key:${multikey}`;

  it('is checked against a did:key', async () => {
    expect(did).toMatch(/^did:key:zQ3s/);
    const { verdict, checks } = await check(
      await joseToken(payloadOf(did), 'ES256K', secp256k1, { kid: `${did}#${multikey}` }),
    );
    expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(verdict).toBe('authentic');
  });

  it('is refused when another key signed, or names the key otherwise', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey;
    const forged = await joseToken(payloadOf(did), 'ES256K', other, { kid: `${did}#${multikey}` });
    expect(codeOf((await check(forged)).checks, 'proof')).toBe('failed signature_wrong');
    const named = await joseToken(payloadOf(did), 'ES256K', secp256k1, { kid: `${did}#0` });
    expect(codeOf((await check(named)).checks, 'issuer')).toBe('failed key_not_listed');
  });
});

describe('the other half of a signature of an elliptic curve', () => {
  const orders: Record<string, bigint> = {
    ES256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    ES384:
      0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    ES512: BigInt(`0x01${'ff'.repeat(32)}fa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
    ES256K: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  };
  /** (r, s) as (r, n − s). */
  function otherHalf(token: string, alg: string): string {
    const end = token.lastIndexOf('.');
    const signature = Buffer.from(token.slice(end + 1), 'base64url');
    const size = signature.length / 2;
    const s = orders[alg]! - BigInt(`0x${signature.toString('hex', size)}`);
    const other = Buffer.from(s.toString(16).padStart(2 * size, '0'), 'hex');
    return `${token.slice(0, end)}.${Buffer.concat([signature.subarray(0, size), other]).toString('base64url')}`;
  }

  it.each(Object.keys(orders))('fits as well with %s, and no other text does', async (alg) => {
    const did = didOf(keyFor[alg]!);
    const token = await joseToken(payloadOf(did), alg, keyFor[alg]!, { kid: `${did}#0` });
    const other = otherHalf(token, alg);
    expect(other === token).toBe(false);
    expect(otherHalf(other, alg) === token).toBe(true);
    for (const half of [token, other]) {
      expect((await check(half)).verdict).toBe('authentic');
      const changed = part({ ...payloadOf(did), name: 'Autre' });
      expect((await check(half.replace(/\.[^.]+\./, `.${changed}.`))).verdict).toBe('not_authentic');
    }
  });
});

describe('signatures of the wrong form', () => {
  const handMade = (alg: string, key: KeyObject, make: (content: Buffer) => Buffer): string => {
    const did = didOf(key);
    const content = `${part({ alg, kid: `${did}#0` })}.${part(payloadOf(did))}`;
    return `${content}.${make(Buffer.from(content)).toString('base64url')}`;
  };
  it.each<[string, string, KeyObject, (content: Buffer) => Buffer]>([
    ['ES256 in DER', 'ES256', p256, (content) => sign('sha256', content, p256)],
    ['ES256 with a short r', 'ES256', p256, () => Buffer.alloc(63, 1)],
    ['ES256 all zero', 'ES256', p256, () => Buffer.alloc(64)],
    [
      'ES384 with a hash of 256 bits',
      'ES384',
      p384,
      (content) => sign('sha256', content, { key: p384, dsaEncoding: 'ieee-p1363' }),
    ],
    [
      'PS256 with another length of salt',
      'PS256',
      rsa,
      (content) =>
        sign('sha256', content, { key: rsa, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 20 }),
    ],
    ['PS256 in fact RS256', 'PS256', rsa, (content) => sign('sha256', content, rsa)],
    ['EdDSA too long', 'EdDSA', ed, (content) => Buffer.concat([sign(null, content, ed), Buffer.alloc(1)])],
  ])('refuses %s', async (_what, alg, key, make) => {
    expect(codeOf((await check(handMade(alg, key, make))).checks, 'proof')).toBe('failed signature_wrong');
  });
});

describe('the older form with a vc claim', () => {
  const did = didOf(ed);
  const token = (payload: JsonObject): Promise<string> =>
    joseToken(payload, 'EdDSA', ed, { kid: `${did}#0` });

  it('takes what the badge leaves out from the claims', async () => {
    const bare = olderPayload(did, ({ id: _id, issuanceDate: _date, credentialSubject: subject, ...vc }) => ({
      ...vc,
      credentialSubject: { ...(subject as JsonObject), id: undefined },
    }));
    const { verdict, credential } = await check(await token(bare));
    expect(verdict).toBe('authentic');
    expect(credential).toMatchObject({
      id: aBadge().id,
      issuanceDate: '2026-11-20T09:30:00Z',
      credentialSubject: { id: aSubject().id },
    });
  });

  it.each([
    ['iss', 'did:web:badges.example'],
    ['jti', 'urn:uuid:1'],
    ['sub', 'urn:uuid:2'],
    ['nbf', 1],
    ['nbf', 'soon'],
    ['exp', 4_000_000_000_000_000],
  ])('refuses a badge that %s %s contradicts', async (name, value) => {
    const { verdict, checks } = await check(await token({ ...olderPayload(did), [name]: value }));
    expect(codeOf(checks, 'proof')).toBe('failed jwt_claims_differ');
    expect(verdict).toBe('not_authentic');
  });

  it('calls it expired by its exp, and refuses a payload that is a badge and carries another', async () => {
    expect((await check(await token({ ...olderPayload(did), exp: nbf + 60 }))).verdict).toBe('expired');
    const both = { ...payloadOf(did), vc: aStranger(did) };
    expect((await check(await token(both))).verdict).toBe('not_authentic');
  });
});

describe('where the key of a JWT comes from', () => {
  const issuer = 'https://school.example/issuer';
  const jwk = { ...jwkOf(p256), kid: 'k1' };
  const method = { id: `${issuer}#k1`, type: 'JsonWebKey', controller: issuer, publicKeyJwk: jwkOf(p256) };
  const profile = { id: issuer, type: 'Profile', verificationMethod: [method], assertionMethod: [method.id] };
  const web = (pages: Record<string, unknown>): FakeWeb =>
    new FakeWeb(new Map(Object.entries(pages).map(([url, page]) => [url, JSON.stringify(page)])));
  const token = (header: JsonObject, key = p256): Promise<string> =>
    joseToken(payloadOf(issuer), 'ES256', key, header);
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  it.each<[string, JsonObject, Record<string, unknown>]>([
    [
      'a bare JWK below the issuer',
      { kid: `${issuer}/keys/1` },
      { [`${issuer}/keys/1`]: jwk, [issuer]: { id: issuer, type: 'Profile' } },
    ],
    [
      'a JWK Set, named behind #',
      { kid: `${issuer}/jwks.json#k1` },
      {
        [`${issuer}/jwks.json`]: { keys: [{ ...jwkOf(other), kid: 'k2' }, jwk] },
        [issuer]: { id: issuer, type: 'Profile' },
      },
    ],
    ['the issuer’s document', { kid: method.id }, { [issuer]: profile }],
    [
      'the issuer’s document, the key in assertionMethod itself',
      { kid: method.id },
      { [issuer]: { ...profile, verificationMethod: [], assertionMethod: [method] } },
    ],
    [
      'a key document elsewhere that the issuer lists',
      { kid: 'https://school.example/keys/1' },
      {
        [issuer]: {
          ...profile,
          verificationMethod: [{ ...method, id: 'https://school.example/keys/1' }],
          assertionMethod: ['https://school.example/keys/1'],
        },
      },
    ],
    ['the header, when the issuer lists the same key', { jwk }, { [issuer]: profile }],
  ])('is believed from %s', async (_what, header, pages) => {
    expect((await check(await token(header), web(pages))).verdict).toBe('authentic');
    const forged = await check(await token(header, other), web(pages));
    expect(forged.verdict).toBe('not_authentic');
  });

  it.each<[string, JsonObject, Record<string, unknown>, string]>([
    [
      'a set without its name',
      { kid: `${issuer}/jwks.json` },
      { [`${issuer}/jwks.json`]: { keys: [jwk] } },
      'unknown key_unusable',
    ],
    [
      'a set that has its name twice',
      { kid: `${issuer}/jwks.json#k1` },
      { [`${issuer}/jwks.json`]: { keys: [jwk, jwk] } },
      'unknown key_unusable',
    ],
    [
      'a document about somebody else',
      { jwk },
      { [issuer]: { ...profile, id: 'https://school.example/other' } },
      'failed issuer_document_unusable',
    ],
    [
      'a key controlled by somebody else',
      { kid: method.id },
      { [issuer]: { ...profile, verificationMethod: [{ ...method, controller: 'https://other.example' }] } },
      'failed key_of_another_issuer',
    ],
    [
      'a key for another purpose',
      { kid: method.id },
      { [issuer]: { ...profile, assertionMethod: [], authentication: [method.id] } },
      'failed key_not_for_assertion',
    ],
    [
      'a key elsewhere that nobody vouches for',
      { kid: 'https://school.example/keys/1' },
      { [issuer]: profile, 'https://school.example/keys/1': jwk },
      'unknown key_not_bound',
    ],
    ['a header alone', { jwk }, {}, 'unknown issuer_unreachable'],
    [
      'a private key in the header',
      { jwk: other.export({ format: 'jwk' }) as JsonObject },
      { [issuer]: profile },
      'unknown key_not_available',
    ],
  ])('is not believed from %s', async (_what, header, pages, expected) => {
    const { verdict, checks } = await check(await token(header, p256), web(pages));
    expect(codeOf(checks, 'issuer')).toBe(expected);
    expect(verdict).not.toBe('authentic');
  });

  it.each<[string, JsonObject]>([
    ['a private key', p256.export({ format: 'jwk' }) as JsonObject],
    ['a point off its curve', { ...jwkOf(p256), y: jwkOf(other).y }],
    ['a key for key agreement', jwkOf(generateKeyPairSync('x25519').privateKey)],
    ['a short RSA key', jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['an RSA key with the exponent 1', { ...jwkOf(rsa), e: 'AQ' }],
    ['an RSA key with an even exponent', { ...jwkOf(rsa), e: 'AQAA' }],
    ['a secret', { kty: 'oct', k: 'AAAA' }],
    ['a key for encryption', { ...jwkOf(p256), use: 'enc' }],
  ])('refuses a did:jwk that is %s', async (_what, key) => {
    const did = `did:jwk:${part(key)}`;
    const token = await joseToken(payloadOf(did), 'ES256', p256, { kid: `${did}#0` });
    const { verdict, checks } = await check(token);
    expect(codeOf(checks, 'issuer')).toBe('failed key_unusable');
    expect(verdict).toBe('not_authentic');
  });

  it('does not take a key written behind an address for the issuer’s, unless the issuer lists it', async () => {
    const { multikeyOf } = await import('#signing');
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const multikey = multikeyOf(publicKey);
    const forged = await joseToken(
      payloadOf(issuer),
      'EdDSA',
      createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
      { kid: `${issuer}#${multikey}` },
    );
    expect(codeOf((await check(forged, web({ [issuer]: profile }))).checks, 'issuer')).toBe(
      'failed key_not_listed',
    );
    expect((await check(forged)).verdict).toBe('cannot_check');
    const named = {
      id: `${issuer}#main`,
      type: 'Multikey',
      controller: issuer,
      publicKeyMultibase: multikey,
    };
    const listing = { ...profile, verificationMethod: [named], assertionMethod: [named.id] };
    expect((await check(forged, web({ [issuer]: listing }))).verdict).toBe('authentic');
  });
});
