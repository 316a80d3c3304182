import fc from 'fast-check';
import { requestHash } from './idempotency.interceptor.js';

const hash = (body: unknown, url = '/a', type = 'application/json') => requestHash('POST', url, type, body);

describe('what makes two requests the same', () => {
  it('is the content of JSON, not the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (body) => {
        expect(hash(Object.fromEntries(Object.entries(body).reverse()))).toBe(hash(body));
      }),
    );
  });

  it('is every byte of another body', () => {
    expect(hash(Buffer.from('a;b'))).not.toBe(hash(Buffer.from('a;c')));
    expect(hash(Buffer.from('a;b'))).toBe(hash(Buffer.from('a;b')));
  });

  it('differs by address and media type', () => {
    expect(new Set([hash({}), hash({}, '/b'), hash({}, '/a', 'text/csv'), hash(undefined)]).size).toBe(4);
  });
});
