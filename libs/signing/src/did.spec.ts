import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { bareJwk, didDocument, didWebFor, didWebUrl, jwks, type PublicKeyRecord } from './did.js';
import { generateKey, jwkOf } from './keys.js';

const record = async (
  algorithm: 'Ed25519' | 'RS256',
  compromisedSince: Date | null = null,
): Promise<PublicKeyRecord> => ({
  ...(await generateKey(algorithm)),
  compromisedSince,
});

describe('did:web addresses', () => {
  it.each([
    [
      'https://badges.example',
      'north',
      'did:web:badges.example:issuers:north',
      'https://badges.example/issuers/north/did.json',
    ],
    [
      'http://localhost:4180',
      'nord',
      'did:web:localhost%3A4180:issuers:nord',
      'https://localhost:4180/issuers/nord/did.json',
    ],
  ])('of %s and %s', (origin, slug, did, url) => {
    expect(didWebFor(origin, slug)).toBe(did);
    expect(didWebUrl(did)).toBe(url);
  });

  it('looks in .well-known when there is no path', () => {
    expect(didWebUrl('did:web:badges.example')).toBe('https://badges.example/.well-known/did.json');
  });

  it.each([
    'did:key:z6Mk',
    'did:web:',
    'did:web:127.0.0.1',
    'did:web:127.0.0.1%3A80:x',
    'did:web:badges.example:..:secret',
    'did:web:badges.example:%2e%2e:secret',
    'did:web:badges.example:a%2Fb',
    'did:web:badges.example/x',
    'did:web:user@badges.example',
    'did:web:badges.example:a?b',
    'did:web:badges.example%3A99999:a',
    'did:web:[::1]:a',
  ])('does not read %s', (did) => {
    expect(didWebUrl(did)).toBeUndefined();
  });
});

describe('a DID document', () => {
  const did = 'did:web:badges.example:issuers:north';

  it('lists every key with absolute ids and lets all but the compromised sign', async () => {
    const keys = [await record('Ed25519'), await record('RS256'), await record('Ed25519', new Date())];
    const document = didDocument({ did, keys }) as {
      verificationMethod: Record<string, unknown>[];
      assertionMethod: string[];
    };
    expect(document.verificationMethod.map(({ id }) => id)).toEqual(keys.map(({ id }) => `${did}#${id}`));
    expect(document.verificationMethod.every(({ controller }) => controller === did)).toBe(true);
    expect(document.verificationMethod.map(({ type }) => type)).toEqual([
      'Multikey',
      'JsonWebKey',
      'Multikey',
    ]);
    expect(document.assertionMethod).toEqual([`${did}#${keys[0]!.id}`, `${did}#${keys[1]!.id}`]);
  });

  it('shows no private member anywhere', async () => {
    const keys = [await record('Ed25519'), await record('RS256')];
    const shown = JSON.stringify([didDocument({ did, keys }), jwks(keys), keys.map((key) => bareJwk(key))]);
    expect(shown).not.toMatch(/"(d|p|q|dp|dq|qi|k|privateKey)":/);
  });

  it('gives one bare JWK and a set with the same kid', async () => {
    const key = await record('RS256');
    const kid = 'https://badges.example/issuers/north/keys/1';
    expect(bareJwk(key, kid)).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', kid });
    expect(jwks([key, await record('Ed25519', new Date())], () => kid)).toEqual({
      keys: [bareJwk(key, kid)],
    });
    expect(bareJwk(await record('Ed25519'))).toMatchObject({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA' });
  });
});

describe('keys', () => {
  it('have random ids that say their kind', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await generateKey('Ed25519')).id));
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^ed-[0-9a-z]{16}$/);
    expect((await generateKey('RS256')).id).toMatch(/^rsa-[0-9a-z]{16}$/);
  });

  it('show only their public half as JWK', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(jwkOf(privateKey)).toEqual(createPublicKey(privateKey).export({ format: 'jwk' }));
  });
});
