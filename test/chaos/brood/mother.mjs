// node --single-threaded mother.mjs ROOT ADDON: loads the built worker, then makes copies of itself that start it.
// A line of JSON in, a line out: {"log", "environment"} answers a process id, {"ended": pid} how it ended or -1. Its
// event loop never runs once everything is loaded, so that a copy begins with nothing under way.

import { readlinkSync, readSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [root, addon] = process.argv.slice(2);
const { fork, ended } = createRequire(import.meta.url)(addon);
const load = (...path) => import(pathToFileURL(join(root, ...path)).href);

await load('dist', 'apps', 'worker', 'src', 'start-worker.js');
await load('dist', 'apps', 'worker', 'src', 'key-services.js');
writeSync(1, 'loaded\n');

let unread = '';
const part = Buffer.alloc(64 * 1024);
const nextLine = () => {
  while (!unread.includes('\n')) {
    const length = readSync(0, part);
    if (length === 0) process.exit(0);
    unread += part.toString('utf8', 0, length);
  }
  const line = unread.slice(0, unread.indexOf('\n'));
  unread = unread.slice(line.length + 1);
  return JSON.parse(line);
};

for (;;) {
  const asked = nextLine();
  const answer = asked.ended ? ended(asked.ended) : fork(asked.log);
  if (answer !== 0 || asked.ended) {
    writeSync(1, `${answer}\n`);
    continue;
  }
  // Node notes its number once; a copy that kills itself must not kill the one it was copied from.
  Object.defineProperty(process, 'pid', { value: Number(readlinkSync('/proc/self')) });
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, asked.environment);
  if (asked.environment.INSIGNE_TEST_FAULTS) await load('test', 'support', 'fault-injection.mjs');
  await load('dist', 'apps', 'worker', 'src', 'main.js');
  break;
}
