import { setTimeout as sleep } from 'node:timers/promises';
import { IssuanceQueue, planAwards } from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign } from '../support/synthetic-campaign.js';
import { familyCpu, parentOf, processCpu } from './cpu.js';
import { timed } from './figures.js';

/** People in one request at most, as an import hands them over. */
const requestOf = 1000;

/** After so many badges the code of a worker process is warm; until then V8 compiles it beside the work. */
const warmAfter = 2_000;

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
  /** Milliseconds of CPU for an award, all threads together: what a busy machine changes least. */
  cpu: CpuOfAward;
  /** The same campaign's beginning, as a process that has just started makes it. */
  fresh: { awards: number; total: number };
}

export interface CpuOfAward {
  /** Planning and enqueueing, in this process as in the api. */
  api: number;
  /** Everything the worker process did, the archive of signed bytes and the audit chain included. */
  worker: number;
  /** Every process of the database server. */
  postgres: number;
}

/**
 * A campaign of so many awards through the real way: requests of a thousand people, the queue, one worker process
 * that lints, signs twice, verifies and stores. The facts (people, sessions, assessments) are there before. A first
 * campaign is told apart: it has just started processes, the second those of a service that runs.
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
    const first = await aCampaign(world, Math.min(warmAfter, awards));
    const people = await aCampaign(world, awards);
    await world.api.query('analyze');
    await worker.ready();
    await queue.enqueue(await planned(world, firstRoom));
    await allSigned(world, worker, firstRoom.length);
    const fresh = await run(world, worker, queue, first, tell);
    return { ...(await run(world, worker, queue, people, tell)), fresh };
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
): Promise<Omit<CampaignTimes, 'fresh'>> {
  const before = await signed(world);
  const times = { awards: people.length, plan: 0, enqueue: 0, rest: 0, total: 0 };
  const cpu = await cpuCounter(world, worker);
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
  const used = cpu();
  await assertWhole(world, before + people.length);
  const each = (milliseconds: number): number => milliseconds / people.length;
  return {
    ...times,
    cpu: { api: each(used.api), worker: each(used.worker), postgres: each(used.postgres) },
  };
}

/** Counts from now on. */
async function cpuCounter(world: IssuanceWorld, worker: ServiceProcess): Promise<() => CpuOfAward> {
  const [{ pid }]: [{ pid: number }] = await world.api.query('select pg_backend_pid() as pid');
  const server = parentOf(pid);
  const now = (): CpuOfAward => ({
    api: processCpu(process.pid),
    worker: processCpu(worker.child.pid!),
    postgres: familyCpu(server),
  });
  const before = now();
  return () => {
    const { api, worker: signer, postgres } = now();
    return {
      api: api - before.api,
      worker: signer - before.worker,
      postgres: postgres - before.postgres,
    };
  };
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
