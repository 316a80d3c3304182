import { workerThreads } from './worker-node-options.js';

describe('the threads in which a worker signs', () => {
  it.each([
    [1, '2'],
    [2, '2'],
    [3, '2'],
    [4, '3'],
    [5, '4'],
    [64, '4'],
  ])(
    'are on %d processors %s: never one alone, which a look-up would hold up, nor many that sleep',
    (processors, threads) => {
      expect(workerThreads(processors)).toBe(threads);
    },
  );
});
