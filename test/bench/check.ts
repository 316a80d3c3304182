// npm run bench:check [-- --credentials 20000 --data FOLDER --json FILE]

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { projectFile } from '#platform';
import { processCpu, treeCpu } from './cpu.js';
import { type Figure, table } from './figures.js';
import { signStock } from './signed-stock.js';

const tell = (words: string): void => console.error(`  … ${words}`);

function options(): { credentials: number; data?: string; json: string } {
  const { values } = parseArgs({
    options: {
      credentials: { type: 'string', default: '20000' },
      data: { type: 'string' },
      json: { type: 'string', default: 'check-results.json' },
    },
  });
  const credentials = Number(values.credentials);
  if (!(credentials >= 100)) throw new Error('--credentials is a number of 100 or more');
  return { credentials, data: values.data && resolve(values.data), json: resolve(values.json) };
}

interface Report {
  credentials: number;
  auditLines: number;
  archived: number;
  seconds: number;
  faults: unknown[];
}

interface Measured {
  report: Report;
  wallSeconds: number;
  /** User and system, of the check alone: PostgreSQL's processes are not in it. */
  cpuSeconds: number;
  /** The same with PostgreSQL, which the check starts. */
  allCpuSeconds: number;
  peakBytes: number;
}

/** Runs `insigne check` on a data folder as a person would. */
async function runCheck(dataFolder: string): Promise<Measured> {
  const main = projectFile('dist', 'apps', 'cli', 'src', 'main.js');
  const began = performance.now();
  const child = spawn(process.execPath, [main, 'check', '--data', dataFolder, '--json'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LC_ALL: 'C', INSIGNE_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  let used = { cpuSeconds: 0, allCpuSeconds: 0, peakBytes: 0 };
  const watch = setInterval(() => {
    used = usedBy(child) ?? used;
  }, 200);
  const code = await new Promise((done) => child.once('close', done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`The check ended with ${code}:\n${output.slice(0, 2_000)}`);
  const wallSeconds = (performance.now() - began) / 1_000;
  return { report: JSON.parse(output) as Report, wallSeconds, ...used };
}

/** Linux only; elsewhere nothing. */
function usedBy({ pid }: ChildProcess): Omit<Measured, 'report' | 'wallSeconds'> | undefined {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return {
      cpuSeconds: processCpu(pid!) / 1_000,
      allCpuSeconds: treeCpu(pid!) / 1_000,
      peakBytes: Number(peak?.[1] ?? 0) * 1024,
    };
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const { credentials, data, json } = options();
  const parent = data ? undefined : mkdtempSync(join(tmpdir(), 'insigne-bench-check-'));
  const dataFolder = data ?? join(parent!, 'data');
  try {
    let told = 0;
    await signStock({
      dataFolder,
      credentials,
      tell: (signed, perSecond) => {
        if (performance.now() - told < 10_000) return;
        told = performance.now();
        tell(`${signed} of ${credentials} signed, ${perSecond.toFixed(0)}/s`);
      },
    });
    tell('insigne check');
    const { report, wallSeconds, cpuSeconds, allCpuSeconds, peakBytes } = await runCheck(dataFolder);
    const number = report.credentials;
    const figures: Figure[] = [
      { name: 'credentials', value: number, unit: '' },
      { name: 'audit lines', value: report.auditLines, unit: '' },
      { name: 'archived credentials', value: report.archived, unit: '' },
      { name: 'the check', value: report.seconds, unit: 's' },
      { name: 'with starting PostgreSQL and the program', value: wallSeconds, unit: 's' },
      { name: 'rate', value: number / report.seconds, unit: 'credentials/s' },
      {
        name: 'wall time of one credential',
        value: (report.seconds * 1_000) / number,
        unit: 'ms',
        ratio: (report.seconds * 1_000) / number / (600_000 / 700_000),
        to: 'what 700,000 in ten minutes allow',
      },
      {
        name: 'CPU time of one credential, without PostgreSQL',
        value: (cpuSeconds * 1_000) / number,
        unit: 'ms',
      },
      {
        name: 'CPU time of one credential, with PostgreSQL and the start of both',
        value: (allCpuSeconds * 1_000) / number,
        unit: 'ms',
        ratio: (allCpuSeconds * 1_000) / number / (2 * (600_000 / 700_000)),
        to: 'what 700,000 in ten minutes allow on two cores',
      },
      { name: 'memory at most', value: peakBytes / 1024 / 1024, unit: 'MiB' },
    ];
    console.log(
      `\n${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}\n`,
    );
    console.log(table(figures));
    writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
    console.log(`\nWritten to ${json}`);
  } finally {
    if (parent) rmSync(parent, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
await main();
