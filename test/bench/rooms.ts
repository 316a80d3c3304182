import { setTimeout as sleep } from 'node:timers/promises';
import { IssuanceQueue, planAwards } from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { anIssuanceWorld, origin } from '../support/issuance-world.js';
import { ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign } from '../support/synthetic-campaign.js';
import type { Figure } from './figures.js';

const roomOf = 8;

/**
 * Rooms of eight that arrive each second while a campaign is signed: seconds from the accepted request to the last
 * signed badge of the room.
 */
export async function measureRooms(
  engine: string,
  awards: number,
  redisUrl: string | undefined,
): Promise<Figure[]> {
  const world = await anIssuanceWorld();
  const secrets = serviceSecrets();
  const chosen = queueEngine({ redisUrl, databaseUrl: world.urls.url });
  useQueueEngine(chosen);
  const queue = new IssuanceQueue(world.api, chosen);
  const worker = await ServiceProcess.worker({
    databaseUrl: world.urls.workerUrl,
    origin,
    masterKeyFile: secrets.masterKeyFile,
    redisUrl,
  });
  const planned = async (personIds: string[]): Promise<string[]> => {
    const { outboxIds } = await world.api.transaction((tx) =>
      planAwards(tx, { organisationId: world.structure.id, personIds, origin }),
    );
    await queue.enqueue(outboxIds);
    return outboxIds;
  };
  try {
    const campaign = await aCampaign(world, awards);
    const rooms = await aCampaign(world, 60 * roomOf);
    await worker.ready();
    for (let from = 0; from < campaign.length; from += 1_000)
      await planned(campaign.slice(from, from + 1_000));
    const outboxIds: string[] = [];
    // As long as the campaign runs, and at least five rooms, so that there is something to say.
    for (let at = 0; at < 60; at += 1) {
      if (at >= 5 && !(await isCampaignOpen(world.api))) break;
      outboxIds.push(...(await planned(rooms.slice(at * roomOf, (at + 1) * roomOf))));
      await sleep(1_000);
    }
    while (await isOpen(world.api, outboxIds)) await sleep(50);
    const [row]: [Record<'p50' | 'p95' | 'p99', number>] = await world.api.query(
      `select percentile_cont(0.5) within group (order by seconds) as p50,
              percentile_cont(0.95) within group (order by seconds) as p95,
              percentile_cont(0.99) within group (order by seconds) as p99
       from (select extract(epoch from done_at - created_at) as seconds from outbox where id = any($1)) rooms`,
      [outboxIds],
    );
    return (['p50', 'p95', 'p99'] as const).map((name) => ({
      name: `${engine}: ${outboxIds.length} rooms of eight during ${awards} awards, ${name}`,
      value: Number(row[name]),
      unit: 's',
    }));
  } finally {
    await worker.stop();
    await queue.close();
    await world.close();
    secrets.remove();
  }
}

type Database = { query(sql: string, values?: unknown[]): Promise<{ open: boolean }[]> };

const isCampaignOpen = async (database: Database): Promise<boolean> =>
  (
    await database.query('select exists (select from outbox where done_at is null and priority > 1) as open')
  )[0]!.open;

const isOpen = async (database: Database, outboxIds: string[]): Promise<boolean> =>
  (
    await database.query(
      'select exists (select from outbox where done_at is null and id = any($1)) as open',
      [outboxIds],
    )
  )[0]!.open;
