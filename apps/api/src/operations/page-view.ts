import type { IssuanceOperations } from '#badges';
import type { Language } from '#platform';
import type { OperationsWords } from './operations-texts.js';

export interface OperationsPageView {
  operations: IssuanceOperations;
  engine: 'redis' | 'postgres';
  /** Jobs by state as the queue knows them; undefined when it does not answer. */
  jobs: Record<string, number> | undefined;
  csrf: string;
  isLive: boolean;
  /** How many were put back by the request before, when there was one. */
  retried: number | undefined;
}

/** What every part of the page gets. */
export interface Frame {
  view: OperationsPageView;
  words: OperationsWords;
  language: Language;
}

/** How many things wait for a person. */
export const decisionsOf = ({ deadLetterCount, refusedCount }: IssuanceOperations): number =>
  deadLetterCount + refusedCount;
