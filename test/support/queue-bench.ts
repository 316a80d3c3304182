import { dirname, join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import pg from 'pg';
import { IssuanceQueue } from '#badges';
import { type QueueEngine, queueEngine, useQueueEngine } from '#platform';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { anIssuanceWorld, anotherStructure, type IssuanceWorld, origin, plan } from './issuance-world.js';
import { eventually, serviceSecrets } from './service-process.js';
import { aCampaign } from './synthetic-campaign.js';

/** The real worker module in this process, on a queue engine of the test's own. */
export class QueueBench {
  private running?: INestApplicationContext;
  private readonly secrets = serviceSecrets();

  private constructor(
    readonly world: IssuanceWorld,
    readonly engine: QueueEngine,
    readonly queue: IssuanceQueue,
    /** The same queue with the worker's rights. */
    readonly sweeper: IssuanceQueue,
    private readonly redisUrl: string | undefined,
    /** Role insigne_owner, for what only a test may do. */
    readonly owner: pg.Client,
  ) {}

  static async open(redisUrl?: string): Promise<QueueBench> {
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
    const bench = new QueueBench(
      world,
      engine,
      new IssuanceQueue(world.api, engine),
      new IssuanceQueue(world.worker, engine),
      redisUrl,
      owner,
    );
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

  /** A second structure of the same programme, with an assessor of its own. */
  async anotherStructure(slug: string): Promise<IssuanceWorld> {
    return await anotherStructure(this.world, slug);
  }

  async planned(
    size: number,
    room = size,
    world = this.world,
  ): Promise<{ awardIds: string[]; outboxIds: string[] }> {
    const people = await aCampaign(world, size);
    const made = { awardIds: [] as string[], outboxIds: [] as string[] };
    for (let from = 0; from < size; from += room) {
      const { awardIds, outboxIds } = await plan(world, people.slice(from, from + room));
      made.awardIds.push(...awardIds);
      made.outboxIds.push(...outboxIds);
    }
    return made;
  }

  /** Waits until nothing is promised any more, but to a person. @returns the credentials of these awards */
  async settled(awardIds: string[], milliseconds = 250_000): Promise<Settled[]> {
    await eventually(
      () =>
        this.count('select count(*)::int as number from outbox where done_at is null and failed_at is null'),
      (open) => open === 0,
      milliseconds,
    );
    return this.world.api.query(
      `select c.id, c.state, a.state as award_state, c.payload, signed_document(c) as document, c.refusal
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
    await this.sweeper.close();
    await this.owner.end();
    await this.world.close();
    this.secrets.remove();
  }
}

export interface Settled {
  id: string;
  state: string;
  award_state: string;
  payload: string;
  document: string | null;
  refusal: { code: string; detail: { fr: string; en: string } } | null;
}

/** How many credentials are in which state, with the state of their award. */
export const states = (rows: Settled[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { state, award_state } of rows)
    counts[`${state} ${award_state}`] = (counts[`${state} ${award_state}`] ?? 0) + 1;
  return counts;
};
