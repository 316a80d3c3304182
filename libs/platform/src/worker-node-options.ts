/**
 * Options of Node for whoever starts the worker. It makes some hundred kilobytes of short-lived texts for a credential;
 * in a larger young generation they are gone before anybody copies them, which spares a fifth of its time and costs up
 * to 150 MiB of memory.
 */
export const workerNodeOptions = ['--max-semi-space-size=64', '--min-semi-space-size=16'] as const;
