import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/service-process.js';
import { somePeople } from '../../support/synthetic-campaign.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';
import { Client } from './requests.js';

/** T-05: a worker that kills itself at a named point, again and again; then one that works. */
export async function workerKilledAtPoints(
  site: Site,
  { points, kills, roomOf = 4 }: { points: string[]; kills: number; roomOf?: number },
): Promise<Outcome> {
  let died = 0;
  for (let round = 0; round < kills; round += 1)
    for (const point of points) {
      await site.award(roomOf, roomOf);
      const worker = await site.worker({ dieAt: { point, reach: 1 } });
      const end = await Promise.race([worker.ended, sleep(180_000, 'still runs', { ref: false })]);
      if (end !== 'SIGKILL')
        throw new Error(`A worker that should die at ${point}: ${end}\n${worker.output}`);
      died += 1;
    }
  const worker = await site.worker();
  const seconds = await site.drained(150_000);
  await worker.stop();
  return await outcomeOf(site, {
    id: 'T-05',
    fault: `kill -9 of the worker at ${points.length} named points, ${kills} times each`,
    happened: `${died} workers died; the next one had issued everything ${seconds.toFixed(0)} s after its start`,
    count: died,
  });
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
  const seconds = await site.drained(150_000);
  await worker.stop();
  return await outcomeOf(site, {
    id: 'T-06',
    fault: 'kill -9 of the api between commit and enqueue',
    happened: `${deaths} deaths left ${recorded} awards without a job; the sweep had them issued ${seconds.toFixed(0)} s later`,
    count: recorded,
  });
}

/** T-17: workers are asked to end (a deployment) while a campaign runs. */
export async function drainedDeployment(
  site: Site,
  { awards, restarts }: { awards: number; restarts: number },
): Promise<Outcome> {
  await site.award(awards);
  let slowest = 0;
  let interrupted = 0;
  for (let restart = 0; restart < restarts; restart += 1) {
    const worker = await site.worker();
    await eventually(
      () => site.queue.counts(),
      (counts) => counts.active! > 0 || worker.isOver,
      60_000,
    );
    const began = performance.now();
    const end = await worker.stop();
    slowest = Math.max(slowest, (performance.now() - began) / 1000);
    if (end !== 'SIGTERM' && end !== 0) throw new Error(`The worker ended with ${end}:\n${worker.output}`);
    interrupted += Number((await site.progress()).open! > 0);
  }
  const worker = await site.worker();
  await site.drained();
  await worker.stop();
  const failed = await site.count('select coalesce(sum(failures), 0) from outbox');
  return await outcomeOf(site, {
    id: 'T-17',
    fault: 'SIGTERM to the worker during a campaign',
    happened: `${interrupted} of ${restarts} ended in the middle of it, the slowest after ${slowest.toFixed(1)} s; ${failed} jobs failed`,
    count: awards,
  });
}
