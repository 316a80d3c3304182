import type { BadgePageView, CheckView, Verdict } from './view-models.js';

const needed: Record<'authentic' | 'expired', CheckView['name'][]> = {
  authentic: ['proof', 'schema', 'issuer', 'dates', 'status'],
  expired: ['proof', 'schema', 'issuer', 'status'],
};

/**
 * The verdict that the page may print. The word "authentic" stands only above checks that were all made and passed;
 * otherwise, whatever the report says, the page answers 'cannot_check'.
 */
export function shownVerdict({ verdict, checks }: Pick<BadgePageView, 'verdict' | 'checks'>): Verdict {
  if (verdict !== 'authentic' && verdict !== 'expired') return verdict;
  const hasPassed = (name: CheckView['name']) => {
    const made = checks.filter((check) => check.name === name);
    return made.length > 0 && made.every((check) => check.outcome === 'passed');
  };
  const hasFailed = checks.some((check) => check.name === 'content' && check.outcome !== 'passed');
  return !hasFailed && needed[verdict].every(hasPassed) ? verdict : 'cannot_check';
}

/** The checks as the page lists them: under "withdrawn" the status line never says the opposite. */
export const shownChecks = ({ verdict, checks }: Pick<BadgePageView, 'verdict' | 'checks'>): CheckView[] =>
  checks.map((check) =>
    verdict === 'withdrawn' && check.name === 'status' ? { ...check, outcome: 'failed' } : check,
  );
