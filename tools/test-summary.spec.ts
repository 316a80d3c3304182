import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectFile } from '#platform';

type Summary = (report: string, code: number) => number;
const folder = mkdtempSync(join(tmpdir(), 'insigne summary '));
const written: string[] = [];
let summary: Summary;

beforeAll(async () => {
  ({ summary } = (await import(pathToFileURL(projectFile('tools', 'test-summary.mjs')).href)) as {
    summary: Summary;
  });
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  written.length = 0;
  import.meta.jest.spyOn(console, 'log').mockImplementation((line: string) => void written.push(line));
});
afterEach(() => import.meta.jest.restoreAllMocks());

interface Given {
  passed?: number;
  failed?: number;
  broken?: number;
  skipped?: { ancestorTitles: string[]; title: string }[];
}
/** A report as Jest writes it. @returns the exit code and what was said */
function told({ passed = 0, failed = 0, broken = 0, skipped = [] }: Given, code: number): [number, string] {
  const file = join(folder, 'report.json');
  const assertionResults = skipped.map((test) => ({ ...test, status: 'pending' }));
  writeFileSync(
    file,
    JSON.stringify({
      numPassedTests: passed,
      numFailedTests: failed,
      numRuntimeErrorTestSuites: broken,
      testResults: [
        { assertionResults: [...assertionResults, { status: 'passed', ancestorTitles: [], title: 'x' }] },
      ],
    }),
  );
  return [summary(file, code), written.join('\n')];
}

describe('the last line of a test run', () => {
  it('counts what passed and failed', () => {
    const [code, text] = told({ passed: 12 }, 0);
    expect([code, text.split('\n').at(-1)]).toEqual([0, '12 passed, 0 failed']);
  });

  it('counts a file that did not load as a failure, whatever the exit code says', () => {
    const [code, text] = told({ passed: 12, broken: 1 }, 0);
    expect([code, text.split('\n').at(-1)]).toEqual([1, '12 passed, 1 failed']);
  });

  it('keeps the exit code of Jest, even when no test failed', () => {
    expect(told({ passed: 3, failed: 2 }, 4)[0]).toBe(4);
    expect(told({ passed: 3 }, 130)[0]).toBe(130);
  });

  it('names what was not run, each group once with its size', () => {
    const skipped = ['a', 'b'].map((title) => ({
      ancestorTitles: ['NOT RUN, Redis is not installed: queue'],
      title,
    }));
    const [code, text] = told(
      { passed: 1, skipped: [...skipped, { ancestorTitles: [], title: 'alone' }] },
      0,
    );
    expect(text).toContain('!! not run: NOT RUN, Redis is not installed: queue (2)');
    expect(text).toContain('!! not run: alone (1)');
    expect([code, text.split('\n').at(-1)]).toEqual([0, '1 passed, 0 failed, 3 skipped']);
  });

  it('says of a run without a report that it failed', () => {
    for (const [code, wanted] of [
      [0, 1],
      [137, 137],
    ] as const)
      expect(summary(join(folder, 'nothing.json'), code)).toBe(wanted);
    expect(written.at(-1)).toContain('0 passed, 1 failed');
  });
});
