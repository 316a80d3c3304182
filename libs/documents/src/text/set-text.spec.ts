import fc from 'fast-check';
import { filesOf } from './fonts.js';
import { itemise, plainText } from './itemise.js';
import { type SetText, setText } from './set-text.js';

const inRuns = (set: SetText): [string, string, string][][] =>
  set.lines.map((line) => line.runs.map((run) => [run.text, run.font.key, run.direction]));
const oneLine = (text: string, direction?: 'auto'): [string, string, string][] =>
  inRuns(setText(text, { size: 10, maxWidth: 10_000, direction }))[0] ?? [];

describe('a text set in lines', () => {
  it.each([
    ['Amina Témoin', ['atkinson-latin-regular']],
    ['Łukasz', ['atkinson-latin-ext-regular', 'atkinson-latin-regular']],
    ['Олена', ['noto-cyrillic-regular']],
    ['Ελένη', ['noto-greek-regular']],
    ['محمد العلي', ['arabic-arabic-regular']],
    ['प्रिया', ['devanagari-devanagari-regular']],
  ])('sets %s in a font that has its letters', (text, fonts) => {
    expect(oneLine(text).map(([, font]) => font)).toEqual(fonts);
  });

  it('sets a Vietnamese name in one family, and the Latin words beside an Arabic one in theirs', () => {
    expect(oneLine('Nguyễn Thị').every(([, font]) => font.startsWith('noto-'))).toBe(true);
    expect(oneLine('Atelier سلام').map(([, font]) => font)).toEqual([
      'atkinson-latin-regular',
      'arabic-arabic-regular',
    ]);
  });

  it('stands from left to right as it is read: Arabic runs from the right, numbers inside them do not', () => {
    expect(oneLine('ليلى 2026', 'auto').map(([text, , direction]) => [text.trim(), direction])).toEqual([
      ['2026', 'ltr'],
      ['ليلى', 'rtl'],
    ]);
    expect(
      oneLine('Badge سلام numéro 3')
        .map(([text]) => text.trim())
        .filter(Boolean),
    ).toEqual(['Badge', 'سلام', 'numéro 3']);
    expect(oneLine('ليلى (Leïla) علي', 'auto').map(([text]) => text.replace(/\s/g, ''))).toEqual([
      'علي',
      '(',
      'Leïla',
      ')',
      'ليلى',
    ]);
  });

  it('joins Arabic letters: one alone, at the beginning, in the middle and at the end are four drawings', () => {
    const [font] = filesOf('arabic', 'regular');
    const drawings = (text: string): number[] =>
      font!
        .shape(text, 'rtl')
        .glyphs.filter(({ codePoints }) => codePoints.length > 0)
        .map(({ id }) => id);
    expect(new Set([...drawings('ه'), ...drawings('ههه')]).size).toBe(4);
    expect(drawings('لا')).not.toEqual([...drawings('ا'), ...drawings('ل')]);
  });

  it('puts the vowel of a doubled letter above the sign of doubling, in whichever order they were typed', () => {
    const [font] = filesOf('arabic', 'regular');
    for (const typed of ['م\u064e\u0651', 'م\u0651\u064e']) {
      const { glyphs, positions } = font!.shape(plainText(typed), 'rtl');
      const heightOf = (mark: number): number =>
        positions[glyphs.findIndex(({ codePoints }) => codePoints.includes(mark))]!.yOffset;
      expect(heightOf(0x64e)).toBeGreaterThan(heightOf(0x651));
    }
  });

  it('counts the letters that no font has, and draws none of them', () => {
    const set = setText('王小明 ab', { size: 10, maxWidth: 1_000 });
    expect([
      set.lost,
      inRuns(set)
        .flat()
        .map(([text]) => text.trim()),
    ]).toEqual([3, ['ab']]);
    expect(itemise('Bravo 🎉', 'regular').lost).toBe(0);
  });

  it('leaves out what only steers direction or cannot be seen', () => {
    expect(plainText('a\u0000b\u001bc\r\nd\te')).toBe('abc d e');
    expect(
      oneLine('a\u202eb\u200bc\ufeff')
        .map(([text]) => text)
        .join(''),
    ).toBe('abc');
  });

  it('keeps a mark with its letter, also one that no single letter stands for', () => {
    expect(itemise('e\u0301x\u0323', 'regular').clusters.map(({ text }) => text)).toEqual(['é', 'x\u0323']);
  });

  it('never sets a line wider than asked, and loses no letter but those it counts', () => {
    const words = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...'abcdé ÀŁ-ßسلامٱليЖшαβ1٢. '), maxLength: 60 }),
    );
    fc.assert(
      fc.property(words, fc.integer({ min: 40, max: 300 }), (text, maxWidth) => {
        const set = setText(text, { size: 12, maxWidth });
        for (const line of set.lines) expect(line.width).toBeLessThanOrEqual(maxWidth + 0.5);
        const letters = (some: string): number => some.replace(/[^\p{L}\p{N}]/gu, '').length;
        const drawn = set.lines.flatMap((line) => line.runs.map((run) => run.text)).join('');
        const wanted = itemise(text, 'regular')
          .clusters.map((cluster) => cluster.text)
          .join('');
        expect(letters(drawn)).toBe(letters(wanted));
      }),
      { numRuns: 60 },
    );
  });

  it('cuts what is too long with an ellipsis, and says so', () => {
    const set = setText('mot '.repeat(60), { size: 12, maxWidth: 100, maxLines: 2 });
    expect([set.lines.length, set.isCut]).toEqual([2, true]);
    expect(set.lines[1]!.runs.at(-1)!.text.endsWith('…')).toBe(true);
    expect(setText('mot', { size: 12, maxWidth: 100, maxLines: 2 }).isCut).toBe(false);
  });

  it('balances the lines of a title without adding one', () => {
    const text = 'Écrire et envoyer un message électronique';
    const [loose, even] = [false, true].map((isBalanced) =>
      setText(text, { size: 26, weight: 'bold', maxWidth: 470, isBalanced }),
    );
    expect(even!.lines.length).toBe(loose!.lines.length);
    expect(even!.width).toBeLessThan(loose!.width);
  });
});
