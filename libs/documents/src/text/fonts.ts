import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import { sfntOf } from './sfnt.js';

export type Weight = 'regular' | 'bold';
export type Direction = 'ltr' | 'rtl';

/** Letters placed by the font, in font units, in the order in which they stand from left to right. */
export interface GlyphRun {
  advanceWidth: number;
  glyphs: { id: number; advanceWidth: number; codePoints: number[]; path: { toSVG(): string } }[];
  positions: { xAdvance: number; yAdvance: number; xOffset: number; yOffset: number }[];
}

/** The letters of a font that a document embeds, in the order in which they were used. */
interface FontSubset {
  glyphs: number[];
  mapping: Record<number, number>;
  includeGlyph(glyph: number | { id: number }): number;
}

/** What we ask of a font that pdfkit opened. */
interface OpenedFont {
  unitsPerEm: number;
  createSubset(): FontSubset;
  hasGlyphForCodePoint(codePoint: number): boolean;
  layout(
    text: string,
    features: undefined,
    script: string | undefined,
    language: undefined,
    direction: Direction,
  ): GlyphRun;
}

/** One file of a family: the letters of one script. */
export interface FontFile {
  /** Names the file in a document, for example 'noto-cyrillic-bold'. */
  key: string;
  family: FamilyName;
  /** The object to hand to pdfkit: it sets text as `shape` does. */
  source: unknown;
  unitsPerEm: number;
  has(codePoint: number): boolean;
  shape(text: string, direction: Direction): GlyphRun;
}

export type FamilyName = 'atkinson' | 'noto' | 'arabic' | 'devanagari';

const files: readonly [family: FamilyName, packageName: string, subsets: string[]][] = [
  ['atkinson', 'atkinson-hyperlegible-next', ['latin', 'latin-ext']],
  [
    'noto',
    'noto-sans',
    ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext'],
  ],
  ['devanagari', 'noto-sans', ['devanagari']],
  ['arabic', 'noto-sans-arabic', ['arabic']],
];

/** Families in the order in which they are asked for a letter. */
export const familyNames: readonly FamilyName[] = files.map(([family]) => family);

/** Which shaping rules apply; Latin, Greek and Cyrillic letters only take the font's kerning and ligatures. */
const scriptOf: Readonly<Record<FamilyName, string | undefined>> = {
  atkinson: 'latn',
  noto: undefined,
  arabic: 'arab',
  devanagari: 'dev2',
};

const require = createRequire(import.meta.url);
const numberOf = { regular: 400, bold: 700 } as const;

const glyphCount = 65_536;

/**
 * Which typed letters each drawing stands for. A font may draw ي as ى with dots, and would then tell ى: from right to
 * left the letters are counted off again, as they were typed.
 */
function asTyped({ glyphs }: GlyphRun, text: string, direction: Direction): number[][] {
  const told = glyphs.map(({ codePoints }) => codePoints);
  const typed = [...text].map((character) => character.codePointAt(0)!);
  if (direction === 'ltr' || told.flat().length !== typed.length) return told;
  let next = typed.length;
  return told.map(({ length }) => {
    next -= length;
    return typed.slice(next, next + length);
  });
}

/**
 * The font as pdfkit embeds it. Letters that share a drawing (ى and the body of ي) get a place each, so that each is
 * copied from the document as it was typed; pdfkit alone would remember the first one for both.
 */
function embeddable(font: OpenedFont, shape: FontFile['shape']): unknown {
  const meanings = new Map<number, string[]>();
  const placeOf = (id: number, codePoints: number[]): number => {
    const known = meanings.get(id) ?? [];
    meanings.set(id, known);
    const meaning = codePoints.join(' ');
    if (!known.includes(meaning)) known.push(meaning);
    return id + glyphCount * known.indexOf(meaning);
  };
  // pdfkit takes any object that can lay out text; the second argument is what `drawText` passes as features.
  const layout = (text: string, direction: Direction): GlyphRun => {
    const run = shape(text, direction);
    const typed = asTyped(run, text, direction);
    const glyphs = run.glyphs.map(({ id, advanceWidth, path }, index) => {
      const codePoints = typed[index]!;
      return { id: placeOf(id, codePoints), advanceWidth, codePoints, path };
    });
    return { advanceWidth: run.advanceWidth, glyphs, positions: run.positions };
  };
  const createSubset = (): FontSubset => {
    const subset = font.createSubset();
    subset.includeGlyph = (glyph) => {
      const place = typeof glyph === 'number' ? glyph : glyph.id;
      subset.mapping[place] ??= subset.glyphs.push(place % glyphCount) - 1;
      return subset.mapping[place];
    };
    return subset;
  };
  return Object.create(font, { layout: { value: layout }, createSubset: { value: createSubset } });
}

function open(family: FamilyName, packageName: string, subset: string, weight: Weight): FontFile {
  const name = `${packageName}-${subset}-${numberOf[weight]}-normal.woff`;
  const bytes = sfntOf(readFileSync(require.resolve(`@fontsource/${packageName}/files/${name}`)));
  // pdfkit keeps what it opened; asked for here once, one font serves every document.
  const document = new PDFDocument({ font: '', autoFirstPage: false }).font(bytes);
  const { font } = (document as unknown as { _font: { font: OpenedFont } })._font;
  const shape = (text: string, direction: Direction): GlyphRun =>
    font.layout(text, undefined, scriptOf[family], undefined, direction);
  return {
    key: `${family}-${subset}-${weight}`,
    family,
    source: embeddable(font, shape),
    unitsPerEm: font.unitsPerEm,
    has: (codePoint) => font.hasGlyphForCodePoint(codePoint),
    shape,
  };
}

const opened = new Map<string, FontFile[]>();

/** The files of a family in one weight, opened once. */
export function filesOf(family: FamilyName, weight: Weight): FontFile[] {
  const key = `${family}-${weight}`;
  const kept = opened.get(key);
  if (kept) return kept;
  const fresh = files
    .filter(([name]) => name === family)
    .flatMap(([name, packageName, subsets]) =>
      subsets.map((subset) => open(name, packageName, subset, weight)),
    );
  opened.set(key, fresh);
  return fresh;
}
