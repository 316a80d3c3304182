import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { DataSource } from 'typeorm';
import { type Range, RangeCheck, type RangeGround, type RangeResult } from './issued-range.js';
import { lanes, type RangeThreadData } from './range-thread-data.js';

const mostThreads = 8;
// A thread holds some ranges, the shapes it has met and the mandates; without a limit it would take what it finds.
const threadMemory = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

export interface RangesRequest {
  databaseUrl: string;
  ground: RangeGround;
  ranges: Iterable<Range>;
  /** How many ranges there are. */
  count: number;
  /** Nothing new is begun once it is aborted. */
  signal?: AbortSignal;
  onResult: (result: RangeResult) => void;
}

/** Checks every range, on as many threads as there are processors (8 at most). */
export async function checkRanges(database: DataSource, request: RangesRequest): Promise<void> {
  const { ground, onResult } = request;
  const ranges = request.ranges[Symbol.iterator]();
  const next = (): Range | null => {
    const { value, done: isOver } = ranges.next();
    return isOver || request.signal?.aborted ? null : value;
  };
  const program = fileURLToPath(new URL('./range-thread.js', import.meta.url));
  const threads = Math.min(availableParallelism(), mostThreads, Math.ceil(request.count / (2 * lanes)));
  // From its sources the program runs on one thread, as it does for a handful of badges.
  if (threads < 2 || !existsSync(program)) {
    const check = await RangeCheck.open(database, ground);
    for (let range = next(); range !== null; range = next()) onResult(await check.run(range));
  } else await Promise.all(Array.from({ length: threads }, () => onThread(program, request, next)));
}

const onThread = (
  program: string,
  { databaseUrl, ground, onResult }: RangesRequest,
  next: () => Range | null,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const workerData: RangeThreadData = { databaseUrl, ground };
    const thread = new Worker(program, { workerData, execArgv: [], resourceLimits: threadMemory });
    thread.on('message', (message: RangeResult | 'ready') => {
      if (message !== 'ready') onResult(message);
      thread.postMessage(next());
    });
    thread.once('error', reject);
    thread.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`A thread of the check ended with ${code}`)),
    );
  });
