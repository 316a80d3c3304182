import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import jsonwebtoken from 'jsonwebtoken';
import pg from 'pg';
import { IssuanceQueue, planAwards } from '#badges';
import { endQueueConnection, type QueueEngine, queueEngine, useQueueEngine } from '#platform';
import { PublicKeys, publicKeyOfJwk } from '#signing';
import { OutsideVerifier } from '../../apps/cli/src/outside-verifier.js';
import { describeWith } from '../support/describe-with.js';
import { anIssuanceWorld, type IssuanceWorld } from '../support/issuance-world.js';
import { freeTestPort } from '../support/program.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';
import { aCampaign, progressOf } from '../support/synthetic-campaign.js';

const awards = 120;
const roomOf = 10;
const kills = 2;
/** Until the last worker comes, the database stores about so many and holds up the rest. */
const storedMeanwhile = 40;

/** A structure whose 200 awards are planned under the address at which its api really answers. */
interface Site {
  world: IssuanceWorld;
  origin: string;
  redisUrl?: string;
  queue: IssuanceQueue;
  secrets: ReturnType<typeof serviceSecrets>;
  awardIds: string[];
  close(): Promise<void>;
}

async function aSite(redisUrl?: string): Promise<Site> {
  const world = await anIssuanceWorld();
  const secrets = serviceSecrets();
  const origin = `http://localhost:${await freeTestPort()}`;
  const engine: QueueEngine = queueEngine({ redisUrl, databaseUrl: world.urls.url });
  if (redisUrl) {
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    endQueueConnection(redis as never);
  }
  useQueueEngine(engine);
  const queue = new IssuanceQueue(world.api, engine);
  const people = await aCampaign(world, awards);
  const awardIds: string[] = [];
  for (let from = 0; from < people.length; from += roomOf) {
    const planned = await world.api.transaction((tx) =>
      planAwards(tx, {
        organisationId: world.structure.id,
        personIds: people.slice(from, from + roomOf),
        origin,
      }),
    );
    awardIds.push(...planned.awardIds);
    await queue.enqueue(planned.outboxIds);
  }
  const close = async (): Promise<void> => {
    await queue.close();
    await world.close();
    secrets.remove();
  };
  return { world, origin, redisUrl, queue, secrets, awardIds, close };
}

const startWorker = ({ world, origin, secrets, redisUrl }: Site): Promise<ServiceProcess> =>
  ServiceProcess.worker({
    databaseUrl: world.urls.workerUrl,
    origin,
    masterKeyFile: secrets.masterKeyFile,
    redisUrl,
  });

const startApi = ({ world, origin, secrets, redisUrl }: Site): Promise<ServiceProcess> =>
  ServiceProcess.api({
    databaseUrl: world.urls.url,
    origin,
    tokenSecretFile: secrets.tokenSecretFile,
    redisUrl,
    environment: { INSIGNE_MASTER_KEY_FILE: `${secrets.masterKeyFile}.elsewhere` },
  });

/**
 * Lets nothing be stored any more when a part is, however fast the machine: a worker that had done everything before
 * its death would prove nothing.
 * @returns opens the gate again
 */
async function aGate({ world }: Site): Promise<() => Promise<void>> {
  const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
  await owner.connect();
  await owner.query(`
    create function stop_at_gate() returns trigger language plpgsql security definer as $$ begin
      if (select count(*) from credential where state = 'signed') >= ${storedMeanwhile}
        then perform pg_advisory_xact_lock_shared(20); end if;
      return new; end $$;
    create trigger stop_at_gate before update on credential for each row when (new.state = 'signed')
      execute function stop_at_gate();
    select pg_advisory_lock(20)`);
  return async () => {
    await owner.query('select pg_advisory_unlock(20)');
    await owner.end();
  };
}

/** Waits until a worker has taken a batch, then a random while, and kills it. @returns what it left behind */
async function killAtRandom(site: Site): Promise<Record<string, number>> {
  const worker = await startWorker(site);
  await eventually(
    () => site.queue.counts(),
    (counts) => counts.active! > 0 || worker.isOver,
    200_000,
  );
  await sleep(Math.random() * 700);
  if (worker.isOver) throw new Error(`The worker ended by itself:\n${worker.output}`);
  await worker.stop('SIGKILL');
  return progressOf(site.world);
}

