// What a test run says at its end.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const programs = [
  {
    name: 'Redis',
    commands: ['redis-server', 'valkey-server'],
    install: 'apt-get install redis-server (macOS: brew install redis)',
  },
  {
    name: 'Chromium',
    commands: [
      process.env.INSIGNE_CHROMIUM,
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
    ],
    install: 'apt-get install chromium (macOS: install Chrome; elsewhere set INSIGNE_CHROMIUM to its path)',
  },
];

const isThere = (command) =>
  Boolean(command) && !spawnSync(command, ['--version'], { stdio: 'ignore' }).error;

const onMac = existsSync('/Applications/Google Chrome.app');

/** Programs some tests need and this machine lacks. */
export const missingPrograms = () =>
  programs.filter(({ name, commands }) => !commands.some(isThere) && !(name === 'Chromium' && onMac));

const counted = (number, word) => `${number} ${word}`;

/**
 * Prints what was not run and why, then one line `N passed, N failed`.
 * @param report path of Jest's JSON report
 * @param code Jest's exit code
 * @returns the exit code of the whole
 */
export function summary(report, code) {
  if (!existsSync(report)) {
    console.log('Jest wrote no report: see above.\n0 passed, 1 failed');
    return code || 1;
  }
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = result.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'pending')
      .map((test) => test.ancestorTitles[0] ?? test.title),
  );
  const groups = groupBy(skipped);
  for (const { name, install } of missingPrograms())
    console.log(
      `\n!! ${name} is not installed: the tests that need it were NOT RUN. To run them: ${install}`,
    );
  for (const [title, tests] of groups) console.log(`!! not run: ${title} (${tests.length})`);
  // A file that does not even load has no test to count.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const words = [counted(result.numPassedTests, 'passed'), counted(failed, 'failed')];
  if (skipped.length > 0) words.push(counted(skipped.length, 'skipped'));
  console.log(`\n${words.join(', ')}`);
  return code !== 0 || failed > 0 ? code || 1 : 0;
}

function groupBy(titles) {
  const groups = new Map();
  for (const title of titles) groups.set(title, [...(groups.get(title) ?? []), title]);
  return groups;
}
