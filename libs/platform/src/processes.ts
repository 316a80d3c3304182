/**
 * Second door of the library, for apps/cli alone: starting PostgreSQL and other programs. The api and the worker
 * must not carry code that starts processes, so that `index.ts` does not export it.
 */
export { keptPort, startEmbeddedPostgres, urlsOf } from './embedded-postgres.js';
export { passwordsOf } from './embedded-postgres-cluster.js';
export { beginningOf, freePort, isRunning, portIsFree } from './process.js';
export { takeLock } from './process-lock.js';
export { StartRefused, type Tell } from './process-refusal.js';
export { Supervised } from './process-supervisor.js';
export { workerNodeOptions, workerThreads } from './worker-node-options.js';
