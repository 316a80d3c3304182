import fc from 'fast-check';
import type { JsonObject } from '#signing';
import { KnownText, type Place } from './known-text.js';

const anything = () => () => true;
const names = fc.constantFrom('a', 'b', 'id', 'type', '7', 'é "x"', 'constructor');
const texts = fc.oneof(fc.constantFrom('', '"', '\\', '{"a":"b"}', 'a,b', 'é', '\uD800'), fc.string());
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    texts,
    fc.constantFrom<unknown>(true, null, 1.5, -2, 1e30, 1e-7, 0, [], {}),
    fc.integer(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
}));
const documents = fc.dictionary(names, values, { maxKeys: 5 });
const strings = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => strings(item, change));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, strings(item, change)]));
};
const known = (
  document: JsonObject,
  indent = 0,
  rule: (place: Place) => (() => boolean) | undefined = anything,
) => KnownText.of(JSON.stringify(document, null, indent), document, rule);

describe('a text with holes', () => {
  it('fits whatever differs in strings and whole numbers alone, however it is laid out', () => {
    fc.assert(
      fc.property(
        documents,
        fc.array(texts, { minLength: 1 }),
        fc.constantFrom(0, 1, 2),
        (document, others, indent) => {
          const text = known(document, indent);
          let at = 0;
          const other = strings(document, () => others[at++ % others.length]!);
          expect(text.fits(JSON.stringify(document, null, indent))).toBe(true);
          expect(text.fits(JSON.stringify(other, null, indent))).toBe(true);
        },
      ),
    );
  });

  it('fits only JSON that says the same but for its strings and whole numbers', () => {
    let fitting = 0;
    const form = (value: unknown): string =>
      JSON.stringify(strings(value, () => '')).replace(/(?<=[:[,])-?\d+(?=[,\]}])/g, '0');
    fc.assert(
      fc.property(
        documents,
        fc.integer({ min: 0 }),
        fc.integer({ min: 0, max: 5 }),
        texts,
        (document, from, length, piece) => {
          const text = JSON.stringify(document);
          const at = from % (text.length + 1);
          const changed = text.slice(0, at) + piece + text.slice(at + length);
          if (!known(document).fits(changed)) return;
          fitting += 1;
          let read: unknown;
          try {
            read = JSON.parse(changed);
          } catch {
            // A hole may hold what is no string: reading the text tells.
            return;
          }
          expect(form(read)).toBe(form(document));
        },
      ),
      { numRuns: 500 },
    );
    expect(fitting).toBeGreaterThan(10);
  });

  it.each([
    ['a member more', '{"a":"x","n":1,"b":["y"]}'],
    ['a member less', '{"a":"x","n":1}'],
    ['another name', '{"a":"x","m":1,"b":["y","z"]}'],
    ['an item more', '{"a":"x","n":1,"b":["y","z","z"]}'],
    ['an object where a string was', '{"a":{"x":"x"},"n":1,"b":["y","z"]}'],
    ['a string where a number was', '{"a":"x","n":"1","b":["y","z"]}'],
    ['a number that is not whole', '{"a":"x","n":1.5,"b":["y","z"]}'],
    ['a space', '{"a": "x","n":1,"b":["y","z"]}'],
    ['something behind it', '{"a":"x","n":1,"b":["y","z"]} '],
    ['a name twice', '{"a":"x","a":"x","n":1,"b":["y","z"]}'],
    ['a string without an end', '{"a":"x'],
    ['nothing', ''],
  ])('does not fit %s', (_what, text) => {
    expect(known({ a: 'x', n: 1, b: ['y', 'z'] }).fits(text)).toBe(false);
  });

  it('asks of each place what may stand there, by the object and the name of the member', () => {
    const document = { a: 'x', list: ['y', { a: 'z' }], n: 5, deep: { a: 'w', n: 6 } };
    const asked: [unknown, string, string | undefined][] = [];
    const text = known(document, 0, ({ holder, name, text }) => {
      asked.push([holder, name, text]);
      return holder === document && name === 'a' ? () => true : undefined;
    });
    expect(asked).toEqual([
      [document, 'a', 'x'],
      [document, 'list', 'y'],
      [document.list[1], 'a', 'z'],
      [document, 'n', undefined],
      [document.deep, 'a', 'w'],
      [document.deep, 'n', undefined],
    ]);
    expect(text.fits(JSON.stringify({ ...document, a: 'other' }))).toBe(true);
    expect(text.fits(JSON.stringify({ ...document, n: 6 }))).toBe(false);
    expect(text.fits(JSON.stringify({ ...document, deep: { a: 'v', n: 6 } }))).toBe(false);
  });

  it('asks of a string what it says, and not how it is written', () => {
    const document = { a: 'x' };
    const text = KnownText.of('{"a":"x"}', document, () => (other) => other === 'a\nb' || other === 'a\\nb');
    expect(text.fits('{"a":"a\\\\nb"}')).toBe(true);
    expect(text.fits('{"a":"a\\nb"}')).toBe(true);
    expect(text.fits('{"a":"\\u0061\\nb"}')).toBe(true);
    expect(text.fits('{"a":"a\\tb"}')).toBe(false);
    expect(text.fits('{"a":"\\q"}')).toBe(false);
  });
});
