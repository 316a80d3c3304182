import { availableParallelism } from 'node:os';

/**
 * Options of Node for whoever starts the worker. It makes some hundred kilobytes of short-lived texts for a credential;
 * in a larger young generation they are gone before anybody copies them, which spares a fifth of its time and costs up
 * to 150 MiB of memory.
 */
export const workerNodeOptions = ['--max-semi-space-size=64', '--min-semi-space-size=16'] as const;

/**
 * `UV_THREADPOOL_SIZE` for whoever starts the worker: a thread for each processor but one, which the worker's own code
 * keeps busy, and two to four. Signatures keep these threads at work; more would sleep most of the time, and waking one
 * for every signature costs a tenth of the worker's time. With a single one, looking up a name (which libuv lets take
 * half of them) or making a key would hold up every signature.
 */
export const workerThreads = (processors = availableParallelism()): string =>
  String(Math.min(4, Math.max(2, processors - 1)));
