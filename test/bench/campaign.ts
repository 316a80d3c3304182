import { setTimeout as sleep } from 'node:timers/promises';
import { IssuanceQueue, planAwards } from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign } from '../support/synthetic-campaign.js';
import { timed } from './figures.js';

/** People in one request at most, as an import hands them over. */
const requestOf = 1000;

export interface CampaignTimes {
  awards: number;
  /** Seconds in the transactions that evaluate, award and plan. */
  plan: number;
  /** Seconds of putting jobs in the queue. */
  enqueue: number;
  /** Seconds from the last accepted request to the last stored credential. */
  rest: number;
  /** Seconds from the first request to the last stored credential. */
  total: number;
}

/**
 * A campaign of so many awards through the real way: requests of a thousand people, the queue, one worker process
 * that lints, signs twice, verifies and stores. The facts (people, sessions, assessments) are there before; the
 * worker has signed a first room, as in a service that runs.
 */
export async function measureCampaign(
  awards: number,
  redisUrl: string | undefined,
  tell: (words: string) => void,
): Promise<CampaignTimes> {
  const world = await anIssuanceWorld();
  const secrets = serviceSecrets();
  const engine = queueEngine({ redisUrl, databaseUrl: world.urls.url });
  useQueueEngine(engine);
  const queue = new IssuanceQueue(world.api, engine);
  const worker = await ServiceProcess.worker({
    databaseUrl: world.urls.workerUrl,
    origin,
    masterKeyFile: secrets.masterKeyFile,
    redisUrl,
  });
  try {
    const firstRoom = await aCampaign(world, 24);
    const people = await aCampaign(world, awards);
    await world.api.query('analyze');
    await worker.ready();
    await queue.enqueue(await planned(world, firstRoom));
    await allSigned(world, worker, firstRoom.length);
    return await run(world, worker, queue, people, tell);
  } finally {
    await worker.stop();
    await queue.close();
    await world.close();
    secrets.remove();
  }
}

async function run(
  world: IssuanceWorld,
  worker: ServiceProcess,
  queue: IssuanceQueue,
  people: string[],
  tell: (words: string) => void,
): Promise<CampaignTimes> {
  const before = await signed(world);
  const times = { awards: people.length, plan: 0, enqueue: 0, rest: 0, total: 0 };
  times.total = await timed(async () => {
    for (let from = 0; from < people.length; from += requestOf) {
      let outboxIds: string[] = [];
      times.plan += await timed(async () => {
        outboxIds = await planned(world, people.slice(from, from + requestOf));
      });
      times.enqueue += await timed(() => queue.enqueue(outboxIds));
    }
    times.rest = await timed(() => allSigned(world, worker, before + people.length, tell));
  });
  for (const name of ['plan', 'enqueue', 'rest', 'total'] as const) times[name] /= 1000;
  await assertWhole(world, before + people.length);
  return times;
}

const planned = async (world: IssuanceWorld, personIds: string[]): Promise<string[]> => {
  const { outboxIds } = await world.api.transaction((tx) =>
    planAwards(tx, { organisationId: world.structure.id, personIds, origin }),
  );
  return outboxIds;
};

const signed = async (world: IssuanceWorld): Promise<number> => {
  const [{ number }]: [{ number: number }] = await world.api.query(
    `select count(*)::int as number from credential where state = 'signed'`,
  );
  return number;
};

async function allSigned(
  world: IssuanceWorld,
  worker: ServiceProcess,
  wanted: number,
  tell?: (words: string) => void,
): Promise<void> {
  for (let told = performance.now(); ; await sleep(20)) {
    // The outbox has an index on what is open, so that asking costs the worker nothing.
    const [{ open }]: [{ open: boolean }] = await world.api.query(
      'select exists (select from outbox where done_at is null) as open',
    );
    if (!open) return;
    if (worker.isOver) throw new Error(`The worker ended:\n${worker.output}`);
    if (!tell || performance.now() - told < 5_000) continue;
    told = performance.now();
    tell(`${await signed(world)} of ${wanted} stored`);
  }
}

async function assertWhole(world: IssuanceWorld, wanted: number): Promise<void> {
  const stored = await signed(world);
  if (stored !== wanted) throw new Error(`${stored} credentials are signed instead of ${wanted}`);
}
