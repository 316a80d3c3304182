import type { Severity } from './issue.js';

export interface IssueText {
  severity: Severity;
  fr: string;
  en: string;
  doFr: string;
  doEn: string;
}

/** One entry of the table: what is wrong and what to do, in French, then in English. */
export const text = (severity: Severity, fr: string, doFr: string, en: string, doEn: string): IssueText => ({
  severity,
  fr,
  en,
  doFr,
  doEn,
});
