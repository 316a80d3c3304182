import { en } from './texts.en.js';
import { fr } from './texts.fr.js';
import { duration, fill, longDate, longTime, siretGroups } from './wording.js';

/** Every text of a tree of texts with the path of its keys. */
function texts(tree: unknown, path = ''): [path: string, text: string][] {
  if (typeof tree === 'string') return [[path, tree]];
  return Object.entries(tree as object).flatMap(([key, value]) => texts(value, `${path}/${key}`));
}

describe('the texts of the pages', () => {
  it('keep French sentences to twelve words', () => {
    const long = texts(fr).flatMap(([path, text]) =>
      text
        .split(/(?<=[.!?])\s+/)
        .filter((sentence) => sentence.split(/\s+/).filter((word) => /[\p{L}{]/u.test(word)).length > 12)
        .map((sentence) => `${path}: ${sentence}`),
    );
    expect(long).toEqual([]);
  });

  it('exist in both languages with the same places to fill', () => {
    const places = (tree: unknown) =>
      texts(tree).map(([path, text]) => [path, (text.match(/\{\w+\}/g) ?? []).sort().join()]);
    expect(places(en)).toEqual(places(fr));
  });

  it('say vous, never tu', () => {
    expect(texts(fr).filter(([, text]) => /\b(tu|toi|ton|tes)\b/i.test(text))).toEqual([]);
  });

  it('keep French double signs on the line of their word', () => {
    expect(texts(fr).filter(([, text]) => / [:;!?]/.test(text))).toEqual([]);
  });
});

describe('fill', () => {
  it('puts values in their places and leaves unknown places alone', () => {
    expect(fill('A {b} c {d}.', { b: 'B' }).join('')).toBe('A B c {d}.');
  });

  it('does not fill what a value brings along', () => {
    expect(fill('{a} {b}', { a: '{b}', b: 'x' }).join('')).toBe('{b} x');
  });
});

describe('dates and measures', () => {
  it.each([
    ['2026-10-01', '1er octobre 2026', '1 October 2026'],
    ['2026-11-21', '21 novembre 2026', '21 November 2026'],
    ['2026-12-31T23:30:00Z', '1er janvier 2027', '1 January 2027'],
  ])('writes %s in long form, a time as seen from Paris', (iso, french, english) => {
    expect(longDate(iso, 'fr')).toBe(french);
    expect(longDate(iso, 'en')).toBe(english);
  });

  it('writes the hour of Paris, in winter and in summer', () => {
    expect(longTime('2026-11-22T09:05:00Z', 'fr')).toBe('22 novembre 2026 à 10\u00a0h\u00a005');
    expect(longTime('2026-07-01T12:00:00Z', 'en')).toBe('1 July 2026 at 14:00');
  });

  it.each([
    [45, '45 min'],
    [60, '1 h'],
    [90, '1 h 30'],
    [125, '2 h 05'],
  ])('says %i minutes as %s', (minutes, said) => {
    expect(duration(minutes).replaceAll('\u00a0', ' ')).toBe(said);
  });

  it('groups the 14 digits of a SIRET and leaves anything else', () => {
    expect(siretGroups('12345678900012').replaceAll('\u00a0', ' ')).toBe('123 456 789 00012');
    expect(siretGroups('123')).toBe('123');
  });
});
