import fc from 'fast-check';
import { textArray } from './text-array.js';

/** What PostgreSQL's array_recv would read. */
function read(bytes: Buffer): (string | undefined)[] {
  const [dimensions, nulls, oid] = [0, 4, 8].map((at) => bytes.readInt32BE(at));
  expect(oid).toBe(25);
  if (dimensions === 0) return [];
  expect(bytes.readInt32BE(16)).toBe(1);
  const texts: (string | undefined)[] = [];
  let at = 20;
  for (let left = bytes.readInt32BE(12); left > 0; left -= 1) {
    const length = bytes.readInt32BE(at);
    texts.push(length === -1 ? undefined : bytes.toString('utf8', at + 4, at + 4 + length));
    at += 4 + Math.max(length, 0);
  }
  expect(at).toBe(bytes.length);
  expect(nulls).toBe(texts.includes(undefined) ? 1 : 0);
  return texts;
}

describe('a text array in binary form', () => {
  it('holds any texts and gaps, in order and to the last byte', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'grapheme' }), { nil: undefined })), (texts) => {
        expect(read(textArray(texts))).toEqual(texts);
      }),
    );
  });

  it('is the same when texts come as their bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.boolean())), (texts) => {
        const given = texts.map(([text, asBytes]) => (asBytes ? Buffer.from(text) : text));
        expect(textArray(given).equals(textArray(texts.map(([text]) => text)))).toBe(true);
      }),
    );
  });
});
