import { setTimeout as sleep } from 'node:timers/promises';
import {
  BadgeReader,
  IssuanceQueue,
  PublishBadge,
  planAwards,
  ReissueCredentials,
  ReportCompromise,
} from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { PublicKeys } from '#signing';
import { verifyCredential } from '#verification';
import { OwnFetcher } from '../../apps/api/src/public/own-fetcher.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign } from '../support/synthetic-campaign.js';
import { type Figure, timed } from './figures.js';

const requestOf = 1_000;
const sampleOf = 100;
const roomOf = 24;

/**
 * All badges of an organisation, issued again after their keys were stolen: planned, signed twice with new keys,
 * verified, stored in the place of the old ones, by one worker process, at the addresses they had. Checks afterwards
 * that none was lost, doubled or moved, and verifies a sample of them.
 * @throws Error when a badge was lost, doubled or moved, or is not authentic
 */
export async function measureReissue(
  awards: number,
  redisUrl: string | undefined,
  tell: (words: string) => void,
): Promise<Figure[]> {
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
  const done = async (): Promise<void> => {
    while (await isOpen(world)) {
      if (worker.isOver) throw new Error(`The worker ended:\n${worker.output}`);
      await sleep(20);
    }
  };
  const seconds = async (work: () => Promise<void>): Promise<number> => (await timed(work)) / 1_000;
  const organisationId = world.structure.id;
  try {
    const firstRoom = await aCampaign(world, roomOf);
    const people = await aCampaign(world, awards);
    await world.api.query('analyze');
    await worker.ready();
    const awardIds: string[] = [];
    const issue = async (personIds: string[]): Promise<void> => {
      const planned = await world.api.transaction((tx) =>
        planAwards(tx, { organisationId, personIds, origin }),
      );
      awardIds.push(...planned.awardIds);
      await queue.enqueue(planned.outboxIds);
    };
    // Keys are made and opened, and templates filled, before anything counts.
    await issue(firstRoom);
    await done();
    tell(`${awards} awards, issued for the first time`);
    const first = await seconds(async () => {
      for (let from = 0; from < awards; from += requestOf) await issue(people.slice(from, from + requestOf));
      await done();
    });
    for (const awardId of awardIds.slice(0, sampleOf))
      await new PublishBadge(world.api).publish(awardId, { withName: false, by: 'bench' });
    tell(`in ${first.toFixed(1)} s`);
    const before = await addresses(world);
    const keyIds = Object.values(await new PublicKeys(world.api).active(organisationId)).map(({ id }) => id);
    const theft = { organisationId, keyIds, since: new Date(0), by: 'bench' };
    tell('the theft is told, then recorded');
    const dryRun = await seconds(async () => {
      await new ReportCompromise(world.worker).run({ ...theft, isDryRun: true });
    });
    const report = await seconds(async () => {
      await new ReportCompromise(world.worker).run(theft);
    });
    tell(`${awards} badges, issued again`);
    let planning = 0;
    const again = await seconds(async () => {
      planning = await seconds(async () => {
        const request = { organisationId, origin, all: false, by: 'bench' };
        await queue.enqueue((await new ReissueCredentials(world.api).run(request)).outboxIds);
      });
      await done();
    });
    tell(`in ${again.toFixed(1)} s; each is looked at`);
    await assertMoved(world, keyIds, before);
    await assertAuthentic(world);
    const figure = (name: string, value: number, unit: string): Figure => ({
      name: `${redisUrl ? 'queue on Redis' : 'queue on PostgreSQL'}: ${name}`,
      value,
      unit,
    });
    return [
      { ...figure('issued for the first time', awards / first, 'awards/s') },
      {
        ...figure('issued again', before.size / again, 'awards/s'),
        ratio: before.size / again / (awards / first),
        to: 'issuing for the first time',
      },
      figure(`${before.size} badges issued again, total`, again, 's'),
      figure('of that, planning and enqueueing', planning, 's'),
      figure('report of the theft, dry run', dryRun, 's'),
      figure('report of the theft', report, 's'),
    ];
  } finally {
    await worker.stop();
    await queue.close();
    await world.close();
    secrets.remove();
  }
}

const isOpen = async (world: IssuanceWorld): Promise<boolean> => {
  const [{ open }]: [{ open: boolean }] = await world.api.query(
    'select exists (select from outbox where done_at is null) as open',
  );
  return open;
};

/** Award to public address, and whether it is shown there. */
async function addresses(world: IssuanceWorld): Promise<Map<string, string>> {
  const rows: { award_id: string; place: string }[] = await world.api.query(
    `select c.award_id, c.public_id || case when p.credential_id is null then '' else ' shown' end as place
     from credential c left join publication p on p.credential_id = c.id where c.state = 'signed'`,
  );
  return new Map(rows.map(({ award_id, place }) => [award_id, place]));
}

async function assertMoved(
  world: IssuanceWorld,
  stolen: string[],
  before: Map<string, string>,
): Promise<void> {
  const after = await addresses(world);
  const moved = [...before].filter(([awardId, place]) => after.get(awardId) !== place);
  const [counts]: [Record<string, number>] = await world.api.query(
    `select count(*) filter (where c.state = 'signed')::int as signed,
            count(*) filter (where c.state = 'superseded' and e.state = 'revoked')::int as superseded,
            count(*) filter (where c.state = 'signed' and c.ed25519_key_id = any($1))::int as stolen,
            count(*) filter (where c.state not in ('signed', 'superseded'))::int as other
     from credential c join status_entry e on e.credential_id = c.id`,
    [stolen],
  );
  const wanted = { signed: before.size, superseded: before.size, stolen: 0, other: 0 };
  if (moved.length > 0 || JSON.stringify(counts) !== JSON.stringify(wanted))
    throw new Error(`${moved.length} badges have moved; ${JSON.stringify(counts)}`);
}

async function assertAuthentic(world: IssuanceWorld): Promise<void> {
  const fetcher = new OwnFetcher(origin, world.api, new PublicKeys(world.api), new BadgeReader(world.api));
  const rows: { document: string }[] = await world.api.query(
    `select signed_document(c) as document from credential c where state = 'signed' order by random() limit ${sampleOf}`,
  );
  for (const { document } of rows) {
    const { verdict } = await verifyCredential(document, { fetcher, now: new Date(), origin });
    if (verdict !== 'authentic') throw new Error(`A badge issued again is ${verdict}`);
  }
}
