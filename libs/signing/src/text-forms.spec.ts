import fc from 'fast-check';
import type { JsonObject } from './canonical.js';
import { Slots } from './slots.js';
import { TextForm, TextForms } from './text-forms.js';

const slots = new Slots(['/id', '/subject/id', '/tags/*', '/proofs/*/text']);
const aDocument = (id: string, subject: string, tags: string[], more: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/credentials/v2'],
  tags,
  id,
  subject: { name: 'Atelier « un »', id: subject, level: 3 },
  ...more,
  proofs: [{ text: subject, kind: 'x' }],
});
// Whatever JSON escapes, hides or cannot say: quotes, backslashes at the end, controls, halves of surrogate pairs.
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\\"', '\n', '\u2028', '\ud800', '\u0000', '{', ',', 'é', '😀'),
  }),
);

describe('the form of a text', () => {
  it('writes what JSON.stringify writes, for any strings', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (id, subject, one, other) => {
        const form = TextForm.of(aDocument('a', 'b', ['c', 'd']), slots);
        const document = aDocument(id, subject, [one, other]);
        expect(form.fill(slots.shapeOf(document).values)).toBe(JSON.stringify(document));
      }),
    );
  });

  it('reads what JSON.parse and the slots read, for any strings', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (id, subject, one, other) => {
        const form = TextForm.of(aDocument('a', 'b', ['c', 'd']), slots);
        const text = JSON.stringify(aDocument(id, subject, [one, other]));
        const document = JSON.parse(text) as JsonObject;
        expect(form.read(text)).toEqual({ document, shape: slots.shapeOf(document) });
        expect(form.readBytes(Buffer.from(text))).toEqual(form.read(text));
      }),
    );
  });

  it('finds itself inside a JSON string, for any strings, and nothing else', () => {
    const form = TextForm.of(aDocument('a', 'b', ['c', 'd']), slots);
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.nat(), fc.boolean(), (id, subject, one, at, isOther) => {
        const document = aDocument(id, subject, [one, 'd']);
        const line = Buffer.from(`"${JSON.stringify(JSON.stringify(document)).slice(1, -1)}" and more`);
        const end = line.length - '" and more'.length;
        const { values } = slots.shapeOf(document);
        expect(form.endInString(line, 1, values)).toBe(end);
        expect(form.endInString(line, 2, values)).toBeUndefined();
        expect(form.endInString(line.subarray(0, end - 1), 1, values)).toBeUndefined();
        if (isOther) line[1 + (at % (end - 1))]! ^= 1;
        expect(form.endInString(line, 1, values)).toBe(isOther ? undefined : end);
      }),
    );
  });

  it('reads no text in which a single character was changed outside a string of its own', () => {
    const document = aDocument('first', 'second', ['third', 'fourth']);
    const form = TextForm.of(document, slots);
    const text = JSON.stringify(document);
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('"', '\\', 'x', ' ', '', '\n', '0'),
        (at, other) => {
          const changed = text.slice(0, at) + other + text.slice(at + 1);
          const read = form.read(changed);
          expect(form.readBytes(Buffer.from(changed))).toEqual(read);
          // What is read is what the text says, to the letter; all else is refused.
          if (read) expect(JSON.stringify(JSON.parse(changed))).toBe(changed);
          if (read) expect(read.document).toEqual(JSON.parse(changed));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ['a raw newline in a string', (text: string) => text.replace('first', 'fi\nrst')],
    ['a letter escaped without need', (text: string) => text.replace('first', 'f\\u0069rst')],
    ['a member twice', (text: string) => text.replace('{', '{"id":"x",')],
    ['something behind the end', (text: string) => `${text} `],
    ['a number where a string was', (text: string) => text.replace('"first"', '1')],
    ['an escape that is none', (text: string) => text.replace('first', 'fi\\qrst')],
    ['a string that does not end', (text: string) => text.slice(0, text.indexOf('first'))],
    ['another constant', (text: string) => text.replace('"level":3', '"level":4')],
  ])('reads no text with %s', (_name, change) => {
    const document = aDocument('first', 'second', ['third']);
    const form = TextForm.of(document, slots);
    expect(form.read(JSON.stringify(document))).toBeDefined();
    expect(form.read(change(JSON.stringify(document)))).toBeUndefined();
    expect(form.readBytes(Buffer.from(change(JSON.stringify(document))))).toBeUndefined();
  });

  it('lets nobody change what its documents share', () => {
    const text = JSON.stringify(aDocument('a', 'b', ['c'], { shared: { words: ['one'] } }));
    const { document } = TextForm.of(JSON.parse(text) as JsonObject, slots).read(text)!;
    expect(() => (document.shared as { words: string[] }).words.push('two')).toThrow(TypeError);
  });
});

describe('forms of texts', () => {
  it('give one constants text to all documents of a shape, and read any JSON at all', () => {
    const forms = new TextForms(slots);
    const [one, two] = ['1', '2'].map((id) => forms.read(JSON.stringify(aDocument(id, 's', ['t']))));
    expect(two?.shape?.constants).toBe(one?.shape?.constants);
    expect(forms.read('{ "spaced": 1 }')).toEqual({ document: { spaced: 1 } });
    expect(forms.read('{"a":1,"a":2}')).toEqual({ document: { a: 2 } });
    expect(() => forms.read('{"a":')).toThrow(SyntaxError);
  });

  it('go on reading when there are more shapes than they keep', () => {
    const forms = new TextForms(slots, 3);
    for (let round = 0; round < 2; round += 1)
      for (let shape = 0; shape < 8; shape += 1) {
        const document = aDocument(`${round}`, 's', new Array(shape).fill('t'));
        const read = forms.read(JSON.stringify(document));
        expect(read).toEqual({ document, shape: slots.shapeOf(document) });
      }
  });
});
