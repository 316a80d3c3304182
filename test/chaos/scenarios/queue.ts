import { setTimeout as sleep } from 'node:timers/promises';
import { archivedKeysOf, FolderArchive, type SigningStep, type SigningSteps, signQueueName } from '#badges';
import { endQueueConnection, Queue, queueConnection, queueEngine } from '#platform';
import { anotherSigner } from '../../support/issuance-world.js';
import { eventually } from '../../support/service-process.js';
import { somePeople } from '../../support/synthetic-campaign.js';
import { catchUpAllowed, secondsAllowed } from '../limits.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { OwnRedis } from '../own-services.js';
import { readSignings } from '../signings.js';
import type { Site } from '../site.js';
import { Client } from './requests.js';

/** T-07: the queue forgets everything while jobs wait. */
export async function emptiedQueue(site: Site, { jobs }: { jobs: number }): Promise<Outcome> {
  await site.award(jobs, 1);
  const { prioritized = 0, waiting = 0 } = await site.queue.counts();
  await site.loseJobs();
  const lost = performance.now();
  const worker = await site.worker();
  await site.drained(3_600_000);
  const seconds = (performance.now() - lost) / 1000;
  await worker.stop();
  return await outcomeOf(site, {
    id: 'T-07',
    fault: site.redisUrl ? 'FLUSHALL with jobs waiting' : 'the job table emptied with jobs waiting',
    happened: `${prioritized + waiting} waiting jobs forgotten, rebuilt from the outbox`,
    count: jobs,
    measured: [
      { what: 'all were issued after', value: seconds, atMost: secondsAllowed.queueEmptied, unit: 's' },
    ],
  });
}

/** T-08: Redis hangs, then is gone, then comes back empty; requests go on all the time. */
export async function redisAway(
  site: Site,
  redis: OwnRedis,
  { seconds, everyMs = 500 }: { seconds: number; everyMs?: number },
): Promise<Outcome> {
  await site.api();
  await site.worker();
  const client = await Client.of(site);
  const learners = await somePeople(site.world, 8 * Math.ceil((seconds * 1000) / everyMs));
  const statuses = new Map<number, number>();
  const outage = async (milliseconds: number): Promise<void> => {
    const running: Promise<void>[] = [];
    for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(everyMs)) {
      const people = learners.splice(0, 8);
      if (people.length === 0) break;
      const sent = client.post(client.session(`R-${learners.length}`, people)).then(({ status }) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      });
      running.push(sent);
    }
    await Promise.all(running);
  };
  const began = performance.now();
  redis.pause();
  await outage((seconds * 1000) / 2);
  redis.resume();
  await redis.kill();
  await outage((seconds * 1000) / 2);
  const away = (performance.now() - began) / 1000;
  await redis.start();
  const recorded = await site.promiseRecorded();
  const caughtUp = await site.drained(Math.max(600_000, 3 * seconds * 1000));
  await site.killAll();
  const accepted = 8 * (statuses.get(201) ?? 0);
  const answered = [...statuses].map(([status, number]) => `${number} × ${status}`).join(', ');
  return await outcomeOf(site, {
    id: 'T-08',
    fault: `Redis hangs, then is gone, for ${away.toFixed(0)} s`,
    happened: `the api answered ${answered}; then Redis came back empty`,
    count: recorded,
    measured: [{ what: 'all were issued after', value: caughtUp, atMost: catchUpAllowed(away), unit: 's' }],
    wrong: {
      'awards were refused while Redis was away': [...statuses.keys()].some((status) => status !== 201),
      'not every accepted award was recorded': recorded !== accepted,
    },
  });
}

/** T-10: a worker stands still until its lock is lost; another one signs the same job; then the first wakes up. */
export async function stalledWorkers(
  site: Site,
  {
    stalls,
    point,
    atOnce = 1,
    tell,
  }: {
    stalls: number;
    point: string;
    atOnce?: number;
    tell?(words: string): void;
  },
): Promise<Outcome> {
  const quiet = { INSIGNE_LOG_LEVEL: 'info' };
  const runs = new Map<string, number>();
  for (let stall = 0; stall < stalls; stall += atOnce) {
    // A worker takes two jobs and stands still with both.
    await site.award(8 * atOnce, 4);
    const stalled = await Promise.all(
      Array.from({ length: Math.min(atOnce, stalls - stall) }, () =>
        site.stalled({ point, reach: 1 }, quiet),
      ),
    );
    const other = await site.worker(undefined, quiet);
    await site.drained();
    site.wake();
    // Asked to end, one that stood still hears of it now, and finishes what it holds.
    await Promise.all([...stalled, other].map((worker) => worker.stop()));
    tell?.(`T-10 on ${site.engine}: ${stall + stalled.length} of ${stalls}`);
    for (const { output } of [...stalled, other])
      for (const [id, times] of runsIn(output)) runs.set(id, (runs.get(id) ?? 0) + times);
  }
  const twice = [...runs.values()].filter((number) => number > 1).length;
  // Each stood still with one batch verified, which it can only sign to the end.
  const forced = 4 * stalls;
  const { signedAgain } = await readSignings(site);
  return await outcomeOf(site, {
    id: 'T-10',
    fault: 'the event loop of a worker blocked until its lock was lost and another had run its jobs',
    happened: `${stalls} workers stood still; ${twice} of the ${runs.size} jobs were run to the end by two, each was stored once`,
    count: stalls,
    wrong: {
      'no job was run by two workers': twice === 0,
      'not every batch that stood still was signed again': signedAgain < forced,
    },
  });
}

