import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BadgeReader, IssuanceQueue } from '#badges';
import { queueEngine, useQueueEngine } from '#platform';
import { PublicKeys } from '#signing';
import { verifyCredential } from '#verification';
import { OwnFetcher } from '../../apps/api/src/public/own-fetcher.js';
import { readWorkerConfig } from '../../apps/worker/src/config.js';
import { anIssuanceWorld, type IssuanceWorld, origin, plan } from '../support/issuance-world.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign, progressOf } from '../support/synthetic-campaign.js';

const roomOf = 8;
const rotationsWanted = 3;

interface Signed {
  key: string;
  document: string;
  jwt: string;
}

describe('the rotation by a running worker', () => {
  let world: IssuanceWorld;
  let queue: IssuanceQueue;
  const secrets = serviceSecrets();
  const workers: ServiceProcess[] = [];
  beforeAll(async () => {
    world = await anIssuanceWorld();
    const engine = queueEngine({ databaseUrl: world.urls.url });
    useQueueEngine(engine);
    queue = new IssuanceQueue(world.api, engine);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    await queue?.close();
    await world?.close();
    secrets.remove();
  });

  const startWorker = async (days: string): Promise<ServiceProcess> => {
    const worker = await ServiceProcess.worker({
      databaseUrl: world.urls.workerUrl,
      origin,
      masterKeyFile: secrets.masterKeyFile,
      environment: {
        INSIGNE_KEY_ROTATION_DAYS: days,
        INSIGNE_LOG_LEVEL: 'info',
        INSIGNE_ARCHIVE_FOLDER: join(secrets.masterKeyFile, '..', `archive ${workers.length}`),
      },
    });
    workers.push(worker);
    return worker.ready();
  };
  const settled = (): Promise<unknown> =>
    eventually(
      () => progressOf(world),
      (progress) => (progress.planned ?? 0) === 0 && progress.open === 0,
      120_000,
    );
  const aRoom = async (): Promise<void> => {
    const { outboxIds } = await plan(world, await aCampaign(world, roomOf));
    await queue.enqueue(outboxIds);
  };
  const signed = (): Promise<Signed[]> =>
    world.api.query(
      `select ed25519_key_id as key, signed_document(credential) as document, signed_jwt(credential) as jwt from credential where state = 'signed' order by signed_at, id`,
    );

  it('leaves no moment without a key: what is signed all along is authentic, before and after', async () => {
    const first = await startWorker('365');
    await aRoom();
    await settled();
    await first.stop();
    const old = await signed();
    // Some nine seconds: each of two workers looks often, and one of them replaces a key that old.
    const pair = await Promise.all([startWorker('0.0001'), startWorker('0.0001')]);
    const keysUsed = async (): Promise<number> => new Set((await signed()).map(({ key }) => key)).size;
    let rooms = 1;
    for (const end = Date.now() + 400_000; (await keysUsed()) <= rotationsWanted && Date.now() < end; ) {
      await aRoom();
      rooms += 1;
      await sleep(250);
    }
    await settled();
    for (const worker of pair) await worker.stop();
    const badges = await signed();
    expect(badges).toHaveLength(rooms * roomOf);
    expect(await keysUsed()).toBeGreaterThan(rotationsWanted);
    expect(badges.slice(0, roomOf)).toEqual(old);
    // Keys follow one another: none comes back once its successor signs, but for what was planned with it.
    const [counts]: [{ refused: number; active: number; kept: number }] = await world.worker.query(
      `select (select count(*)::int from credential where state <> 'signed') as refused,
              (select count(*)::int from signing_key where retired_at is null) as active,
              (select count(*)::int from signing_key where retired_at is not null) as kept`,
    );
    expect(counts).toMatchObject({ refused: 0, active: 2 });
    expect(counts.kept).toBeGreaterThan(rotationsWanted);
    const events: { subject: { retired: string } }[] = await world.worker.query(
      "select subject from audit_event where action = 'key.rotated'",
    );
    // Two workers that look at the same moment replace a key once.
    expect(new Set(events.map(({ subject }) => subject.retired)).size).toBe(events.length);
    expect(events).toHaveLength(counts.kept);
    const fetcher = new OwnFetcher(origin, world.api, new PublicKeys(world.api), new BadgeReader(world.api));
    for (const key of new Set(badges.map((badge) => badge.key))) {
      const { document, jwt } = badges.find((badge) => badge.key === key)!;
      for (const form of [document, jwt]) {
        const { verdict } = await verifyCredential(form, { fetcher, now: new Date(), origin });
        expect([key, verdict]).toEqual([key, 'authentic']);
      }
    }
  }, 600_000);

  it('is set in days, parts of one too, and refused when it is not a number of days', () => {
    const environment = {
      DATABASE_URL: 'postgres://x',
      INSIGNE_ORIGIN: 'http://localhost',
      INSIGNE_ARCHIVE_FOLDER: 'x',
    };
    const days = (value: string): number | undefined =>
      readWorkerConfig({ ...environment, INSIGNE_KEY_ROTATION_DAYS: value }).INSIGNE_KEY_ROTATION_DAYS;
    expect(['365', '0', '0.5', '30.25'].map(days)).toEqual([365, 0, 0.5, 30.25]);
    for (const value of ['', '-1', '1e3', 'daily', '1,5', '.5', '1.', '1 day'])
      expect(() => days(value)).toThrow(/INSIGNE_KEY_ROTATION_DAYS/);
  });
});
