// The commands of package.json: they install, build and run, from a bare clone on. Plain Node, no dependency.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, install, root } from './prepare.mjs';
import { missingPrograms, summary } from './test-summary.mjs';

const usage =
  'node tools/run.mjs demo|start|test|test:unit|test:chaos|test:fuzz|test:containers|bench|bench:check|bench:verify|insigne|prepare [arguments]';
const [command, ...args] = process.argv.slice(2);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Insigne a besoin de Node 20.19 ou plus récent ; celui-ci est ${process.version}. Voir https://nodejs.org\n` +
      `Insigne needs Node 20.19 or newer; this is ${process.version}. See https://nodejs.org`,
  );
  process.exit(1);
}

/** Runs a program of ours to its end. @returns {Promise<number>} its exit code */
const runNode = (options, environment = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, options, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: 'inherit',
    });
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => child.kill(name));
    child.once('close', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
  });

/** Hands this process over to the command line of the program, so that signals and exit code are its own. */
async function become(words) {
  const main = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
  process.argv = [process.execPath, main, ...words];
  process.setSourceMapsEnabled(true);
  endWithNpm();
  await import(pathToFileURL(main).href);
}

/** The parent of a process, 0 where the system has no /proc. */
const parentOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
};

// Started by npm (often through a shell) and npm was killed outright: stop in order instead of living on unseen.
function endWithNpm() {
  const ancestors = () => `${process.ppid} ${parentOf(process.ppid)}`;
  const first = ancestors();
  if (!process.env.npm_lifecycle_event) return;
  const watch = setInterval(() => {
    if (ancestors() === first) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 1_000);
  watch.unref();
}

async function jest(options) {
  const folder = mkdtempSync(join(tmpdir(), 'insigne-jest-'));
  const report = join(folder, 'report.json');
  const outside = join(folder, 'outside.txt');
  const guard = pathToFileURL(join(root, 'test', 'support', 'no-outside.mjs')).href;
  // A worker keeps some 50 MB of each file it has run; one of several GB takes so long to go that Jest kills it.
  const workers = options.some((word) => /^(-i|-w|--runInBand|--maxWorkers)/.test(word))
    ? []
    : [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`, '--workerIdleMemoryLimit=768MB'];
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning --import=${guard}`;
  const program = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const words = [
    program,
    '--json',
    `--outputFile=${report}`,
    '--testLocationInResults=false',
    ...workers,
    ...options,
  ];
  try {
    const code = await runNode(words, {
      NODE_OPTIONS: nodeOptions.trim(),
      INSIGNE_TEST_OUTSIDE: outside,
      // What the services under test log would bury what the tests say.
      INSIGNE_LOG_LEVEL: process.env.INSIGNE_LOG_LEVEL ?? 'silent',
    });
    const left = existsSync(outside) ? readFileSync(outside, 'utf8') : '';
    if (left) console.error(left);
    return summary(report, left ? 1 : code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function test(options) {
  const missing = missingPrograms();
  const code = await jest(options);
  return missing.length > 0 && process.env.CI === 'true' ? 1 : code;
}

/** Compiles one folder of test/ and runs a program of it. */
async function runTestProgram(name, options, file = 'main.js', more = []) {
  const swc = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  const folders = [`test/${name}`, 'test/support', ...more];
  const compiled = await runNode([swc, ...folders, '-d', 'dist', '--extensions', '.ts,.tsx', '--quiet']);
  if (compiled !== 0) return compiled;
  return await runNode(['--enable-source-maps', join(root, 'dist', 'test', name, file), ...options]);
}

checkNode();
const commands = {
  demo: () => become(['demo', ...args]),
  start: () => become(['up', ...args]),
  insigne: () => become(args),
  test: () => test(args),
  'test:unit': () => jest([...args, '--selectProjects', 'unit']),
  'test:chaos': () => runTestProgram('chaos', args),
  'test:fuzz': () => runTestProgram('fuzz', args, 'main.js', ['test/vectors']),
  'test:containers': () => runTestProgram('containers', args),
  bench: () => runTestProgram('bench', args),
  'bench:check': () => runTestProgram('bench', args, 'check.js'),
  'bench:verify': () => runTestProgram('bench', args, 'verify.js'),
  prepare: () => 0,
};
const program = commands[command];
if (!program) {
  console.error(usage);
  process.exit(2);
}
try {
  await install();
  // Unit tests read the sources themselves.
  if (command !== 'test:unit') await build();
  const code = await program();
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  if (!error.sentence) throw error;
  console.error(error.sentence);
  process.exitCode = 1;
}
