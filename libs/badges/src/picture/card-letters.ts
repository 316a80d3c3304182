import { readProjectJson } from '#platform';

/**
 * Width and outline of Latin letters of Atkinson Hyperlegible Next (SIL Open Font License 1.1), for a font size of
 * 100, baseline at 0. The file is made by card-letters.spec.ts with UPDATE_LETTERS=1; never by hand.
 */
export type CardLetters = Record<'regular' | 'bold', Record<string, [width: number, outline: string]>>;

let read: CardLetters | undefined;

/** The letters, read once. */
export function cardLetters(): CardLetters {
  read ??= readProjectJson<CardLetters>('libs', 'badges', 'data', 'card-letters.json');
  return read;
}
