import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { projectFile } from '#platform';
import { letters } from './letters.js';

interface OpenTypeFont {
  unitsPerEm: number;
  stringToGlyphs(text: string): {
    advanceWidth: number;
    getPath(x: number, y: number, size: number): { toPathData(decimals: number): string };
  }[];
}

const require = createRequire(projectFile('package.json'));
const opentype = require('opentype.js') as { parse(buffer: ArrayBuffer): OpenTypeFont };
const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];

/** Outlines of the bold capitals and digits, for a font size of 100, baseline at 0. */
function outlinesOfFont(): typeof letters {
  const file = require.resolve(
    '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-700-normal.woff',
  );
  const bytes = readFileSync(file);
  const font = opentype.parse(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
  );
  return Object.fromEntries(
    alphabet.map((letter) => {
      const glyph = font.stringToGlyphs(letter)[0]!;
      const width = Math.round((glyph.advanceWidth / font.unitsPerEm) * 1000) / 10;
      return [letter, { width, outline: glyph.getPath(0, 0, 100).toPathData(1) }];
    }),
  );
}

const sourceOf = (outlines: typeof letters): string =>
  `/**
 * Outlines of the bold capitals and digits of Atkinson Hyperlegible Next (SIL Open Font License 1.1),
 * font size 100, baseline at 0. Made by letters.spec.ts with UPDATE_LETTERS=1; never by hand.
 */
export const letters: Readonly<Record<string, { width: number; outline: string }>> = {
${Object.entries(outlines)
  .map(([letter, { width, outline }]) => `  '${letter}': { width: ${width}, outline: '${outline}' },`)
  .join('\n')}
};
`;

describe('the letters of the badge pictures', () => {
  const outlines = outlinesOfFont();
  if (process.env.UPDATE_LETTERS)
    writeFileSync(projectFile('libs/badges/src/picture/letters.ts'), sourceOf(outlines));

  it('are those of the bold font that the pages use', () => {
    expect(process.env.UPDATE_LETTERS ? outlines : letters).toEqual(outlines);
  });

  it('hold every capital and digit, each with a width and an outline', () => {
    expect(Object.keys(letters).sort()).toEqual([...alphabet].sort());
    for (const { width, outline } of Object.values(letters)) {
      expect(width).toBeGreaterThan(20);
      expect(outline).toMatch(/^M[-0-9. MLCQZ]+$/);
    }
  });
});
