import { setTimeout as sleep } from 'node:timers/promises';
import { aSession, plan } from '../../support/issuance-world.js';
import { eventually } from '../../support/service-process.js';
import { somePeople } from '../../support/synthetic-campaign.js';
import { nextVersion, nextWords } from '../next-version.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';
import { Client } from './requests.js';

const signed = (site: Site, awardIds: string[]): Promise<number> =>
  site.count(`select count(*) from credential where award_id = any($1) and document_sha256 is not null`, [
    awardIds,
  ]);

/** T-16: the clock of the only worker is two hours off, one way and the other; then one with the right time comes. */
export async function wrongClock(
  site: Site,
  { awards, hours, watchMs }: { awards: number; hours: number[]; watchMs: number },
): Promise<Outcome> {
  const awardIds: string[] = [];
  const wrong: number[] = [];
  for (const hour of hours) {
    awardIds.push(...(await site.award(awards)));
    const worker = await site.worker({ clockShiftMs: hour * 3_600_000 });
    // From when it has looked at its clock: however slow the machine, it could have signed from then on.
    await eventually(
      async () => worker.isOver || worker.output.includes('the clock is wrong'),
      (hasLooked) => hasLooked,
      600_000,
    );
    await sleep(watchMs);
    if (worker.isOver) throw new Error(`The worker ended:\n${worker.output}`);
    wrong.push(await signed(site, awardIds));
    await worker.stop();
  }
  await site.aMinuteLater();
  const worker = await site.worker();
  await site.drained();
  await worker.stop();
  const bySigner = Math.max(...wrong);
  return await outcomeOf(site, {
    id: 'T-16',
    fault: `the worker's clock is off by ${hours.map((hour) => `${hour > 0 ? '+' : ''}${hour} h`).join(' and ')}`,
    happened: `it signed ${bySigner} and refused ${await refused(site, awardIds)}; one with the right clock issued all`,
    count: awardIds.length,
    wrong: { 'signed by a wrong clock': bySigner > 0 },
  });
}

const refused = (site: Site, awardIds: string[]): Promise<number> =>
  site.count(`select count(*) from credential where award_id = any($1) and state = 'refused'`, [awardIds]);

/** What people earn who complete the four workshops: four badges, and the pathway badge that stands on them. */
async function pathways(site: Site, people: number): Promise<string[]> {
  const world = { ...site.world, at: site.origin };
  const learners = await somePeople(world, people);
  for (const workshop of ['CE-1', 'CE-2', 'CE-3', 'CE-4'])
    await aSession(world, { people: learners, workshop });
  const { outboxIds, awardIds } = await plan(world, learners);
  await site.promiseRecorded();
  await site.queue.enqueue(outboxIds);
  return awardIds;
}

/** T-19: the assessor's mandate ends, with effect before the session, while the awards wait. */
export async function mandateRemoved(site: Site, { awards }: { awards: number }): Promise<Outcome> {
  const people = Math.ceil(awards / 10);
  const awardIds = [...(await site.award(awards)), ...(await pathways(site, people))];
  for (const id of awardIds) site.toRefuse.add(id);
  const { rows } = await site.owner.query<{ valid_until: string | null }>(
    `select valid_until::text from membership where person_id = $1 and role = 'assessor'`,
    [site.world.assessorId],
  );
  const setUntil = (until: string | null): Promise<unknown> =>
    site.owner.query(`update membership set valid_until = $2 where person_id = $1 and role = 'assessor'`, [
      site.world.assessorId,
      until,
    ]);
  await setUntil('2026-09-30');
  const worker = await site.worker();
  await site.drained();
  await worker.stop();
  await setUntil(rows[0]!.valid_until);
  const told = await site.count(
    `select count(*) from credential where award_id = any($1) and state = 'refused'
     and refusal ->> 'code' = 'assessor_not_mandated' and refusal #>> '{detail,fr}' like '%mandat%'`,
    [awardIds],
  );
  const fallen = await site.count(
    `select count(*) from credential where award_id = any($1) and state = 'refused' and refusal ->> 'code' = 'badge_missing'`,
    [awardIds],
  );
  return await outcomeOf(site, {
    id: 'T-19',
    fault: "the assessor's mandate is removed between award and signing",
    happened: `${told} of ${awards + 4 * people} refused, with the reason in French and English, and ${fallen} of ${people} pathway badges that stand on them; ${await signed(site, awardIds)} signed`,
    count: awardIds.length,
    wrong: {
      'not all were refused with that reason': told !== awards + 4 * people,
      'not all that stand on them were refused': fallen !== people || awardIds.length !== awards + 5 * people,
    },
  });
}