const meetWithinMs = 120_000;

/** Holds up each of several signers at a step of a job until all of them have reached it. */
class Meeting implements SigningSteps {
  private readonly waiting = new Map<string, (() => void)[]>();

  constructor(
    private readonly at: SigningStep,
    private readonly signers: number,
  ) {}

  async reached(step: SigningStep, outboxId: string): Promise<void> {
    if (step !== this.at) return;
    const others = this.waiting.get(outboxId) ?? [];
    if (others.length + 1 === this.signers) {
      for (const goOn of others) goOn();
      return;
    }
    await new Promise<void>((goOn, fail) => {
      this.waiting.set(outboxId, [...others, goOn]);
      setTimeout(fail, meetWithinMs, new Error(`Alone at '${step}' of ${outboxId}`)).unref();
    });
  }
}

/** T-10: the same job run by two signers at the same moment: both have signed and verified before either stores. */
export async function doubledJobs(site: Site, { jobs }: { jobs: number }): Promise<Outcome> {
  const { outboxIds } = await site.plan(jobs, 1);
  const archives = [1, 2].map(() => new FolderArchive(site.archiveFolder, archivedKeysOf(site.world.api)));
  const meeting = new Meeting('verified', archives.length);
  const signers = archives.map((archive) => anotherSigner(site.world, site.origin, archive, meeting));
  for (let from = 0; from < jobs; from += 4)
    await Promise.all(
      outboxIds.slice(from, from + 4).flatMap((id) => signers.map((signer) => signer.run(id))),
    );
  await site.drained();
  await Promise.all(archives.map((archive) => archive.close()));
  const { signedAgain, same } = await readSignings(site);
  return await outcomeOf(site, {
    id: 'T-10',
    fault: 'the same job run by two signers at the same moment',
    happened: `${same} of ${jobs} signed by both, to the same bytes, before either stored it; each stored by one of them`,
    count: jobs,
    wrong: { 'not every job was signed by both': signedAgain !== jobs },
  });
}

/** T-11: a job that is done and removed is added again. */
export async function repeatedJobs(
  site: Site,
  { jobs, times }: { jobs: number; times: number },
): Promise<Outcome> {
  const { outboxIds } = await site.plan(jobs, 1);
  await site.queue.enqueue(outboxIds);
  const worker = await site.worker(undefined, { INSIGNE_LOG_LEVEL: 'info' });
  await site.drained();
  const stored = await site.count('select count(*) from signature_log');
  const connection = queueConnection(
    queueEngine({ redisUrl: site.redisUrl, databaseUrl: site.world.urls.url }),
    1,
  );
  const queue = new Queue(signQueueName, { connection });
  for (let time = 0; time < times; time += 1) {
    await emptied(site);
    await queue.addBulk(
      outboxIds.map((outboxId) => ({
        name: 'sign',
        data: { outboxId },
        opts: { jobId: `sign-${outboxId}`, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }
  await emptied(site);
  await queue.close();
  endQueueConnection(connection);
  await worker.stop();
  const runs = runsIn(worker.output);
  const again = outboxIds.map((id) => (runs.get(id) ?? 0) - 1);
  const ran = again.reduce((sum, number) => sum + number, 0);
  const more = (await site.count('select count(*) from signature_log')) - stored;
  return await outcomeOf(site, {
    id: 'T-11',
    fault: `the same job added ${times} times after it was done and removed`,
    happened: `${ran} of ${jobs * times} were run again to the end; ${more} signatures more were recorded`,
    count: jobs,
    wrong: {
      'a job that was added again was not run': again.some((number) => number < times),
      'signed again': more > 0,
    },
  });
}

/** Waits until the queue holds no job: one of the same id would be a job that is there already. */
const emptied = (site: Site): Promise<unknown> =>
  eventually(
    () => site.queue.counts(),
    (counts) => Object.values(counts).every((number) => number === 0),
    120_000,
  );

/** How often a worker has run each job to its end, by outbox row, from what it logs. */
function runsIn(output: string): Map<string, number> {
  const runs = new Map<string, number>();
  for (const [, id] of output.matchAll(/"outboxId":"([0-9a-f-]+)"[^\n]*batch signed/g))
    runs.set(id!, (runs.get(id!) ?? 0) + 1);
  return runs;
}
