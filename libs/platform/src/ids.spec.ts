import fc from 'fast-check';
import { InvalidInput } from './errors.js';
import { canonicalJson, isPublicId, publicId, uuid } from './ids.js';

describe('a public id', () => {
  it('has 26 characters that nobody confuses and its own form', () => {
    for (let i = 0; i < 1_000; i += 1) {
      const id = publicId();
      expect(isPublicId(id)).toBe(true);
      expect(id).not.toMatch(/[ilou]/);
    }
  });
  it('is never drawn twice in a hundred thousand', () => {
    expect(new Set(Array.from({ length: 100_000 }, publicId)).size).toBe(100_000);
  });
  it.each([
    '',
    'abc',
    'z'.repeat(26),
    `${publicId()}0`,
    publicId().toUpperCase(),
    `../${publicId().slice(3)}`,
  ])('is not %j', (text) => expect(isPublicId(text)).toBe(false));
});

describe('a row id', () => {
  it('sorts by the time it was made', () => {
    const ids = Array.from({ length: 100 }, uuid);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('canonical JSON', () => {
  it('is the same for equal values whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
      }),
    );
  });
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it('refuses a value nested so deep that it would exhaust the stack', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 50_000; i += 1) deep = [deep];
    expect(() => canonicalJson(deep)).toThrow(InvalidInput);
  });
});