/** T-20: awards are cancelled one by one while workers sign the others. */
export async function cancelledWhileQueued(site: Site, { awards }: { awards: number }): Promise<Outcome> {
  const awardIds = await site.award(awards, 20);
  const workers = [await site.worker(), await site.worker()];
  const cancelled: string[] = [];
  // In the middle of it, so that some are cancelled while their batch is being signed.
  await eventually(
    () => site.queue.counts(),
    (counts) => counts.active! > 0,
    300_000,
  );
  for (const id of awardIds.filter((_, i) => i % 2 === 0).reverse()) {
    const { rowCount } = await site.owner.query(
      `update award set state = 'cancelled' where id = $1 and state = 'planned'`,
      [id],
    );
    if (rowCount !== 1) continue;
    cancelled.push(id);
    site.takenBack.add(id);
  }
  await site.drained();
  await Promise.all(workers.map((worker) => worker.stop()));
  return await outcomeOf(site, {
    id: 'T-20',
    fault: 'awards cancelled while they wait to be signed',
    happened: `${cancelled.length} were cancelled before their signature; ${await signed(site, cancelled)} of them signed`,
    count: cancelled.length,
    wrong: {
      'nothing was cancelled in time': cancelled.length === 0,
      'cancelled and signed': (await signed(site, cancelled)) > 0,
    },
  });
}

/**
 * T-20: a worker has re-checked and signed a batch and stands still before it stores it; meanwhile half of that batch
 * and all that waits behind it are cancelled.
 */
export async function cancelledWhileAnotherRuns(
  site: Site,
  { awards }: { awards: number },
): Promise<Outcome> {
  const held = await site.award(awards / 2, awards / 4);
  const worker = await site.stalled({ point: 'signed', reach: 1 });
  const waiting = await site.award(awards / 2, 20);
  const chosen = [...held.filter((_, i) => i % 2 === 0), ...waiting];
  const { rows } = await site.owner.query<{ id: string }>(
    `update award set state = 'cancelled' where id = any($1) and state = 'planned' returning id`,
    [chosen],
  );
  const cancelled = rows.map(({ id }) => id);
  for (const id of cancelled) site.takenBack.add(id);
  site.wake();
  await site.drained();
  await worker.stop();
  const inHand = cancelled.filter((id) => held.includes(id)).length;
  const signedOnes = await signed(site, cancelled);
  return await outcomeOf(site, {
    id: 'T-20',
    fault: 'awards cancelled while their batch is signed but not stored, or waits behind it',
    happened: `${inHand} were cancelled in the worker's hand and ${cancelled.length - inHand} behind it; ${signedOnes} of them signed`,
    count: cancelled.length,
    wrong: {
      'not all were cancelled in time': cancelled.length !== chosen.length,
      'cancelled and signed': signedOnes > 0,
    },
  });
}

/** T-18: this version and the next one plan and sign side by side. */
export async function rollingUpdate(site: Site, { sessions }: { sessions: number }): Promise<Outcome> {
  const next = nextVersion();
  try {
    const quiet = { INSIGNE_LOG_LEVEL: 'info' };
    const versions = [undefined, next.root];
    for (const [version, root] of versions.entries()) {
      const api = await site.api(undefined, {}, root);
      const client = await Client.of(site);
      for (let i = 0; i < sessions; i += 1) {
        const people = await somePeople(site.world, 4);
        const { status, text } = await client.post(client.session(`V${version}-${i}`, people));
        if (status !== 201) throw new Error(`${status} ${text}`);
      }
      await api.stop();
    }
    const workers = await Promise.all(versions.map((root) => site.worker(undefined, quiet, root)));
    const recorded = await site.promiseRecorded();
    await site.drained();
    await Promise.all(workers.map((worker) => worker.stop()));
    const ofNext = await site.count(
      `select count(*) from credential c where state = 'signed' and signed_document(c) like '%' || $1 || '%'`,
      [nextWords],
    );
    const batches = workers.map(({ output }) => output.match(/batch signed/g)?.length ?? 0);
    return await outcomeOf(site, {
      id: 'T-18',
      fault: 'two versions of api and worker side by side during a rolling update',
      happened: `${recorded - ofNext} credentials planned by this version and ${ofNext} by the next, signed as planned, in ${batches[0]} and ${batches[1]} batches`,
      count: recorded,
    });
  } finally {
    next.remove();
  }
}
