const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
// U+200C and U+200D belong to the spelling of Persian, Urdu and Indic names, so they stay between such letters.
const invisible =
  /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}|(?<![\p{Script=Arabic}\p{Script=Deva}\p{Script=Beng}\p{Script=Tamil}\p{Script=Sinhala}\p{M}])[\u200c\u200d]/gu;
const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const unpaired = /\p{Cs}/gu;

export interface CleanName {
  name: string;
  /** What had to be taken out: direction controls can fake another name, invisible characters hide a duplicate. */
  removed: ('bidi' | 'invisible')[];
}

/** A name as it is kept: NFC, without direction controls, invisible characters or controls, single spaces. */
export function cleanName(text: string): CleanName {
  const withoutBidi = text.replace(bidiControls, '');
  const visible = withoutBidi.replace(invisible, '').replace(unpaired, '');
  const removed: CleanName['removed'] = [];
  if (withoutBidi !== text) removed.push('bidi');
  if (visible !== withoutBidi) removed.push('invisible');
  return { name: visible.replace(controls, ' ').normalize('NFC').replace(/\s+/gu, ' ').trim(), removed };
}

/** Lower, upper, lower case, so that ẞ, ß and ss are equal; compatibility forms, apostrophes and dashes made one. */
const fold = (text: string): string =>
  cleanName(text)
    .name.normalize('NFKC')
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .replace(/[\u200c\u200d]/gu, '')
    .replace(/[’‘ʼʹ`´′＇]/gu, "'")
    .replace(/\p{Pd}/gu, '-')
    .replace(/\|/g, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    .normalize('NFC');

/** `family|given`, case-folded: two people with equal keys and birth years are one person. */
export const nameKey = (givenName: string, familyName: string): string =>
  `${fold(familyName)}|${fold(givenName)}`;

const letters: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ð: 'd', œ: 'oe', æ: 'ae', ı: 'i', þ: 'th' };

/** Lower case without accents: for comparing, never for showing. */
export const unaccented = (text: string): string =>
  fold(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[łøđðœæıþ]/gu, (letter) => letters[letter] ?? letter)
    .replace(/\s+/gu, ' ')
    .trim();

/**
 * The key under which a name written in any order matches: « Odile FICTIVE (CIP) » and « Fictive Odile » are equal.
 * What stands in parentheses is left out unless the whole name does.
 */
export function staffKey(name: string): string {
  const words = (text: string) =>
    unaccented(text)
      .split(/[\s,;]+/u)
      .filter(Boolean)
      .sort()
      .join(' ');
  return words(name.replace(/\([^)]*\)/gu, ' ')) || words(name);
}

/** A staff name without its parenthesis: « Odile FICTIVE (CIP) » → « Odile FICTIVE ». */
export const withoutParenthesis = (name: string): string => {
  const bare = cleanName(name.replace(/\([^)]*\)/gu, ' ')).name;
  return bare === '' ? cleanName(name).name : bare;
};

/**
 * Given and family name of a name written in one piece. Words in capitals are the family name, as French files
 * write it; without capitals the last word is.
 */
export function splitName(name: string): { givenName: string; familyName: string } {
  const words = withoutParenthesis(name).split(' ');
  const isCapital = (word: string) =>
    word.length > 1 && word === word.toUpperCase() && word !== word.toLowerCase();
  const family = words.filter(isCapital);
  if (words.length === 1) return { givenName: '', familyName: words[0]! };
  if (family.length === 0 || family.length === words.length)
    return { givenName: words.slice(0, -1).join(' '), familyName: words.at(-1)! };
  return { givenName: words.filter((word) => !isCapital(word)).join(' '), familyName: family.join(' ') };
}
