import type { DeadLetter } from '#badges';

/** Letters of one organisation with one reason: told once, retried together. */
export interface LetterGroup {
  key: string;
  letters: DeadLetter[];
  credentials: number;
  badges: string[];
}

/** Groups letters by organisation, kind, what they are of, code, whether a retry can help and whether they were to replace another; the longest waiting group first. */
export function groupLetters(letters: DeadLetter[]): LetterGroup[] {
  const groups = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const { organisation, kind, statements, code, canRetry, isSuccessor } = letter;
    const key = [organisation.slug, kind, statements, code, canRetry, isSuccessor].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), letter]);
  }
  return [...groups].map(([key, own]) => ({
    key,
    letters: own,
    credentials: own.reduce((sum, letter) => sum + letter.credentials, 0),
    badges: [...new Set(own.flatMap((letter) => letter.badges))].sort(),
  }));
}
