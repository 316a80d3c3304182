// npm run test:chaos [-- --minutes 30 --seed N --only T-05 --share 0.1 --json FILE]

import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { projectFile } from '#platform';
import { startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import { type Outcome, reportTable } from './outcome.js';
import { type Plan, plans } from './plans.js';
import { aSeed } from './random-kills.js';

interface Services {
  makeFolder(): { folder: string; end: () => void };
  clearFolder(folder: string): Promise<void>;
  startRedis(folder: string): Promise<string | undefined>;
}

const tell = (words: string): void => console.error(`  … ${words}`);

function options() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      'per-second': { type: 'string', default: '20' },
      every: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(aSeed()) },
      only: { type: 'string', multiple: true },
      share: { type: 'string', default: '1' },
      json: { type: 'string', default: 'chaos-results.json' },
    },
  });
  const numbers = {
    minutes: Number(values.minutes),
    perSecond: Number(values['per-second']),
    everySeconds: Number(values.every),
    seed: Number(values.seed),
    share: Number(values.share),
  };
  for (const [name, value] of Object.entries(numbers))
    if (!(value >= 0)) throw new Error(`--${name} is a number`);
  return { ...numbers, only: values.only, json: resolve(values.json) };
}

async function run(plan: Plan): Promise<Outcome[]> {
  tell(`${plan.id} on ${plan.engine}`);
  const began = performance.now();
  try {
    return await plan.run();
  } catch (error) {
    return [
      {
        id: plan.id,
        engine: plan.engine,
        fault: plan.id,
        happened: `did not end: ${(error as Error).message.slice(0, 2_000)}`,
        count: 0,
        findings: {
          promised: 0,
          signed: 0,
          refused: 0,
          cancelled: 0,
          lost: Number.NaN,
          doubled: Number.NaN,
          verified: 0,
          broken: ['the scenario did not end'],
        },
      },
    ];
  } finally {
    tell(`${plan.id} took ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
}

async function main(): Promise<void> {
  const { json, only, ...numbers } = options();
  const services = (await import(
    pathToFileURL(projectFile('test', 'support', 'services.mjs')).href
  )) as Services;
  const { folder, end } = services.makeFolder();
  const outcomes: Outcome[] = [];
  try {
    const { ownerUrl, apiUrl, workerUrl } = await startEmbeddedPostgres({
      dataFolder: join(folder, 'data'),
      settings: { max_connections: '300' },
    });
    process.env.INSIGNE_TEST_POSTGRES = JSON.stringify({ ownerUrl, apiUrl, workerUrl });
    const redisUrl = await services.startRedis(folder);
    if (!redisUrl) console.error('!! Redis is not installed: its queue is NOT tested');
    for (const plan of plans({ ...numbers, redisUrl, tell }).filter(({ id }) => !only || only.includes(id))) {
      outcomes.push(...(await run(plan)));
      writeFileSync(json, `${JSON.stringify({ ...numbers, outcomes }, null, 2)}\n`);
    }
  } finally {
    await services.clearFolder(folder);
    end();
  }
  console.log(
    `\n${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}\n`,
  );
  console.log(reportTable(outcomes));
  const broken = outcomes.filter(({ findings }) => findings.broken.length > 0);
  console.log(`\n${outcomes.length} faults, ${broken.length} broken. Written to ${json}`);
  if (broken.length > 0 || outcomes.length === 0) process.exitCode = 1;
}

// Processes of a scenario end with this one, however it is asked to end; PostgreSQL and Redis have their keeper.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
await main();
process.exit();
