import fc from 'fast-check';
import { eachString } from './lint-text.js';

const shownOf = (value: unknown): [path: string, text: string][] => {
  const shown: [string, string][] = [];
  eachString(value, (text, path) => shown.push([path, text]));
  return shown;
};

/** What a JSON Pointer leads to (RFC 6901), and the name it ends with. */
const follow = (value: unknown, path: string): { found: unknown; name: string } => {
  const names = path.split('/').slice(1);
  const parts = names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const found = parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], value);
  return { found, name: parts.at(-1) ?? '' };
};

describe('the strings of a document', () => {
  it('are its texts and its names in the order in which they stand, each with its JSON Pointer', () => {
    const document = { a: ['x', { 'b/c': 'y' }], 'd~e': '', f: 1, g: null, h: [] };
    expect(shownOf(document)).toEqual([
      ['/a', 'a'],
      ['/a/0', 'x'],
      ['/a/1/b~1c', 'b/c'],
      ['/a/1/b~1c', 'y'],
      ['/d~0e', 'd~e'],
      ['/d~0e', ''],
      ['/f', 'f'],
      ['/g', 'g'],
      ['/h', 'h'],
    ]);
    expect(shownOf('alone')).toEqual([['', 'alone']]);
    expect(shownOf(7)).toEqual([]);
  });

  it('are found at their JSON Pointers in whatever somebody writes', () => {
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.constantFrom(null, 1, true),
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('/', '~', '~1', 'a/b')), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (document) => {
        for (const [path, text] of shownOf(document)) {
          const { found, name } = follow(document, path);
          expect([found, name]).toContain(text);
        }
      }),
    );
  });
});
