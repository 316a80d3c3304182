import { dirname, join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import pg from 'pg';
import { IssuanceQueue, signQueueName } from '#badges';
import {
  endQueueConnection,
  Queue,
  type QueueEngine,
  queueConnection,
  queueEngine,
  sha256,
  useQueueEngine,
  uuid,
} from '#platform';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { describeWith } from '../support/describe-with.js';
import { anIssuanceWorld, type IssuanceWorld, origin, plan } from '../support/issuance-world.js';
import { testRedisUrl } from '../support/redis.js';
import { eventually, serviceSecrets } from '../support/service-process.js';
import { aCampaign } from '../support/synthetic-campaign.js';

/** The real worker module in this process, on a queue engine of the test's own. */
class Bench {
  private running?: INestApplicationContext;
  private readonly secrets = serviceSecrets();

  private constructor(
    readonly world: IssuanceWorld,
    readonly engine: QueueEngine,
    readonly queue: IssuanceQueue,
    private readonly redisUrl: string | undefined,
    private readonly owner: pg.Client,
  ) {}

  static async open(redisUrl?: string): Promise<Bench> {
    const world = await anIssuanceWorld();
    const engine = queueEngine({ redisUrl, databaseUrl: world.urls.url });
    useQueueEngine(engine);
    const owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    owner.on('error', () => undefined);
    await owner.connect();
    // Counts what is really stored as signed: a second signature of an award would show here.
    await owner.query(`
      create table signature_log (credential_id uuid);
      create function log_signature() returns trigger language plpgsql security definer as $$
        begin insert into signature_log values (new.id); return new; end $$;
      create trigger log_signature after update on credential for each row when (new.state = 'signed')
        execute function log_signature()`);
    const bench = new Bench(world, engine, new IssuanceQueue(world.api, engine), redisUrl, owner);
    await bench.loseJobs();
    return bench;
  }

  /** Empties the queue behind everybody's back. */
  async loseJobs(): Promise<void> {
    if (!this.redisUrl) {
      await this.owner.query('truncate bullmq.job cascade');
      return;
    }
    const redis = new Redis(this.redisUrl);
    await redis.flushdb();
    await redis.quit();
  }

  async startWorker(): Promise<void> {
    this.running = await NestFactory.createApplicationContext(
      WorkerModule.with({
        DATABASE_URL: this.world.urls.workerUrl,
        INSIGNE_ORIGIN: origin,
        INSIGNE_MASTER_KEY_FILE: this.secrets.masterKeyFile,
        INSIGNE_ARCHIVE_FOLDER: join(dirname(this.secrets.masterKeyFile), 'archive'),
        REDIS_URL: this.redisUrl,
        WORKER_PORT: 0,
      }),
      { logger: ['error'], abortOnError: false },
    );
  }

  async stopWorker(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  async planned(size: number, room = size): Promise<{ awardIds: string[]; outboxIds: string[] }> {
    const people = await aCampaign(this.world, size);
    const made = { awardIds: [] as string[], outboxIds: [] as string[] };
    for (let from = 0; from < size; from += room) {
      const { awardIds, outboxIds } = await plan(this.world, people.slice(from, from + room));
      made.awardIds.push(...awardIds);
      made.outboxIds.push(...outboxIds);
    }
    return made;
  }

  /** Waits until nothing is promised any more. @returns the credentials of these awards */
  async settled(awardIds: string[]): Promise<Settled[]> {
    await eventually(
      () => this.count('select count(*)::int as number from outbox where done_at is null'),
      (open) => open === 0,
      90_000,
    );
    return this.world.api.query(
      `select c.id, c.state, a.state as award_state, c.payload, c.document, c.refusal
       from credential c join award a on a.id = c.award_id where a.id = any($1)`,
      [awardIds],
    );
  }

  async signaturesOf(awardIds: string[]): Promise<number> {
    const { rows } = await this.owner.query<{ number: number }>(
      'select count(*)::int as number from signature_log l join credential c on c.id = l.credential_id where c.award_id = any($1)',
      [awardIds],
    );
    return rows[0]!.number;
  }

  async count(sql: string): Promise<number> {
    const [{ number }]: [{ number: number }] = await this.world.api.query(sql);
    return number;
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.queue.close();
    await this.owner.end();
    await this.world.close();
    this.secrets.remove();
  }
}

interface Settled {
  id: string;
  state: string;
  award_state: string;
  payload: string;
  document: string | null;
  refusal: { code: string; detail: { fr: string; en: string } } | null;
}

const states = (rows: Settled[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { state, award_state } of rows)
    counts[`${state} ${award_state}`] = (counts[`${state} ${award_state}`] ?? 0) + 1;
  return counts;
};

function promises(redisUrl: () => string | undefined): void {
  let bench: Bench;
  beforeAll(async () => {
    bench = await Bench.open(redisUrl());
  }, 120_000);
  afterAll(() => bench?.close());
  afterEach(() => bench?.stopWorker());

  const forge = async (data: object): Promise<void> => {
    const connection = queueConnection(bench.engine, 1);
    const queue = new Queue(signQueueName, { connection });
    await queue.add('sign', data as never);
    await queue.close();
    endQueueConnection(connection);
  };

  it('signs each of 60 enqueued awards, once', async () => {
    const { awardIds, outboxIds } = await bench.planned(60, 8);
    await bench.queue.enqueue(outboxIds);
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 60 });
    expect(await bench.signaturesOf(awardIds)).toBe(60);
  });

  it('signs once what was enqueued ten times', async () => {
    const { awardIds, outboxIds } = await bench.planned(8);
    await bench.startWorker();
    await Promise.all(Array.from({ length: 5 }, () => bench.queue.enqueue(outboxIds)));
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 8 });
    for (let i = 0; i < 5; i += 1) {
      await bench.queue.enqueue(outboxIds);
      await forge({ outboxId: outboxIds[0] });
    }
    await eventually(
      () => bench.queue.counts(),
      (counts) => Object.values(counts).every((number) => number === 0),
    );
    expect(await bench.signaturesOf(awardIds)).toBe(8);
  });

  it('finds again, a minute later, every job that the queue lost', async () => {
    const { awardIds, outboxIds } = await bench.planned(24, 4);
    await bench.queue.enqueue(outboxIds);
    await bench.loseJobs();
    await bench.world.api.query(
      `update outbox set enqueued_at = enqueued_at - interval '61 seconds' where id = any($1)`,
      [outboxIds],
    );
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 24 });
    expect(await bench.signaturesOf(awardIds)).toBe(24);
  });

  it('finds what was committed but never enqueued', async () => {
    const { awardIds, outboxIds } = await bench.planned(6);
    await bench.world.api.query(
      `update outbox set created_at = created_at - interval '3 seconds' where id = any($1)`,
      [outboxIds],
    );
    await bench.startWorker();
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 6 });
  });

  it('signs nothing for forged jobs and goes on with the next real one', async () => {
    await bench.startWorker();
    const before = await bench.count(`select count(*)::int as number from credential where state = 'signed'`);
    const content = {
      credential: { id: 'https://evil.example/b/1' },
      organisationId: bench.world.structure.id,
    };
    for (const outboxId of [uuid(), "x' or 1=1 --", null, 7, ['a']]) await forge({ outboxId, ...content });
    await forge({});
    const { awardIds, outboxIds } = await bench.planned(2);
    await bench.queue.enqueue(outboxIds);
    expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 2 });
    expect(await bench.count(`select count(*)::int as number from credential where state = 'signed'`)).toBe(
      before + 2,
    );
    await bench.stopWorker();
    await bench.loseJobs();
  });

  it('ignores content that a job brings along: the planned bytes are signed', async () => {
    const { awardIds, outboxIds } = await bench.planned(2);
    await forge({ outboxId: outboxIds[0], payload: '{"forged":true}', credentials: [{ forged: true }] });
    await bench.startWorker();
    for (const { document, payload } of await bench.settled(awardIds)) {
      const { proof: _proof, ...signed } = JSON.parse(document!) as Record<string, unknown>;
      expect(JSON.stringify(signed)).toBe(payload);
      expect(document).not.toContain('forged');
    }
  });

  it('refuses what the linter finds faulty, says why in French, and signs the rest of the batch', async () => {
    const { awardIds, outboxIds } = await bench.planned(5);
    await spoil(awardIds[0]!, (credential) => ({ ...credential, credentialStatus: undefined }));
    await spoil(awardIds[1]!, (credential) => ({ ...credential, name: 'Badge \u202Efaux' }));
    await bench.queue.enqueue(outboxIds);
    await bench.startWorker();
    const rows = await bench.settled(awardIds);
    expect(states(rows)).toEqual({ 'signed issued': 3, 'refused refused': 2 });
    for (const { refusal, document } of rows.filter((row) => row.state === 'refused')) {
      expect(refusal!.code).toMatch(/^[a-z_]+$/);
      expect(refusal!.detail.fr).toMatch(/[a-zé]{3}/);
      expect(refusal!.detail.fr).not.toBe(refusal!.detail.en);
      expect(document).toBeNull();
    }
  });

  const spoil = async (
    awardId: string,
    change: (credential: Record<string, unknown>) => Record<string, unknown>,
  ): Promise<void> => {
    const [row]: [{ payload: string }] = await bench.world.api.query(
      'select payload from credential where award_id = $1',
      [awardId],
    );
    const payload = JSON.stringify(change(JSON.parse(row.payload) as Record<string, unknown>));
    await bench.world.api.query(
      'update credential set payload = $2, payload_sha256 = $3 where award_id = $1',
      [awardId, payload, sha256(payload).toString('hex')],
    );
  };
}

describe('the signing queue on PostgreSQL', () => promises(() => undefined));

describeWith('redis', 'the signing queue on Redis', () => {
  promises(testRedisUrl);

  it('keeps its promise when Redis cannot be reached', async () => {
    const bench = await Bench.open(testRedisUrl());
    const elsewhere = new IssuanceQueue(bench.world.api, { kind: 'redis', url: 'redis://127.0.0.1:9' });
    try {
      const { awardIds, outboxIds } = await bench.planned(3);
      await elsewhere.enqueue(outboxIds);
      await bench.world.api.query(`update outbox set created_at = created_at - interval '3 seconds'`);
      await bench.startWorker();
      expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 3 });
    } finally {
      await elsewhere.close();
      await bench.close();
    }
  });
});
