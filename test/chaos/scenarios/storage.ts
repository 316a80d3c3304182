import { setTimeout as sleep } from 'node:timers/promises';
import { PublishBadge } from '#badges';
import { eventually } from '../../support/service-process.js';
import { somePeople } from '../../support/synthetic-campaign.js';
import { secondsAllowed } from '../limits.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { OwnPostgres } from '../own-services.js';
import { readSignings } from '../signings.js';
import type { Site } from '../site.js';
import { Client } from './requests.js';

/** T-04: the update that stores signatures fails for one batch in five (after Boulder's test). */
export async function failingStore(site: Site, { awards }: { awards: number }): Promise<Outcome> {
  await site.owner.query(`
    create sequence store_attempt;
    create sequence planted_fault;
    create function fail_one_in_five() returns trigger language plpgsql security definer as $$ begin
      if exists (select from stored where state = 'signed') and nextval('store_attempt') % 5 = 0 then
        perform nextval('planted_fault');
        raise exception 'planted fault';
      end if;
      return null; end $$;
    create trigger fail_one_in_five after update on credential referencing new table as stored
      for each statement execute function fail_one_in_five()`);
  await site.award(awards, 4);
  const worker = await site.worker();
  await site.drained();
  await worker.stop();
  const faults = await site.count('select last_value from planted_fault where is_called');
  await site.owner.query('drop trigger fail_one_in_five on credential; drop function fail_one_in_five');
  await site.owner.query('drop sequence store_attempt; drop sequence planted_fault');
  const { signedAgain, same } = await readSignings(site);
  return await outcomeOf(site, {
    id: 'T-04',
    fault: 'a trigger makes the update that stores signatures fail for one batch in five',
    happened: `${faults} updates failed; ${signedAgain} awards were signed again, ${same} of them to the bytes of the first time, and stored`,
    count: awards,
  });
}

/** T-13: PostgreSQL stops at once, without finishing anything, and comes back, under load. */
export async function restartedPostgres(
  site: Site,
  postgres: OwnPostgres,
  {
    restarts,
    betweenMs,
    roomOf = 4,
    tell,
  }: { restarts: number; betweenMs: number; roomOf?: number; tell?(words: string): void },
): Promise<Outcome> {
  // One that is still starting when its database goes away ends, as it should, and nobody would sign.
  let worker = await (await site.worker()).ready();
  let deaths = 0;
  let isOver = false;
  let refusals = 0;
  const load = (async () => {
    while (!isOver) {
      await site.award(roomOf, roomOf).catch(() => {
        refusals += 1;
        return sleep(100);
      });
      await sleep((1000 * roomOf) / 100);
    }
  })();
  const after: number[] = [];
  for (let restart = 0; restart < restarts; restart += 1) {
    await sleep(betweenMs);
    await postgres.kill();
    await postgres.start();
    const began = performance.now();
    const signatures = (): Promise<number> =>
      site.count('select count(*) from signature_log').catch(() => Number.NaN);
    const before = await eventually(signatures, Number.isFinite);
    const now = async (): Promise<number> => {
      if (worker.isOver) {
        deaths += 1;
        worker = await site.worker();
      }
      return signatures();
    };
    await eventually(now, (number) => number > before, 300_000);
    after.push((performance.now() - began) / 1000);
    tell?.(`T-13: ${restart + 1} of ${restarts}, signing went on after ${after.at(-1)!.toFixed(1)} s`);
  }
  isOver = true;
  await load;
  const recorded = await site.promiseRecorded();
  const survived = deaths === 0 && !worker.isOver;
  if (worker.isOver) await site.worker();
  await site.drained();
  await site.killAll();
  return await outcomeOf(site, {
    id: 'T-13',
    fault: 'PostgreSQL stopped with `immediate` and started again under load',
    happened: `${restarts} restarts, ${refusals} requests refused meanwhile; the worker ${
      survived ? 'stayed' : 'ended and was started again'
    }`,
    count: recorded,
    measured: [
      {
        what: 'signing went on after',
        value: Math.max(...after),
        atMost: secondsAllowed.postgresRestarted,
        unit: 's',
      },
    ],
  });
}

/** T-15: nothing can be written, because the database is read-only or its disk is full. */
export async function nothingCanBeWritten(site: Site, { requests }: { requests: number }): Promise<Outcome> {
  const [shown] = await site.award(1);
  await site.api();
  await site.worker();
  await site.drained();
  const address = await publish(site, shown!);
  const client = await Client.of(site);
  const people = await somePeople(site.world, 4 * requests);
  const bodies = Array.from({ length: requests }, (_, i) =>
    client.session(`F-${i}`, people.slice(4 * i, 4 * i + 4)),
  );
  const before = await site.count('select count(*) from award');
  const seen: number[] = [];
  const pages: number[] = [];
  for (const fault of [readOnly(site), fullDisk(site)]) {
    await fault.begin();
    // The fault cuts every connection; whoever asks in that very moment meets the cut and not the fault.
    await eventually(
      () => fetch(address),
      ({ status }) => status === 200,
    );
    for (const [i, body] of bodies.entries()) {
      seen.push((await client.post(body, `full-${i}`)).status);
      pages.push((await fetch(address)).status, (await fetch(`${site.origin}/health`)).status);
    }
    await fault.end();
  }
  const written = (await site.count('select count(*) from award')) - before;
  for (const [i, body] of bodies.entries()) {
    const answer = await eventually(
      () => client.post(body, `full-${i}`),
      ({ status }) => status === 201,
    );
    for (const id of (JSON.parse(answer.text) as { awards: { awardIds: string[] } }).awards.awardIds)
      site.promised.add(id);
  }
  await site.aMinuteLater();
  await site.drained();
  await site.killAll();
  const number = (list: number[], status: number): number => list.filter((one) => one === status).length;
  return await outcomeOf(site, {
    id: 'T-15',
    fault: 'database read-only, then disk full',
    happened: `${number(seen, 503)} of ${seen.length} requests answered 503, ${written} rows written, the badge's page answered ${number(pages, 200)} of ${pages.length} times; the same requests succeeded afterwards`,
    count: seen.length,
  });
}

async function publish(site: Site, awardId: string): Promise<string> {
  const publish = new PublishBadge(site.world.api);
  return `${site.origin}/b/${await publish.publish(awardId, { withName: false, by: 'chaos' })}`;
}

interface WriteFault {
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Every connection of the service is made anew and may only read. */
function readOnly(site: Site): WriteFault {
  const set = async (value: string): Promise<void> => {
    const { rows } = await site.owner.query<{ name: string }>('select current_database() as name');
    for (const role of ['insigne_api', 'insigne_worker'])
      await site.owner.query(
        `alter role ${role} in database ${rows[0]!.name} set default_transaction_read_only = ${value}`,
      );
    await site.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and usename in ('insigne_api', 'insigne_worker')`,
    );
  };
  return { begin: () => set('on'), end: () => set('off') };
}

/** What PostgreSQL says when a table cannot grow (SQLSTATE 53100). */
function fullDisk(site: Site): WriteFault {
  const tables = ['session', 'award', 'credential', 'outbox', 'http_idempotency'];
  return {
    begin: () =>
      site.owner.query(`
        create function no_space() returns trigger language plpgsql as $$ begin
          raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
        ${tables.map((table) => `create trigger no_space before insert or update on ${table} execute function no_space();`).join('\n')}`),
    end: () =>
      site.owner.query(
        `${tables.map((table) => `drop trigger no_space on ${table};`).join('\n')} drop function no_space()`,
      ),
  };
}