function promises(redisUrl: () => string | undefined): void {
  let site: Site;
  let api: ServiceProcess | undefined;
  beforeAll(async () => {
    site = await aSite(redisUrl());
  }, 120_000);
  afterAll(async () => {
    await api?.stop('SIGKILL');
    await site?.close();
  });

  it(`leaves every award with one credential, whoever kills it ${kills} times`, async () => {
    const open = await aGate(site);
    const left: Record<string, number>[] = [];
    for (let i = 0; i < kills; i += 1) left.push(await killAtRandom(site));
    await open();
    // A test in which nothing was interrupted would prove nothing.
    for (const { planned } of left) expect(planned).toBeGreaterThan(0);
    const worker = await startWorker(site);
    try {
      // Jobs of a killed worker come back when their lock has run out.
      await eventually(
        () => progressOf(site.world),
        (progress) => progress.open === 0 && (progress.planned ?? 0) === 0,
        150_000,
      );
      expect(await progressOf(site.world)).toEqual({ signed: awards, open: 0 });
      const [counted]: [Record<string, number>] = await site.world.api.query(
        `select count(*)::int as credentials, count(distinct award_id)::int as awards,
                count(distinct (status_list_id, status_index))::int as positions, count(distinct public_id)::int as addresses
         from credential where award_id = any($1)`,
        [site.awardIds],
      );
      expect(counted).toEqual({ credentials: awards, awards, positions: awards, addresses: awards });
    } finally {
      await worker.stop();
    }
  }, 360_000);

  it('signed them well: another program accepts one in five, with the keys that the api publishes', async () => {
    api = await (await startApi(site)).ready();
    const outside = new OutsideVerifier(site.origin);
    const keys = new PublicKeys(site.world.api);
    const rows: { document: string; jwt: string; rs256_key_id: string }[] = await site.world.api.query(
      'select signed_document(credential) as document, signed_jwt(credential) as jwt, rs256_key_id from credential where award_id = any($1)',
      [site.awardIds],
    );
    expect(rows).toHaveLength(awards);
    // Each costs a quarter of a second here; who signed does not know which are looked at.
    for (const { document, jwt, rs256_key_id } of rows.filter((_, index) => index % 5 === 0)) {
      const credential = JSON.parse(document) as { id: string };
      expect(await outside.check(credential)).toEqual({ accepted: true, status: 'active' });
      const key = publicKeyOfJwk((await keys.find(rs256_key_id))!.publicJwk);
      expect(jsonwebtoken.verify(jwt, key, { algorithms: ['RS256'] })).toMatchObject({ jti: credential.id });
    }
  }, 240_000);
}

describe('a worker killed while it signs, on PostgreSQL', () => promises(() => undefined));
describeWith('redis', 'a worker killed while it signs, on Redis', () => promises(testRedisUrl));

describe('the api process', () => {
  let site: Site;
  let api: ServiceProcess;
  beforeAll(async () => {
    site = await aSite();
    api = await (await startApi(site)).ready();
  }, 120_000);
  afterAll(async () => {
    await api?.stop('SIGKILL');
    await site?.close();
  });

  it('has no use for a master key: it starts although the file it is given does not exist', async () => {
    expect((await fetch(`${site.origin}/health`)).status).toBe(200);
    expect(api.output).not.toContain('master');
  });

  it('may not read a sealed private key from the database it uses', async () => {
    const asApi = new pg.Client({ connectionString: site.world.urls.url });
    await asApi.connect();
    await expect(asApi.query('select sealed_private_key from signing_key')).rejects.toThrow(
      /permission denied/,
    );
    await asApi.end();
  });

  it('signs nothing by itself', async () => {
    await sleep(1_000);
    expect(await progressOf(site.world)).toEqual({ planned: awards, open: awards / roomOf });
  });

  it('ends in order when asked to', async () => {
    expect(['SIGTERM', 0]).toContain(await api.stop());
  });
});

describe('a worker asked to end', () => {
  let site: Site;
  beforeAll(async () => {
    site = await aSite();
  }, 120_000);
  afterAll(() => site?.close());

  it('finishes the batches it has taken and takes no other', async () => {
    const open = await aGate(site);
    const worker = await startWorker(site);
    // Its first batch, for which it makes keys, may take longer than the time that it has to end.
    await eventually(
      () => progressOf(site.world),
      ({ signed = 0 }) => signed > 0 || worker.isOver,
    );
    const ended = worker.stop();
    await sleep(500);
    await open();
    expect(['SIGTERM', 0]).toContain(await ended);
    const { signed = 0, planned = 0 } = await progressOf(site.world);
    expect(signed).toBeGreaterThan(0);
    expect(planned % roomOf).toBe(0);
    expect(signed).toBe(awards - planned);
    expect((await site.queue.counts()).active).toBe(0);
  });

  it('refuses to start without its master key', async () => {
    const missing = await ServiceProcess.worker({
      databaseUrl: site.world.urls.workerUrl,
      origin: site.origin,
      masterKeyFile: `${site.secrets.masterKeyFile}.gone`,
    });
    expect(await missing.ended).toBe(1);
    expect(missing.output).toContain('master_key_missing');
  });

  it('refuses to start under another origin than the data was made for', async () => {
    const moved = await ServiceProcess.worker({
      databaseUrl: site.world.urls.workerUrl,
      origin: 'http://localhost:1',
      masterKeyFile: site.secrets.masterKeyFile,
    });
    expect(await moved.ended).toBe(1);
    expect(moved.output).toContain('origin_changed');
  });
});
