import type { DeadLetter } from '#badges';

/** Letters of one organisation with one reason: told once, retried together. */
export interface LetterGroup {
  key: string;
  letters: DeadLetter[];
  credentials: number;
  badges: string[];
}

/** Groups letters by organisation, kind, what they are of, code and whether a retry can help; the longest waiting group first. */
export function groupLetters(letters: DeadLetter[]): LetterGroup[] {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const key = [letter.organisation.slug, letter.kind, letter.statements, letter.code, letter.canRetry].join(
      ' ',
    );
    groups.set(key, [...(groups.get(key) ?? []), letter]);
  }
  return [...groups].map(([key, own]) => ({
    key,
    letters: own,
    credentials: own.reduce((sum, letter) => sum + letter.credentials, 0),
    badges: [...new Set(own.flatMap((letter) => letter.badges))].sort(),
  }));
}
