import { cardLetters } from './card-letters.js';

export type Weight = 'regular' | 'bold';

const alike: Readonly<Record<string, string>> = {
  "'": '’',
  '\u202f': '\u00a0',
  '‑': '-',
  '\t': ' ',
  '\n': ' ',
};

/** A character that can be set: itself, one that stands for it, or the letter with fewer marks; null when there is none. */
function settable(character: string, weight: Weight): string | null {
  const letters = cardLetters()[weight];
  const [base = '', ...marks] = character.normalize('NFD');
  const plainer = marks.map((_, index) =>
    (base + marks.slice(0, marks.length - 1 - index).join('')).normalize('NFC'),
  );
  return [alike[character] ?? character, ...plainer].find((one) => Object.hasOwn(letters, one)) ?? null;
}

/**
 * What of a text can be set in Latin letters. Empty when more than a quarter of its letters cannot: a name in another
 * script is better left out than maimed.
 */
export function settableText(text: string, weight: Weight): string {
  const characters = [...text.normalize('NFC')];
  const set = characters.map((character) => settable(character, weight));
  const lost = set.filter((one, index) => one === null && /[\p{L}\p{N}]/u.test(characters[index]!)).length;
  const letters = characters.filter((character) => /[\p{L}\p{N}]/u.test(character)).length;
  return letters === 0 || lost * 4 > letters
    ? ''
    : set
        .map((one) => one ?? '')
        .join('')
        .replace(/ +/g, ' ')
        .trim();
}

/** Width of a settable text in the units of the drawing. */
export function widthOf(text: string, size: number, weight: Weight): number {
  const letters = cardLetters()[weight];
  return [...text].reduce((sum, letter) => sum + letters[letter]![0], 0) * (size / 100);
}

/** A settable text as paths, its left edge at `x`, its baseline at `y`. */
export function textPaths(text: string, x: number, y: number, size: number, weight: Weight): string {
  const letters = cardLetters()[weight];
  const scale = size / 100;
  let left = 0;
  const paths = [...text].map((letter) => {
    const [width, outline] = letters[letter]!;
    const place = left;
    left += width;
    return outline === '' ? '' : `<path transform="translate(${place.toFixed(1)} 0)" d="${outline}"/>`;
  });
  return `<g transform="translate(${x} ${y}) scale(${scale})">${paths.join('')}</g>`;
}

/** Parts of a word that fit the width, for a word that is wider than a line. */
function broken(word: string, fits: (text: string) => boolean): string[] {
  const parts: string[] = [];
  let part = '';
  for (const letter of word) {
    if (part !== '' && !fits(part + letter)) {
      parts.push(part);
      part = '';
    }
    part += letter;
  }
  return [...parts, part];
}

/**
 * A settable text in lines of at most `maxWidth`, in the largest of `sizes` in which it takes at most `maxLines`; in
 * the last one what is too much is cut with an ellipsis.
 */
export function inLines(
  text: string,
  given: { sizes: readonly number[]; maxWidth: number; maxLines: number; weight: Weight },
): { size: number; lines: string[] } {
  const at = (size: number) => {
    const fits = (line: string) => widthOf(line, size, given.weight) <= given.maxWidth;
    const lines: string[] = [];
    let isBroken = false;
    for (const word of text.split(' ')) {
      const last = lines.at(-1);
      if (last !== undefined && fits(`${last} ${word}`)) lines[lines.length - 1] = `${last} ${word}`;
      else if (fits(word)) lines.push(word);
      else {
        isBroken = true;
        lines.push(...broken(word, fits));
      }
    }
    return { lines, isBroken, fits };
  };
  for (const size of given.sizes) {
    const { lines, isBroken } = at(size);
    if (!isBroken && lines.length <= given.maxLines) return { size, lines };
  }
  const size = given.sizes.at(-1)!;
  const { lines, fits } = at(size);
  if (lines.length <= given.maxLines) return { size, lines };
  const kept = lines.slice(0, given.maxLines);
  let last = kept.at(-1)!;
  while (!fits(`${last}…`)) last = last.slice(0, -1).trimEnd();
  return { size, lines: [...kept.slice(0, -1), `${last}…`] };
}
