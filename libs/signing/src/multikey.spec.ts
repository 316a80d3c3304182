import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { KeyMalformed } from './errors.js';
import { jwkOf, publicKeyOfJwk } from './keys.js';
import { multibase, multibaseBytes, multikeyOf, publicKeyOfMultikey } from './multikey.js';

describe('Multikey', () => {
  it('gives back the same Ed25519 key', () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const text = multikeyOf(publicKey);
    expect(text).toMatch(/^z6Mk/);
    expect(publicKeyOfMultikey(text).equals(publicKey)).toBe(true);
  });

  it.each([
    ['P-256', [0x80, 0x24], /^zDna/],
    ['P-384', [0x81, 0x24], /^z82/],
    ['secp256k1', [0xe7, 0x01], /^zQ3s/],
  ])('reads a %s key', (namedCurve, codec, beginning) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const odd = Buffer.from(y!, 'base64url').at(-1)! & 1;
    const text = multibase(Buffer.concat([Buffer.of(...codec, 2 + odd), Buffer.from(x!, 'base64url')]));
    expect(text).toMatch(beginning);
    expect(jwkOf(publicKeyOfMultikey(text))).toEqual(jwkOf(publicKey));
  });

  it('refuses a secp256k1 key that is no point of its curve, and one of another length', () => {
    const codec = Buffer.of(0xe7, 0x01);
    for (const key of [
      Buffer.alloc(33, 5),
      Buffer.alloc(32, 2),
      Buffer.concat([Buffer.of(2), Buffer.alloc(32, 255)]),
    ])
      expect(() => publicKeyOfMultikey(multibase(Buffer.concat([codec, key])))).toThrow(KeyMalformed);
  });

  it.each([
    '',
    'z',
    'z6Mk',
    'm6Mk',
    'z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ20',
    multibase(Buffer.alloc(34)),
    `z${'1'.repeat(500)}`,
  ])('refuses %p', (text) => {
    expect(() => publicKeyOfMultikey(text)).toThrow(KeyMalformed);
  });

  it('encodes only Ed25519 public keys', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    expect(() => multikeyOf(privateKey)).toThrow(KeyMalformed);
    expect(() => multikeyOf(rsa)).toThrow(KeyMalformed);
  });

  it('round-trips any bytes through base58-btc', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        expect(multibaseBytes(multibase(bytes)).equals(Buffer.from(bytes))).toBe(true);
      }),
    );
  });
});

describe('a JWK from anywhere', () => {
  it('is read when it is a public key', () => {
    for (const { publicKey } of [
      generateKeyPairSync('ed25519'),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ])
      expect(publicKeyOfJwk({ ...jwkOf(publicKey), kid: 'x', use: 'sig' }).equals(publicKey)).toBe(true);
  });

  it.each([
    ['null', null],
    ['a text', 'key'],
    ['a list', []],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }],
    ['a private key', generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })],
    ['an unknown type', { kty: 'AKP' }],
    ['a key set', { keys: [] }],
    ['a point off its curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }],
    [
      'a short RSA key',
      createPublicKey(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey).export({
        format: 'jwk',
      }),
    ],
  ])('is refused when it is %s', (_what, jwk) => {
    expect(() => publicKeyOfJwk(jwk)).toThrow(KeyMalformed);
  });
});
