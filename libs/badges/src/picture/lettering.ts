import { letters } from './letters.js';

const longest = 4;
const capHeight = 0.668;
const spacing = 6;

const ligatures: Readonly<Record<string, string>> = {
  Œ: 'OE',
  Æ: 'AE',
  ß: 'SS',
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
};

/**
 * What of a text can be set in the picture's letters: capitals and digits, accents folded, at most four.
 * Empty when the text has none (a name in Arabic letters, an emoji): the picture then shows a plain ornament.
 */
export function foldedInitials(text: string): string {
  const capitals = text.toUpperCase().replace(/[ŒÆØŁĐÐÞẞ]/g, (letter) => ligatures[letter] ?? 'SS');
  return [...capitals.normalize('NFD')]
    .filter((character) => Object.hasOwn(letters, character))
    .slice(0, longest)
    .join('');
}

const smallWords = new Set([
  'de',
  'du',
  'des',
  'la',
  'le',
  'les',
  'l',
  'd',
  'et',
  'en',
  'a',
  'au',
  'aux',
  'of',
  'the',
  'and',
  'for',
]);

/** Initials of an organisation's name: first letters of its main words, at most three ('Les Ateliers de la Licorne' → 'AL'). */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');
  const main = words.filter(
    (word) => !smallWords.has(word.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()),
  );
  const chosen = main.length > 0 ? main : words;
  const initials = chosen.map((word) => foldedInitials(word).slice(0, 1)).join('');
  return initials.length > 1 ? initials.slice(0, 3) : foldedInitials(chosen[0] ?? '').slice(0, 2);
}

/**
 * Folded initials as paths centred on (x, y), in the given size or smaller so that they take at most `maxWidth`.
 * `width` is what they take; empty text gives empty markup.
 */
export function lettering(
  text: string,
  x: number,
  y: number,
  wantedSize: number,
  maxWidth: number,
): { markup: string; width: number } {
  const glyphs = [...text].map((letter) => letters[letter]!);
  const natural =
    glyphs.reduce((sum, glyph) => sum + glyph.width, 0) + spacing * Math.max(0, glyphs.length - 1);
  const size = Math.min(wantedSize, Math.floor((maxWidth * 100) / Math.max(1, natural)));
  const scale = size / 100;
  const width = natural * scale;
  let left = x - width / 2;
  const baseline = y + (size * capHeight) / 2;
  const paths = glyphs.map(({ width: advance, outline }) => {
    const place = `translate(${left.toFixed(2)} ${baseline.toFixed(2)}) scale(${scale})`;
    left += (advance + spacing) * scale;
    return `<path transform="${place}" d="${outline}"/>`;
  });
  return { markup: paths.join(''), width };
}
