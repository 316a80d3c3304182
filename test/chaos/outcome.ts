import { type CheckOptions, checkInvariants, type Findings } from './check-invariants.js';
import { type Measured, overLimit, told } from './limits.js';
import type { Site } from './site.js';

/** One line of the report: a fault, what was seen, and what the database held afterwards. */
export interface Outcome {
  /** Number in the list of faults, for example T-04. */
  id: string;
  engine: string;
  fault: string;
  happened: string;
  /** Of what the fault hit: awards, requests or kills, as `happened` says. */
  count: number;
  findings: Findings;
  /** What has a limit. Apart from `findings`: a small number on a busy machine is no measurement. */
  measured?: Measured[];
}

/** What is broken, in sentences: what must never be, and what was over its limit. */
export const brokenIn = ({ findings, measured = [] }: Pick<Outcome, 'findings' | 'measured'>): string[] => [
  ...findings.broken,
  ...overLimit(measured),
];

/**
 * Closes a scenario: checks everything and says what happened.
 * @param given `wrong` names, in a few words each, what the scenario itself saw go wrong; `measured` what has a limit
 */
export async function outcomeOf(
  site: Site,
  given: Pick<Outcome, 'id' | 'fault' | 'happened' | 'count' | 'measured'> & {
    wrong?: Record<string, boolean>;
  },
  options?: CheckOptions,
): Promise<Outcome> {
  const { wrong = {}, ...rest } = given;
  const findings = await checkInvariants(site, options);
  for (const [words, isWrong] of Object.entries(wrong)) if (isWrong) findings.broken.push(words);
  return { ...rest, engine: site.engine, findings };
}

/** What happened with what was measured, and all that is broken. */
export const happenedIn = (outcome: Outcome): string => {
  const happened = [outcome.happened, ...(outcome.measured ?? []).map(told)].join('; ');
  const broken = brokenIn(outcome);
  return broken.length > 0 ? `${happened}. BROKEN: ${broken.slice(0, 20).join('; ')}` : happened;
};

const cells = (outcome: Outcome): string[] => {
  const { id, engine, fault, count, findings } = outcome;
  return [
    id,
    engine,
    fault,
    happenedIn(outcome),
    String(count),
    String(findings.lost),
    String(findings.doubled),
    `${findings.refused}${findings.toRefuse > 0 ? ` of ${findings.toRefuse} to refuse` : ''}`,
    String(findings.signedAgain),
    `${findings.verified}${findings.verifiedOutside > 0 ? ` (${findings.verifiedOutside} by others too)` : ''}`,
  ];
};

/** The report as a Markdown table. */
export function reportTable(outcomes: Outcome[]): string {
  const head = [
    '',
    'Queue',
    'Fault',
    'What happened',
    'Count',
    'Lost',
    'Doubled',
    'Refused',
    'Signed again',
    'Verified',
  ];
  const line = (words: string[]): string => `| ${words.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...outcomes.map((one) => line(cells(one)))].join('\n');
}
