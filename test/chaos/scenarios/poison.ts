import { readFileSync } from 'node:fs';
import { OperationsReader, RetryIssuance } from '#badges';
import { eventually, type ServiceProcess } from '../../support/service-process.js';
import { delayAllowedPercent, medianSurplus } from '../limits.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';

/** Lets no credential be stored that stands in the table `poison`. */
async function prepare(site: Site): Promise<void> {
  await site.owner.query(`
    create table poison (credential_id uuid);
    grant select on poison to insigne_worker;
    create function refuse_poison() returns trigger language plpgsql as $$ begin
      if exists (select from poison where credential_id = new.id) then raise exception 'poison'; end if;
      return new; end $$;
    create trigger refuse_poison before update on credential for each row when (new.state = 'signed')
      execute function refuse_poison()`);
}

/** @returns the award's outbox row */
async function poison(site: Site, awardId: string): Promise<string> {
  const { rows } = await site.owner.query<{ outbox_id: string }>(
    `with chosen as (insert into poison select id from credential where award_id = $1 returning credential_id)
     select outbox_id from credential where id in (select credential_id from chosen)`,
    [awardId],
  );
  return rows[0]!.outbox_id;
}

const open = (site: Site): Promise<number> =>
  site.count('select count(*) from outbox where done_at is null and failed_at is null');

/** T-12: one job of many can never be stored; it becomes a dead letter, the others are signed, and a retry heals it. */
export async function poisonedJob(site: Site, { jobs }: { jobs: number }): Promise<Outcome> {
  await prepare(site);
  const { awardIds, outboxIds } = await site.plan(jobs, 1);
  const poisoned = await poison(site, awardIds[Math.floor(jobs / 10)]!);
  await site.queue.enqueue(outboxIds);
  const worker = await site.worker();
  await eventually(
    () => open(site),
    (number) => number === 0,
    900_000,
  );
  const signed = await site.count('select count(*) from signature_log');
  const letter = await new OperationsReader(site.world.api).letter(poisoned);
  // Signed after the poison had failed for good: the queue did not wait for it.
  const waitedFor = await site.count(
    `select count(*) from credential where signed_at > (select failed_at from outbox where id = $1)`,
    [poisoned],
  );
  await site.owner.query('delete from poison');
  await new RetryIssuance(site.world.api, site.queue).run({ ids: [poisoned] }, 'cli');
  await site.drained();
  await worker.stop();
  const isTold = Boolean(letter?.detail.fr && letter.detail.en);
  return await outcomeOf(site, {
    id: 'T-12',
    fault: `one job of ${jobs} that can never be stored`,
    happened: `a dead letter after ${letter?.attempts} attempts, told in French and English; ${signed} others signed, ${waitedFor} of them after it had failed for good; signed after the cause was mended and it was put back`,
    count: jobs,
    wrong: {
      'not five attempts': letter?.attempts !== 5,
      'no reason in French and English': !isTold,
      'others were not signed': signed !== jobs - 1,
    },
  });
}

interface Delay {
  jobs: number;
  /** Pairs of runs, one with and one without poison, each pair the other way round than the one before. */
  rounds: number;
  tell?(words: string): void;
}

/** What it takes until all but the poisonous one are signed. */
interface Taken {
  /** From the enqueueing to the last, by the database's clock. */
  seconds: number;
  /** The same to each, on average. */
  average: number;
  /** Processor time of the worker meanwhile. */
  processor: number;
}

/**
 * T-12: by how much one poisonous job delays the others: the same number of jobs with it and without, side by side, by
 * one worker that is warm.
 */
