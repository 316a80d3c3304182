import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DataSource } from 'typeorm';
import { RangeCheck, type RangeResult, rangesOf, type Scope } from './issued-range.js';
import type { RangeThreadData } from './range-thread.js';

const size = 500;

export interface RangesRequest {
  databaseUrl: string;
  origin: string;
  scope: Scope;
  onProgress?: (checked: number, total: number) => void;
}

/** Checks every credential in scope, on as many threads as there are processors (8 at most). */
export async function checkRanges(database: DataSource, request: RangesRequest): Promise<RangeResult> {
  const { starts, total } = await rangesOf(database, request.scope, size);
  const result: RangeResult = { checked: 0, faults: [] };
  const add = ({ checked, faults }: RangeResult): void => {
    result.checked += checked;
    result.faults.push(...faults);
    request.onProgress?.(result.checked, total);
  };
  const next = starts[Symbol.iterator]();
  const program = fileURLToPath(new URL('./range-thread.js', import.meta.url));
  const threads = Math.min(availableParallelism(), 8, Math.ceil(starts.length / 4));
  // From its sources the program runs on one thread, as it does for a handful of badges.
  if (threads < 2 || !existsSync(program)) {
    const check = await RangeCheck.open(database, request.origin, request.scope);
    for (const start of next) add(await check.run(start, size));
  } else await Promise.all(Array.from({ length: threads }, () => onThread(program, request, next, add)));
  result.faults.sort((a, b) => (String(a.ids.credential) < String(b.ids.credential) ? -1 : 1));
  return result;
}

const onThread = (
  program: string,
  { databaseUrl, origin, scope }: RangesRequest,
  next: Iterator<string>,
  add: (result: RangeResult) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const workerData: RangeThreadData = { databaseUrl, origin, scope, size };
    const thread = new Worker(program, { workerData, execArgv: [] });
    thread.on('message', (message: RangeResult | 'ready') => {
      if (message !== 'ready') add(message);
      const { value, done } = next.next();
      thread.postMessage(done ? null : value);
    });
    thread.once('error', reject);
    thread.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A thread of the check ended with ${code}`)),
    );
  });
