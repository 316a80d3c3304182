// npm run test:chaos [-- --only T-05 --share 0.1 --minutes 30 --seed N --lanes 2 --resume --json FILE]

import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { projectFile } from '#platform';
import { startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import { didNotEnd, inLanes, laneVariable, serveLane } from './lanes.js';
import { happenedIn, type Outcome } from './outcome.js';
import { type Plan, plans } from './plans.js';
import { aSeed } from './random-kills.js';
import { commitUnderTest, isBroken, loadNow, Results } from './results.js';

interface Services {
  makeFolder(): { folder: string; end: () => void };
  clearFolder(folder: string): Promise<void>;
  startRedis(folder: string): Promise<string | undefined>;
}

const tell = (words: string): void => console.error(`  … ${new Date().toISOString().slice(11, 19)} ${words}`);

function options() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      'per-second': { type: 'string', default: '20' },
      every: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(aSeed()) },
      only: { type: 'string', multiple: true },
      share: { type: 'string', default: '1' },
      lanes: { type: 'string', default: '1' },
      'at-most': { type: 'string', default: '600' },
      resume: { type: 'boolean', default: false },
      json: { type: 'string', default: 'chaos-results.json' },
    },
  });
  const numbers = {
    minutes: Number(values.minutes),
    perSecond: Number(values['per-second']),
    everySeconds: Number(values.every),
    seed: Number(values.seed),
    share: Number(values.share),
    lanes: Number(values.lanes),
    atMostMinutes: Number(values['at-most']),
  };
  for (const [name, value] of Object.entries(numbers))
    if (!(value >= 0)) throw new Error(`--${name} is a number`);
  return { numbers, only: values.only, resumes: values.resume, json: resolve(values.json) };
}

async function run(plan: Plan): Promise<Outcome[]> {
  try {
    return await plan.run();
  } catch (error) {
    return [didNotEnd(plan.id, plan.engine, (error as Error).message)];
  }
}

async function main(): Promise<void> {
  const { json, only, resumes, numbers } = options();
  const services = (await import(
    pathToFileURL(projectFile('test', 'support', 'services.mjs')).href
  )) as Services;
  const { folder, end } = services.makeFolder();
  const results = new Results(json, resumes);
  try {
    const { ownerUrl, apiUrl, workerUrl } = await startEmbeddedPostgres({
      dataFolder: join(folder, 'data'),
      settings: { max_connections: '300' },
    });
    const postgres = JSON.stringify({ ownerUrl, apiUrl, workerUrl });
    const redisUrl = await services.startRedis(folder);
    if (!redisUrl) console.error('!! Redis is not installed: its queue is NOT tested');
    const asked = plans({ ...numbers, redisUrl, tell }).filter(
      ({ id, key }) => !only || only.includes(id) || only.includes(key),
    );
    const left = asked.filter(({ key }) => !results.has(key, numbers));
    if (left.length < asked.length) tell(`${asked.length - left.length} plans were run before`);
    const environment = (lane: number): Record<string, string> => ({
      INSIGNE_TEST_POSTGRES: postgres,
      // The same in each lane, so that a seed given to nobody is one seed.
      [laneVariable]: JSON.stringify({ seed: numbers.seed, redisUrl: redisUrl && `${redisUrl}/${lane}` }),
    });
    await inLanes(left, numbers.lanes, environment, async ({ key }, work) => {
      tell(`${key} begins`);
      const began = new Date();
      const before = loadNow();
      const outcomes = await work();
      const seconds = Math.round((Date.now() - began.getTime()) / 1000);
      const { share, minutes } = numbers;
      const circumstances = {
        began: began.toISOString(),
        seconds,
        load: [before, loadNow()] as [number, number],
      };
      results.add({ plan: key, share, minutes, commit: commitUnderTest(), ...circumstances, outcomes });
      for (const outcome of outcomes) tell(`${outcome.id} ${happenedIn(outcome)}`);
      tell(`${key} took ${seconds} s`);
    });
  } finally {
    await services.clearFolder(folder);
    end();
  }
  console.log(
    `\n${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}, commit ${commitUnderTest()}\n`,
  );
  console.log(results.table());
  const { outcomes } = results;
  const broken = outcomes.filter(isBroken);
  console.log(`\n${outcomes.length} faults, ${broken.length} broken. Written to ${json}`);
  if (broken.length > 0 || outcomes.length === 0) process.exitCode = 1;
}

async function lane(given: string): Promise<void> {
  const all = plans({
    ...options().numbers,
    ...(JSON.parse(given) as { seed: number; redisUrl?: string }),
    tell,
  });
  await serveLane(async (key) => run(all.find((plan) => plan.key === key)!));
}

// Processes of a scenario end with this one, however it is asked to end; PostgreSQL and Redis have their keeper.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
const given = process.env[laneVariable];
await (given ? lane(given) : main());
process.exit();