export async function delayByPoison(site: Site, { jobs, rounds, tell }: Delay): Promise<Outcome> {
  await prepare(site);
  const worker = await site.worker();
  await timedRun(site, worker, jobs, false);
  const pairs: [Taken, Taken][] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await timedRun(site, worker, jobs, round % 2 === 0);
    const second = await timedRun(site, worker, jobs, round % 2 !== 0);
    const [having, lacking] = round % 2 === 0 ? [first, second] : [second, first];
    pairs.push([having, lacking]);
    tell?.(
      `T-12 on ${site.engine}: ${having.seconds.toFixed(2)} s with, ${lacking.seconds.toFixed(2)} s without (processor ${having.processor.toFixed(2)} and ${lacking.processor.toFixed(2)} s)`,
    );
  }
  await site.owner.query('delete from poison');
  await new RetryIssuance(site.world.api, site.queue).run('all', 'cli');
  await site.drained();
  await worker.stop();
  const surplus = (of: keyof Taken): number =>
    medianSurplus(pairs.map(([having, lacking]) => [having[of], lacking[of]]));
  const percent = (of: keyof Taken): string => `${surplus(of).toFixed(1)} %`;
  const middle = (of: 0 | 1): string =>
    pairs
      .map((pair) => pair[of].seconds)
      .sort((a, b) => a - b)
      [Math.floor(rounds / 2)]!.toFixed(1);
  return await outcomeOf(site, {
    id: 'T-12',
    fault: `one job of ${jobs} that can never be stored, beside the same without it, ${rounds} times each`,
    happened: `the last of the others signed after ${middle(0)} s with it and ${middle(1)} s without; on average each ${percent('average')} later, for ${percent('processor')} more of the worker's processor time`,
    count: jobs,
    measured: [
      {
        what: 'the others were delayed by',
        value: surplus('seconds'),
        atMost: delayAllowedPercent,
        unit: '%',
      },
    ],
  });
}

async function timedRun(
  site: Site,
  worker: ServiceProcess,
  jobs: number,
  withPoison: boolean,
): Promise<Taken> {
  const { awardIds, outboxIds: batches } = await site.plan(jobs, 100);
  const outboxIds = await inRowsOfTheirOwn(site, batches);
  const chosen = awardIds[Math.floor(jobs / 10)]!;
  if (withPoison) await poison(site, chosen);
  const others = awardIds.filter((id) => id !== chosen);
  const { rows } = await site.owner.query<{ now: string }>('select clock_timestamp()::text as now');
  const before = processorSeconds(worker);
  await site.queue.enqueue(outboxIds);
  await eventually(
    () =>
      site.count(`select count(*) from credential where state = 'planned' and award_id = any($1)`, [others]),
    (number) => number === 0,
    900_000,
  );
  const processor = processorSeconds(worker) - before;
  const times = await site.owner.query<{ last: number; average: number }>(
    `select extract(epoch from max(signed_at) - $2::timestamptz)::float as last,
            extract(epoch from avg(signed_at - $2::timestamptz))::float as average
     from credential where award_id = any($1)`,
    [others, rows[0]!.now],
  );
  // The next run begins when this one is over, the last try of the poisonous one included.
  await eventually(
    () => open(site),
    (number) => number === 0,
    300_000,
  );
  const { last, average } = times.rows[0]!;
  return { seconds: last, average, processor };
}

/** A job for each award, as rooms of one: planned a hundred at once, which is sooner done. */
async function inRowsOfTheirOwn(site: Site, outboxIds: string[]): Promise<string[]> {
  const { rows } = await site.owner.query<{ id: string }>(
    `insert into outbox (id, topic, organisation_id, priority) select id, 'sign', organisation_id, 1
     from credential where outbox_id = any($1) order by id returning id`,
    [outboxIds],
  );
  await site.owner.query('update credential set outbox_id = id where outbox_id = any($1)', [outboxIds]);
  await site.owner.query('delete from outbox where id = any($1)', [outboxIds]);
  return rows.map(({ id }) => id);
}

/** Processor time that a process has used so far; NaN where the system does not tell it as Linux does. */
function processorSeconds({ child }: ServiceProcess): number {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    // utime and stime, in hundredths of a second.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}
