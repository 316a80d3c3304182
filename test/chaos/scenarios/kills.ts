import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/service-process.js';
import { somePeople } from '../../support/synthetic-campaign.js';
import type { Brood } from '../brood/brood.js';
import { secondsAllowed } from '../limits.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';
import { Client } from './requests.js';

interface KillsAtPoints {
  points: string[];
  /** At which time of reaching its point in one batch each dies; 2 is in the second part of a batch of more than fifty. */
  reach?: number;
  /** Deaths at each point. */
  kills: number;
  roomOf?: number;
  /** Workers that run, and die, beside each other. */
  atOnce?: number;
  /** Deaths after which a worker that works repairs everything. */
  repairEvery?: number;
  /** After so many minutes no further round begins: the count says how many died. */
  atMostMinutes?: number;
  /** Copies a loaded worker for each death instead of starting one. */
  brood?: Brood;
  tell?(words: string): void;
}

/**
 * T-05: workers that kill themselves at named points, one after the other: what one leaves behind, the next ones take
 * and die of in their turn. After each round of deaths comes one that works.
 */
export async function workerKilledAtPoints(
  site: Site,
  {
    points,
    reach = 1,
    kills,
    roomOf = 4,
    atOnce = 1,
    repairEvery = 50,
    atMostMinutes,
    brood,
    tell,
  }: KillsAtPoints,
): Promise<Outcome> {
  const deaths = Array.from({ length: kills }, () => points).flat();
  let died = 0;
  let slowest = 0;
  const end = Date.now() + (atMostMinutes ?? Number.POSITIVE_INFINITY) * 60_000;
  while (died < deaths.length && Date.now() < end) {
    const round = deaths.slice(died, died + repairEvery);
    died += await dieAtEach(site, round, { reach, roomOf, atOnce, end, brood });
    const worker = await site.worker();
    slowest = Math.max(slowest, await site.drained());
    await worker.stop();
    tell?.(
      `T-05 on ${site.engine}: ${died} of ${deaths.length} died, repaired after ${slowest.toFixed(0)} s at most`,
    );
  }
  return await outcomeOf(site, {
    id: 'T-05',
    fault: `kill -9 of the worker at ${points.length} named points, in turn${reach > 1 ? ', in a later part of its batch' : ''}`,
    happened: `${died}${died < deaths.length ? ` of the intended ${deaths.length}` : ''} workers died over ${site.promised.size} awards, with a worker that repairs after each ${repairEvery}`,
    count: died,
    measured: [
      { what: 'all was issued after', value: slowest, atMost: secondsAllowed.workerKilled, unit: 's' },
    ],
  });
}

async function dieAtEach(
  site: Site,
  points: string[],
  {
    reach,
    roomOf,
    atOnce,
    end,
    brood,
  }: { reach: number; roomOf: number; atOnce: number; end: number; brood?: Brood },
): Promise<number> {
  const left = [...points];
  let died = 0;
  const others = Array.from({ length: Math.min(atOnce, left.length) }, async () => {
    while (left.length > 0 && Date.now() < end) {
      const point = left.shift()!;
      await topUp(site, roomOf, 3 * atOnce);
      const fault = { dieAt: { point, reach } };
      const worker = brood ? await site.copiedWorker(brood, fault) : await site.worker(fault);
      const how = await Promise.race([worker.ended, sleep(600_000, 'still runs', { ref: false })]);
      if (how !== 'SIGKILL')
        throw new Error(`A worker that should die at ${point}: ${how}\n${worker.output}`);
      died += 1;
    }
  });
  await Promise.all(others);
  return died;
}

/** A worker takes two jobs and its death holds them up: there is always another room for the next to die of. */
async function topUp(site: Site, roomOf: number, rooms: number): Promise<void> {
  const { waiting = 0, prioritized = 0 } = await site.queue.counts();
  const missing = Math.max(1, rooms - waiting - prioritized);
  await site.award(missing * roomOf, roomOf);
}

/** T-06: the api dies when the award is committed and its job is not queued yet. */
export async function apiKilledBeforeEnqueue(
  site: Site,
  { deaths, people }: { deaths: number; people: number },
): Promise<Outcome> {
  for (let death = 0; death < deaths; death += 1) {
    const learners = await somePeople(site.world, people);
    const api = await site.api({ dieAt: { point: 'before enqueue', reach: 1 } });
    const client = await Client.of(site);
    const answer = await client
      .post(client.session(`K-${death}`, learners), `death-${death}`)
      .catch(() => undefined);
    if (answer) throw new Error(`The api should have died and answered ${answer.status}: ${answer.text}`);
    await api.ended;
  }
  const recorded = await site.promiseRecorded();
  const worker = await site.worker();
  const seconds = await site.drained();
  await worker.stop();
  return await outcomeOf(site, {
    id: 'T-06',
    fault: 'kill -9 of the api between commit and enqueue',
    happened: `${deaths} deaths left ${recorded} awards without a job; the sweep enqueued them`,
    count: recorded,
    measured: [
      { what: 'all were issued after', value: seconds, atMost: secondsAllowed.apiKilled, unit: 's' },
    ],
  });
}

/**
 * T-17: workers are asked to end (a deployment) while a campaign runs, in the middle of a batch: each has signed
 * something and holds more when the signal comes.
 */
export async function drainedDeployment(
  site: Site,
  { awards, restarts, roomOf = 4 }: { awards: number; restarts: number; roomOf?: number },
): Promise<Outcome> {
  let slowest = 0;
  let interrupted = 0;
  let leftActive = 0;
  const signatures = (): Promise<number> => site.count('select count(*) from signature_log');
  for (let restart = 0; restart < restarts; restart += 1) {
    await site.award(Math.ceil(awards / restarts), roomOf);
    const before = await signatures();
    const worker = await site.worker();
    // At its first signature: of many small batches, most are still to come.
    const isSigning = async (): Promise<boolean> => worker.isOver || (await signatures()) > before;
    await eventually(isSigning, (signs) => signs, 600_000);
    const began = performance.now();
    const end = await worker.stop();
    slowest = Math.max(slowest, (performance.now() - began) / 1000);
    if (end !== 'SIGTERM' && end !== 0) throw new Error(`The worker ended with ${end}:\n${worker.output}`);
    // A batch that was cut off would stay here until its lock lapses.
    leftActive += (await site.queue.counts()).active!;
    interrupted += Number((await site.progress()).open! > 0);
  }
  const worker = await site.worker();
  await site.drained(600_000);
  await worker.stop();
  const failed = await site.count('select coalesce(sum(failures), 0) from outbox');
  return await outcomeOf(site, {
    id: 'T-17',
    fault: 'SIGTERM to a worker that is signing, during a campaign',
    happened: `${interrupted} of ${restarts} ended with work left; ${leftActive} batches were cut off, ${failed} jobs failed`,
    count: awards,
    wrong: {
      'no worker was busy': interrupted === 0,
      'batches were cut off': leftActive > 0,
      'jobs failed': failed > 0,
    },
    measured: [
      { what: 'the slowest ended after', value: slowest, atMost: secondsAllowed.drained, unit: 's' },
    ],
  });
}
