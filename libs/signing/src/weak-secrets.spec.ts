import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { projectFile } from '#platform';
import { weaknessOf, weaknessOfKey } from './weak-secrets.js';

describe('a weak secret', () => {
  const published = JSON.parse(
    readFileSync(projectFile('test', 'vectors', 'published', 'published-test-keys.json'), 'utf8'),
  ) as Record<string, { d: string }>;

  it.each(['issuerEd', 'otherEd'])('is one of our own published test keys (%s), in any spelling', (name) => {
    const seed = Buffer.from(published[name]!.d, 'base64url');
    for (const encoding of ['base64', 'base64url', 'hex'] as const)
      expect(weaknessOf(seed.toString(encoding))).toBe('published');
    expect(weaknessOf(seed.toString('hex').toUpperCase())).toBe('published');
    expect(weaknessOfKey(seed)).toBe('published');
  });

  it.each([
    ['', 'empty'],
    ['short', 'short'],
    ['password', 'default'],
    ['Changeme123!', 'default'],
    ['CHANGEZ-MOI changez-moi 2026', 'default'],
    ['votre', 'short'],
    ['1234567890123456789', 'default'],
    ['12345678901234567890', 'pattern'],
    ['aaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'pattern'],
    ['your-256-bit-secret', 'published'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'published'],
    ['test test test test test test test test test test test junk', 'published'],
    ['000000000000000000000000Steward1', 'published'],
  ])('is "%s": %s', (secret, weakness) => {
    expect(weaknessOf(secret)).toBe(weakness);
  });

  it('is never what a random generator gives', () => {
    for (let i = 0; i < 1_000; i += 1) {
      expect(weaknessOf(randomBytes(24).toString('base64'))).toBeUndefined();
      expect(weaknessOfKey(randomBytes(32))).toBeUndefined();
    }
  });

  it('is any text shorter than what is asked, and reading one never fails', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 19 }), (text) => {
        expect(weaknessOf(text)).toBeDefined();
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void weaknessOf(text)));
  });
});
