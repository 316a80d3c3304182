import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DataSource } from 'typeorm';
import type { Fault } from './faults.js';
import { RangeCheck, type RangeResult, rangesOf, type Scope } from './issued-range.js';
import { lanes, type RangeThreadData } from './range-thread-data.js';

const size = 200;
const mostThreads = 8;
// A thread holds some ranges, the shapes it has met and the mandates; without a limit it would take what it finds.
const threadMemory = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16 };

export interface RangesRequest {
  databaseUrl: string;
  origin: string;
  scope: Scope;
  /** Nothing new is begun once it is aborted. */
  signal?: AbortSignal;
  onFaults: (faults: Fault[]) => void;
  onProgress: (checked: number, total: number) => void;
}

/** Checks every credential in scope, on as many threads as there are processors (8 at most). */
export async function checkRanges(database: DataSource, request: RangesRequest): Promise<void> {
  const { starts, total } = await rangesOf(database, request.scope, size);
  let done = 0;
  request.onProgress(done, total);
  const add = ({ checked, faults }: RangeResult): void => {
    done += checked;
    request.onFaults(faults);
    request.onProgress(done, total);
  };
  const ranges = starts[Symbol.iterator]();
  const next = (): string | null => {
    const { value, done: isOver } = ranges.next();
    return isOver || request.signal?.aborted ? null : value;
  };
  const program = fileURLToPath(new URL('./range-thread.js', import.meta.url));
  const threads = Math.min(availableParallelism(), mostThreads, Math.ceil(starts.length / (2 * lanes)));
  // From its sources the program runs on one thread, as it does for a handful of badges.
  if (threads < 2 || !existsSync(program)) {
    const check = await RangeCheck.open(database, request.origin, request.scope);
    for (let start = next(); start !== null; start = next()) add(await check.run(start, size));
  } else await Promise.all(Array.from({ length: threads }, () => onThread(program, request, next, add)));
}

const onThread = (
  program: string,
  { databaseUrl, origin, scope }: RangesRequest,
  next: () => string | null,
  add: (result: RangeResult) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const workerData: RangeThreadData = { databaseUrl, origin, scope, size };
    const thread = new Worker(program, { workerData, execArgv: [], resourceLimits: threadMemory });
    thread.on('message', (message: RangeResult | 'ready') => {
      if (message !== 'ready') add(message);
      thread.postMessage(next());
    });
    thread.once('error', reject);
    thread.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A thread of the check ended with ${code}`)),
    );
  });
