import { type CheckOptions, checkInvariants, type Findings } from './check-invariants.js';
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
}

/**
 * Closes a scenario: checks everything and says what happened.
 * @param given `wrong` names, in a few words each, what the scenario itself saw go wrong
 */
export async function outcomeOf(
  site: Site,
  given: { id: string; fault: string; happened: string; count: number; wrong?: Record<string, boolean> },
  options?: CheckOptions,
): Promise<Outcome> {
  const { wrong = {}, ...rest } = given;
  const findings = await checkInvariants(site, options);
  for (const [words, isWrong] of Object.entries(wrong)) if (isWrong) findings.broken.push(words);
  return { ...rest, engine: site.engine, findings };
}

const cells = ({ id, engine, fault, happened, count, findings }: Outcome): string[] => [
  id,
  engine,
  fault,
  findings.broken.length > 0 ? `${happened}. BROKEN: ${findings.broken.slice(0, 5).join('; ')}` : happened,
  String(count),
  String(findings.lost),
  String(findings.doubled),
  String(findings.signedAgain),
  `${findings.verified}${findings.verifiedOutside > 0 ? ` (${findings.verifiedOutside} by others too)` : ''}`,
];

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
    'Signed again',
    'Verified',
  ];
  const line = (words: string[]): string => `| ${words.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...outcomes.map((one) => line(cells(one)))].join('\n');
}
