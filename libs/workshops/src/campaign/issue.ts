import type { Language } from '#platform';
import { type Column, columns } from './columns.js';
import type { IssueText } from './issue-text.js';
import { type IssueCode, issueTexts } from './issue-texts.js';

/**
 * What an issue does: `reject` refuses the row, `hold` keeps it for a human, `duplicate` says the same was read
 * already, `no_award` keeps the presence only, `warning` and `info` change nothing else.
 */
export type Severity = 'reject' | 'hold' | 'duplicate' | 'no_award' | 'warning' | 'info';

export interface Issue {
  code: IssueCode;
  severity: Severity;
  /** Title of the column as the template writes it; null when the issue is about the whole row or file. */
  column: string | null;
  message: Record<Language, string>;
  remedy: Record<Language, string>;
}

/** Text of a cell short enough to quote. */
export const quoted = (value: string): string => {
  const line = value.replace(/\s+/gu, ' ').trim();
  const characters = [...line];
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : line;
};

/** An issue with its texts in French and English. `values` fills the numbered places of the text. */
export function issue(code: IssueCode, column: Column | null = null, ...values: (string | number)[]): Issue {
  const text: IssueText = issueTexts[code];
  const fill = (template: string) =>
    template.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));
  return {
    code,
    severity: text.severity,
    column: column && columns[column].title,
    message: { fr: fill(text.fr), en: fill(text.en) },
    remedy: { fr: fill(text.doFr), en: fill(text.doEn) },
  };
}
