import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { projectFile } from '#platform';
import { brokenIn, type Outcome, reportTable } from './outcome.js';

/** How much of the full numbers was asked for. */
export interface Size {
  /** From 0 to 1, of every plan but the random kills. */
  share: number;
  /** Of the random kills. */
  minutes: number;
}

/** What one plan came to, and under what circumstances. */
export interface Result extends Size {
  /** For example "T-05 Redis". */
  plan: string;
  commit: string;
  /** ISO time in UTC. */
  began: string;
  seconds: number;
  /** Processes that wanted to run, averaged over a minute, at the beginning and at the end. */
  load: [number, number];
  outcomes: Outcome[];
}

export const isBroken = (outcome: Outcome): boolean => brokenIn(outcome).length > 0;

/** The version under test, `unknown` where there is no git. */
export function commitUnderTest(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: projectFile(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** The file of results: written after each plan, so that a run that is cut off can be taken up again. */
export class Results {
  private readonly results: Result[];

  /** @param resumes takes up what the file already holds */
  constructor(
    private readonly file: string,
    resumes: boolean,
  ) {
    this.results =
      resumes && existsSync(file)
        ? (JSON.parse(readFileSync(file, 'utf8')) as { results: Result[] }).results
        : [];
  }

  /** Was this plan run to its end, at least at this size, and nothing broken? */
  has(plan: string, { share, minutes }: Size): boolean {
    return this.results.some(
      (one) =>
        one.plan === plan && one.share >= share && one.minutes >= minutes && !one.outcomes.some(isBroken),
    );
  }

  add(result: Result): void {
    const at = this.results.findIndex(({ plan }) => plan === result.plan);
    this.results.splice(at < 0 ? this.results.length : at, at < 0 ? 0 : 1, result);
    writeFileSync(this.file, `${JSON.stringify({ results: this.results }, null, 2)}\n`);
  }

  get outcomes(): Outcome[] {
    return this.results.flatMap(({ outcomes }) => outcomes);
  }

  table(): string {
    return reportTable(this.outcomes);
  }
}

export const loadNow = (): number => Math.round(loadavg()[0]! * 10) / 10;
