import { statSync } from 'node:fs';
import { basename } from 'node:path';

// Processor seconds of the slow ones, roughly. A short file may start the service ten times: by their size, which is
// all that Jest knows of them on a fresh machine, these would come last and be waited for alone.
const seconds = {
  'faults-kills': 150,
  'real-pages': 130,
  'faults-queue': 110,
  pages: 110,
  up: 95,
  demo: 80,
  'faults-changes': 70,
  queue: 90,
  restore: 75,
  'taking-back': 75,
  kill: 70,
  'idempotency-kill': 60,
  'revocation-over-http': 60,
  'faults-storage': 55,
  operations: 55,
  'check-attacks': 55,
  'dead-letters': 50,
  'fair-queue': 50,
  'key-rotation': 45,
  'key-leaks': 45,
  verifier: 45,
  'scale-out': 40,
  'key-verdict': 40,
  'archive-robustness': 35,
  'key-compromise': 35,
  'status-lists': 35,
};

const secondsOf = ({ path }) => {
  const known = /\.spec\.tsx?$/.test(path) && seconds[basename(path).replace(/\.spec\.tsx?$/, '')];
  // Else by size: 30 kB of tests take some 10 seconds.
  return (path.includes('/test/') && known) || statSync(path).size / 3_000;
};

/** The order in which Jest runs the files: slow ones first, so that no worker is left alone with one at the end. */
export default class SlowFirst {
  sort(tests) {
    const weights = new Map(tests.map((test) => [test, secondsOf(test)]));
    return [...tests].sort((a, b) => weights.get(b) - weights.get(a) || (a.path < b.path ? -1 : 1));
  }

  allFailedTests(tests) {
    return tests;
  }

  shard(tests, { shardIndex, shardCount }) {
    return this.sort(tests).filter((_, at) => at % shardCount === shardIndex - 1);
  }

  cacheResults() {}
}
