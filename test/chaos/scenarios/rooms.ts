import { planAwards } from '#badges';
import { anotherStructure, type IssuanceWorld } from '../../support/issuance-world.js';
import { eventually } from '../../support/service-process.js';
import { aCampaign } from '../../support/synthetic-campaign.js';
import { type Measured, secondsAllowed } from '../limits.js';
import { type Outcome, outcomeOf } from '../outcome.js';
import type { Site } from '../site.js';

const roomOf = 8;

// Some two minutes of one processor for 250 structures; other programs may want it too.
const keysWithinMs = 1_800_000;

/**
 * T-21: many structures end a workshop at the same moment, each with a room of eight, twice: first those that were
 * registered beforehand and never issued, so that their keys are ready and their status list is made then, and again.
 * One worker signs.
 */
export async function roomsAtOnce(site: Site, { structures }: { structures: number }): Promise<Outcome> {
  const worlds: IssuanceWorld[] = [];
  for (let number = 1; number <= structures; number += 1)
    worlds.push(await anotherStructure(site.world, `structure-${number}`));
  await (await site.worker()).ready();
  const seconds = await keysMade(site);
  const measured = [
    ...(await burst(site, worlds, 'first badges')),
    ...(await burst(site, worlds, 'later ones')),
  ];
  await site.killAll();
  const [first, last] = ['first badges', 'later ones'].map(
    (words) => measured.find(({ what }) => what === `${words}: the last`)!.value,
  );
  return await outcomeOf(site, {
    id: 'T-21',
    fault: `${structures} structures with a room of eight each at the same moment`,
    happened: `keys made ahead within ${seconds.toFixed(0)} s; the last of ${structures * roomOf} first badges signed ${first!.toFixed(1)} s after its request, the last of as many later ones ${last!.toFixed(1)} s`,
    count: 2 * structures * roomOf,
    wrong: {
      'a badge waited for a key':
        (await site.count(
          `select count(*) from audit_event where action = 'key.created' and at > (select min(created_at) from outbox)`,
        )) > 0,
      'not every badge was signed':
        (await site.count(`select count(*) from credential where state = 'signed'`)) !==
        2 * structures * roomOf,
    },
    measured,
  });
}

/** Waits until the worker has made every key ahead. @returns the seconds it took */
async function keysMade(site: Site): Promise<number> {
  const began = performance.now();
  const lacking = (): Promise<number> =>
    site.count(`select count(*) from organisation o where kind = 'structure'
                and (select count(*) from signing_key k where k.issuer_id = o.id) < 2`);
  await eventually(lacking, (left) => left === 0, keysWithinMs);
  return (performance.now() - began) / 1000;
}

/** Seconds from the accepted request of a room to its stored signatures. */
async function burst(site: Site, worlds: IssuanceWorld[], words: string): Promise<Measured[]> {
  const people: string[][] = [];
  for (const world of worlds) people.push(await aCampaign(world, roomOf));
  const outboxIds = (
    await Promise.all(worlds.map((world, place) => planned(site, world, people[place]!)))
  ).flat();
  await site.drained();
  const { rows } = await site.owner.query<Record<'p50' | 'p95' | 'p99' | 'last', string>>(
    `select percentile_cont(0.5) within group (order by seconds) as p50,
            percentile_cont(0.95) within group (order by seconds) as p95,
            percentile_cont(0.99) within group (order by seconds) as p99, max(seconds) as last
     from (select extract(epoch from done_at - created_at)::float8 as seconds from outbox where id = any($1)) rooms`,
    [outboxIds],
  );
  const limits = { p50: secondsAllowed.roomP95, p95: secondsAllowed.roomP95, p99: secondsAllowed.roomP99 };
  const value = (name: 'p50' | 'p95' | 'p99' | 'last'): number => Number(rows[0]![name]);
  return [
    ...(['p50', 'p95', 'p99'] as const).map(
      (name): Measured => ({
        what: `${words}: ${name}`,
        value: value(name),
        atMost: limits[name],
        unit: 's',
      }),
    ),
    { what: `${words}: the last`, value: value('last'), atMost: secondsAllowed.roomP99, unit: 's' },
  ];
}

async function planned(site: Site, world: IssuanceWorld, personIds: string[]): Promise<string[]> {
  const { awardIds, outboxIds } = await world.api.transaction((tx) =>
    planAwards(tx, { organisationId: world.structure.id, personIds, origin: site.origin }),
  );
  for (const id of awardIds) site.promised.add(id);
  await site.queue.enqueue(outboxIds);
  return outboxIds;
}
