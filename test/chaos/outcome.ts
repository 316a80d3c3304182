import { checkInvariants, type Findings } from './check-invariants.js';
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

/** Closes a scenario: checks everything and says what happened. */
export async function outcomeOf(
  site: Site,
  given: { id: string; fault: string; happened: string; count: number },
): Promise<Outcome> {
  return { ...given, engine: site.engine, findings: await checkInvariants(site) };
}

const cells = ({ id, engine, fault, happened, count, findings }: Outcome): string[] => [
  id,
  engine,
  fault,
  findings.broken.length > 0 ? `${happened}. BROKEN: ${findings.broken.slice(0, 5).join('; ')}` : happened,
  String(count),
  String(findings.lost),
  String(findings.doubled),
];

/** The report as a Markdown table. */
export function reportTable(outcomes: Outcome[]): string {
  const head = ['', 'Queue', 'Fault', 'What happened', 'Count', 'Lost', 'Doubled'];
  const line = (words: string[]): string => `| ${words.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...outcomes.map((one) => line(cells(one)))].join('\n');
}
