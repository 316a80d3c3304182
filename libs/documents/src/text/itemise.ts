import bidiModule from 'bidi-js';
import {
  type Direction,
  type FamilyName,
  type FontFile,
  familyNames,
  filesOf,
  type Weight,
} from './fonts.js';

/** Letters that stand together: one letter with its marks, in one font, at one level of direction. */
export interface Cluster {
  text: string;
  font: FontFile;
  /** Level of the bidirectional algorithm (UAX 9): odd is right to left. */
  level: number;
}

/** A text ready to be set. */
export interface ItemisedText {
  clusters: Cluster[];
  /** Level of the paragraph. */
  base: number;
  /** Letters and digits that no font of ours has; they are not among the clusters. */
  lost: number;
}

// The package is CommonJS: its one export is what its types call the default one.
const bidi = (bidiModule as unknown as typeof bidiModule.default)();
const graphemes = new Intl.Segmenter('fr', { granularity: 'grapheme' });
const scripts = ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Devanagari'] as const;
type Script = (typeof scripts)[number] | 'other' | 'none';
const scriptTests = scripts.map((name) => [name, new RegExp(`\\p{Script=${name}}`, 'u')] as const);

function scriptOf(cluster: string): Script {
  const found = scriptTests.find(([, test]) => test.test(cluster));
  if (found) return found[0];
  return /\p{L}/u.test(cluster) ? 'other' : 'none';
}

/** Not drawn: joiners do their work before, controls of direction have done it. */
const invisible = /\p{Default_Ignorable_Code_Point}/u;
const joiner = /[\u200c\u200d]/;
const alike: Readonly<Record<string, string>> = { "'": '’', '\u202f': '\u00a0', '\u2011': '-', '\t': ' ' };

/** The sign of doubling stands next to its letter, the vowel above it (UTR 53); NFC orders them the other way round. */
const doubledVowel = /([\u064b-\u0650]+)\u0651/g;

/** The text with white space made plain and controls gone, composed (NFC), as it is set. */
export const plainText = (text: string): string =>
  text
    .normalize('NFC')
    .replace(doubledVowel, '\u0651$1')
    .replace(/[\r\n\u2028\u2029\u0085]+/g, ' ')
    .replace(/['\u202f\u2011\t]/g, (character) => alike[character]!)
    .replace(/\p{Cc}/gu, '');

const covers = (font: FontFile, cluster: string): boolean =>
  [...cluster].every((character) => invisible.test(character) || font.has(character.codePointAt(0)!));

const fileFor = (family: FamilyName, weight: Weight, cluster: string): FontFile | undefined =>
  filesOf(family, weight).find((file) => covers(file, cluster));

/** One family for all letters of a script where one has them all: a word never changes its face in the middle. */
function familiesByScript(clusters: string[], weight: Weight): Map<Script, FamilyName> {
  const byScript = new Map<Script, Set<string>>();
  for (const cluster of clusters) {
    const script = scriptOf(cluster);
    if (script !== 'none') byScript.set(script, (byScript.get(script) ?? new Set()).add(cluster));
  }
  return new Map(
    [...byScript].flatMap(([script, letters]) => {
      const family = familyNames.find((name) =>
        [...letters].every((cluster) => fileFor(name, weight, cluster) !== undefined),
      );
      return family ? [[script, family] as const] : [];
    }),
  );
}

/** Splits what no single file holds into letter and marks. */
function fontsFor(
  cluster: string,
  script: Script,
  families: Map<Script, FamilyName>,
  before: FontFile | undefined,
  weight: Weight,
): [string, FontFile][] {
  if (script === 'none' && before && covers(before, cluster)) return [[cluster, before]];
  const chosen = families.get(script);
  const order = chosen ? [chosen, ...familyNames] : familyNames;
  for (const family of order) {
    const file = fileFor(family, weight, cluster);
    if (file) return [[cluster, file]];
  }
  const characters = [...cluster];
  if (characters.length === 1) return [];
  const [first, ...marks] = characters;
  const base = fontsFor(first!, script, families, before, weight);
  return base.length === 0
    ? []
    : [...base, ...marks.flatMap((mark) => fontsFor(mark, 'none', families, base[0]![1], weight))];
}

/**
 * Finds for each letter its font and its direction.
 * @param direction of the paragraph; 'auto' takes that of its first strong letter (UAX 9, P2 and P3)
 */
export function itemise(text: string, weight: Weight, direction: Direction | 'auto' = 'ltr'): ItemisedText {
  const plain = plainText(text);
  const { levels, paragraphs } = bidi.getEmbeddingLevels(plain, direction);
  const segments = [...graphemes.segment(plain)];
  const families = familiesByScript(
    segments.map(({ segment }) => segment),
    weight,
  );
  const clusters: Cluster[] = [];
  let lost = 0;
  for (const { segment, index } of segments) {
    const level = levels[index] ?? 0;
    const mirrored = level % 2 === 1 ? (bidi.getMirroredCharacter(segment) ?? segment) : segment;
    const shown = [...mirrored]
      .filter((character) => joiner.test(character) || !invisible.test(character))
      .join('');
    if (shown === '') continue;
    const parts = fontsFor(shown, scriptOf(shown), families, clusters.at(-1)?.font, weight);
    if (parts.length === 0 && /[\p{L}\p{N}]/u.test(shown)) lost += 1;
    for (const [part, font] of parts) clusters.push({ text: part, font, level });
  }
  return { clusters, base: paragraphs[0]?.level ?? 0, lost };
}
