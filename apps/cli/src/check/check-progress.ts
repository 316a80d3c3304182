import type { Text } from '#platform';
import type { CheckStep } from './check-issued.js';

const stepNames: Record<CheckStep, { fr: string; en: string }> = {
  credentials: { fr: 'badges', en: 'badges' },
  database: { fr: 'questions à la base', en: 'questions to the database' },
  lists: { fr: 'listes de statut', en: 'status lists' },
  audit: { fr: 'lignes du journal', en: 'audit lines' },
  archive: { fr: 'badges de l’archive', en: 'archived badges' },
};
const everyMs = 2_000;

/**
 * Tells where a check stands, every two seconds at most: how many of how many, how many a second since the step began,
 * and how long it will take, where the number is known.
 */
export class CheckProgress {
  private told: number;
  private readonly begun = new Map<CheckStep, { at: number; done: number }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly tell: (sentence: Required<Text>) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.told = now();
  }

  at(step: CheckStep, done: number, total?: number): void {
    const now = this.now();
    const begun = this.begun.get(step) ?? { at: now, done };
    this.begun.set(step, begun);
    if (now - this.told < everyMs || done === begun.done) return;
    this.told = now;
    const perSecond = ((done - begun.done) * 1_000) / (now - begun.at);
    const left = total === undefined ? undefined : durationOf((total - done) / perSecond);
    const count = (locale: string, of: string): string =>
      [done, ...(total === undefined ? [] : [total])].map((n) => n.toLocaleString(locale)).join(of);
    const rate = Math.round(perSecond);
    this.tell({
      fr: `${stepNames[step].fr} : ${count('fr', ' sur ')}, ${rate.toLocaleString('fr')}/s${left ? `, encore ${left}` : ''}`,
      en: `${stepNames[step].en}: ${count('en', ' of ')}, ${rate.toLocaleString('en')}/s${left ? `, ${left} left` : ''}`,
    });
  }
}

/** 75.2 → "1 min 15 s". */
function durationOf(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
