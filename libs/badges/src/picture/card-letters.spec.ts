import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { projectFile, readProjectJson } from '#platform';
import { type CardLetters, cardLetters } from './card-letters.js';

interface OpenTypeFont {
  unitsPerEm: number;
  charToGlyph(character: string): {
    index: number;
    advanceWidth: number;
    getPath(x: number, y: number, size: number): { toPathData(decimals: number): string };
  };
}

const require = createRequire(projectFile('package.json'));
const opentype = require('opentype.js') as { parse(buffer: ArrayBuffer): OpenTypeFont };
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index));
const alphabet = [...range(0x20, 0x7e), ...range(0xa0, 0xac), ...range(0xae, 0x17f), ...'–—‘’“”…•€'];

function fontOf(subset: 'latin' | 'latin-ext', weight: 400 | 700): OpenTypeFont {
  const name = `atkinson-hyperlegible-next-${subset}-${weight}-normal.woff`;
  const bytes = readFileSync(require.resolve(`@fontsource/atkinson-hyperlegible-next/files/${name}`));
  return opentype.parse(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  );
}

/** Width and outline of each letter for a font size of 100, baseline at 0. */
function outlinesOf(weight: 400 | 700): Record<string, [width: number, outline: string]> {
  const fonts = [fontOf('latin', weight), fontOf('latin-ext', weight)];
  return Object.fromEntries(
    alphabet.flatMap((letter) => {
      const font = fonts.find((one) => one.charToGlyph(letter).index > 0);
      if (!font) return [];
      const glyph = font.charToGlyph(letter);
      const width = Math.round((glyph.advanceWidth / font.unitsPerEm) * 1000) / 10;
      return [[letter, [width, glyph.getPath(0, 0, 100).toPathData(1)]]];
    }),
  );
}

const sourceOf = (outlines: CardLetters): string =>
  `{\n${Object.entries(outlines)
    .map(
      ([weight, letters]) =>
        `"${weight}": {\n${Object.entries(letters)
          .map(([letter, glyph]) => `${JSON.stringify(letter)}: ${JSON.stringify(glyph)}`)
          .join(',\n')}\n}`,
    )
    .join(',\n')}\n}\n`;

describe('the letters of the cards', () => {
  const outlines: CardLetters = { regular: outlinesOf(400), bold: outlinesOf(700) };
  if (process.env.UPDATE_LETTERS) {
    mkdirSync(projectFile('libs/badges/data'), { recursive: true });
    writeFileSync(projectFile('libs/badges/data/card-letters.json'), sourceOf(outlines));
  }

  it('are those of the fonts that the pages use', () => {
    expect(readProjectJson('libs', 'badges', 'data', 'card-letters.json')).toEqual(outlines);
  });

  it('hold every letter of French, in both weights', () => {
    const french = 'abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ';
    for (const letter of [...french, ...french.toUpperCase(), ...'0123456789’«»–!?.,:;()'])
      for (const weight of ['regular', 'bold'] as const) {
        expect({ letter, width: cardLetters()[weight][letter]?.[0] ?? 0 }).toEqual({
          letter,
          width: expect.any(Number),
        });
        expect(cardLetters()[weight][letter]![1]).toMatch(/^M[-0-9. MLCQZ]+$/);
      }
  });
});
