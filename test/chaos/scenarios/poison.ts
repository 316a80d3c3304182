import { OperationsReader, RetryIssuance } from '#badges';
import { eventually } from '../../support/service-process.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';

/** T-12: one job of many can never be stored; it becomes a dead letter, the others are signed, and a retry heals it. */
export async function poisonedJob(site: Site, { jobs }: { jobs: number }): Promise<Outcome> {
  await site.owner.query(`
    create table poison (credential_id uuid);
    grant select on poison to insigne_worker;
    create function refuse_poison() returns trigger language plpgsql as $$ begin
      if exists (select from poison where credential_id = new.id) then raise exception 'poison'; end if;
      return new; end $$;
    create trigger refuse_poison before update on credential for each row when (new.state = 'signed')
      execute function refuse_poison()`);
  const { awardIds, outboxIds } = await site.plan(jobs, 1);
  const { rows } = await site.owner.query<{ outbox_id: string }>(
    `with chosen as (insert into poison select id from credential where award_id = $1 returning credential_id)
     select outbox_id from credential where id in (select credential_id from chosen)`,
    [awardIds[Math.floor(jobs / 10)]],
  );
  const poisoned = rows[0]!.outbox_id;
  await site.queue.enqueue(outboxIds);
  const worker = await site.worker();
  const open = (): Promise<number> =>
    site.count('select count(*) from outbox where done_at is null and failed_at is null');
  await eventually(open, (number) => number === 0, 900_000);
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
