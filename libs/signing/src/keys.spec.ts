import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { jwkOf, publicKeyOfJwk } from './keys.js';

const ec = (namedCurve: string) => jwkOf(generateKeyPairSync('ec', { namedCurve }).publicKey);
const rsa = jwkOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey);
const okp = jwkOf(generateKeyPairSync('ed25519').publicKey);

describe('public keys from anywhere', () => {
  it.each([
    ['P-256', ec('P-256')],
    ['P-384', ec('P-384')],
    ['P-521', ec('P-521')],
    ['secp256k1', ec('secp256k1')],
    ['RSA', rsa],
    ['Ed25519', okp],
  ])('are read: %s', (_name, jwk) => {
    expect(jwkOf(publicKeyOfJwk(jwk))).toEqual(jwk);
  });

  it('are the same key however often they are read, and never another', () => {
    const [one, other] = [ec('P-256'), ec('P-256')];
    expect(publicKeyOfJwk(one)).toBe(publicKeyOfJwk({ ...one, kid: 'x' }));
    expect(publicKeyOfJwk(one).equals(publicKeyOfJwk(other))).toBe(false);
    expect(publicKeyOfJwk(one).equals(createPublicKey({ key: one, format: 'jwk' }))).toBe(true);
  });

  it('are refused again after a good key of the same numbers was read', () => {
    publicKeyOfJwk(okp);
    for (const bad of [
      { ...okp, d: 'AAAA' },
      { ...okp, use: 'enc' },
    ])
      expect(() => publicKeyOfJwk(bad)).toThrow(expect.objectContaining({ code: 'key_malformed' }));
  });

  it.each([
    ['a key for key agreement', jwkOf(generateKeyPairSync('x25519').publicKey)],
    ['RSA of 1024 bits', jwkOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
    ['the exponent 1', { ...rsa, e: 'AQ' }],
    ['an even exponent', { ...rsa, e: 'AQAA' }],
    ['a point off its curve', { ...ec('P-256'), y: ec('P-256').y }],
    ['a secret', { kty: 'oct', k: 'AAAA' }],
    ['no object', 'AAAA'],
  ])('are refused: %s', (_what, jwk) => {
    expect(() => publicKeyOfJwk(jwk)).toThrow(expect.objectContaining({ code: 'key_malformed' }));
  });
});
