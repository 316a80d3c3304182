import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type FuzzResult, fuzz, verdictsOf } from './fuzz.js';

const usage = `npm run test:fuzz -- [--count 1000000] [--seed N] [--processes ${availableParallelism()}] [--minutes M] [--from N]
  Verifies mutated badges, credentials and presentations of every form, through every door. --from N --count 1 makes one input again.
`;
/** A busy machine gives a patient process no time for minutes; one that hangs is silent for longer. */
const silentForMs = 20 * 60_000;
/** One process's share begins this far from the next one's. */
const share = 50_000_000;

const { values } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Math.floor(Date.now() / 1000) % 1_000_000) },
    processes: { type: 'string', default: String(availableParallelism()) },
    minutes: { type: 'string' },
    from: { type: 'string' },
  },
});
const number = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) {
    process.stderr.write(usage);
    process.exit(2);
  }
  return value;
};

async function child(): Promise<void> {
  const [from, count, endAt] = process.argv.slice(3).map(Number) as [number, number, number];
  let stopping = false;
  process.once('SIGTERM', () => {
    stopping = true;
  });
  const result = await fuzz({
    from,
    count,
    onProgress: (soFar) => process.send!({ soFar }),
    isOver: () => stopping || Date.now() > endAt,
  });
  process.send!({ soFar: result, isEnd: true }, () => process.exit(0));
}

async function parent(): Promise<number> {
  const processes = Math.max(1, Math.floor(number(values.processes)!));
  const count = number(values.count)!;
  const minutes = number(values.minutes);
  const endAt = minutes === undefined ? Number.MAX_SAFE_INTEGER : Date.now() + minutes * 60_000;
  const first = number(values.from) ?? number(values.seed)! * 1_000;
  const began = Date.now();
  process.stdout.write(`inputs from ${first} on, ${processes} processes\n`);
  const results = new Map<number, FuzzResult>();
  const told = setInterval(() => tell(results, began, count), 10_000);
  const shares = Array.from({ length: processes }, (_, i) => ({
    from: first + i * share,
    count: Math.ceil(count / processes),
  }));
  const ends = await Promise.all(shares.map((one, i) => run(i, one, endAt, results)));
  clearInterval(told);
  tell(results, began, count);
  const all = [...results.values()];
  const faults = [...all.flatMap((result) => result.faults), ...ends.flat()];
  const { kinds, ...total } = sum(all);
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(`${JSON.stringify({ first, seconds, ...total, faults }, null, 2)}\n${tableOf(kinds)}`);
  return faults.length > 0 ? 1 : 0;
}

/** Runs one share to its end; a process that is silent, out of memory or killed is a fault. */
function run(
  i: number,
  { from, count }: { from: number; count: number },
  endAt: number,
  results: Map<number, FuzzResult>,
): Promise<FuzzResult['faults']> {
  return new Promise((resolve) => {
    // Half a gigabyte for everything: an input that needs more ends its process.
    const options = { execArgv: ['--max-old-space-size=512', '--max-semi-space-size=32'] };
    const worker = fork(
      fileURLToPath(import.meta.url),
      ['child', String(from), String(count), String(endAt)],
      options,
    );
    let isEnded = false;
    let timer = setTimeout(() => worker.kill('SIGKILL'), silentForMs);
    worker.on('message', ({ soFar, isEnd }: { soFar: FuzzResult; isEnd?: boolean }) => {
      results.set(i, soFar);
      isEnded = isEnd === true;
      clearTimeout(timer);
      timer = setTimeout(() => worker.kill('SIGKILL'), silentForMs);
    });
    worker.once('close', (code, signal) => {
      clearTimeout(timer);
      const near = from + (results.get(i)?.inputs ?? 0);
      const what = `the process ended with ${signal ?? code} within 100 inputs of this one`;
      resolve(isEnded ? [] : [{ number: near, kind: 'process', what }]);
    });
  });
}

type Total = Omit<FuzzResult, 'faults'> & { verdicts: Record<string, number> };

function sum(results: FuzzResult[]): Total {
  const kinds: FuzzResult['kinds'] = {};
  for (const result of results)
    for (const [kind, row] of Object.entries(result.kinds))
      kinds[kind] = verdictsOf({ before: kinds[kind] ?? {}, row });
  return {
    inputs: results.reduce((total, { inputs }) => total + inputs, 0),
    verdicts: verdictsOf(kinds),
    kinds,
    slowest: results.map(({ slowest }) => slowest).sort((a, b) => b.ms - a.ms)[0] ?? { ms: 0, number: 0 },
    mostMemory: Math.max(0, ...results.map(({ mostMemory }) => mostMemory)),
  };
}

/** A line for each kind: how many, and how many had which answer. */
function tableOf(kinds: FuzzResult['kinds']): string {
  const lines = Object.entries(kinds).map(([kind, row]) => {
    const count = Object.values(row).reduce((total, one) => total + one, 0);
    const answers = Object.entries(row).sort(([, a], [, b]) => b - a);
    return `${kind.padEnd(36)}${String(count).padStart(9)}  ${answers.map((one) => one.join(' ')).join(', ')}\n`;
  });
  return lines.sort().join('');
}

function tell(results: Map<number, FuzzResult>, began: number, count: number): void {
  const { inputs, slowest, mostMemory } = sum([...results.values()]);
  const faults = [...results.values()].reduce((total, result) => total + result.faults.length, 0);
  const rate = inputs / Math.max(1, (Date.now() - began) / 1000);
  process.stdout.write(
    `${inputs} of ${count} inputs, ${rate.toFixed(0)}/s, ${faults} faults, slowest ${slowest.ms} ms, ${mostMemory} MiB\n`,
  );
}

if (process.argv[2] === 'child') await child();
else process.exitCode = await parent();
