import {
  createPostgresBackend,
  Queue,
  type QueueOptions,
  setDefaultBackendFactory,
  UnrecoverableError,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import { DomainError } from './errors.js';
import type { Text } from './text.js';

/** Where jobs wait: Redis or Valkey when an address is given, else BullMQ's own tables in PostgreSQL (schema `bullmq`). */
export type QueueEngine = { kind: 'redis'; url: string } | { kind: 'postgres'; url: string };

export const queueEngine = (urls: { redisUrl?: string; databaseUrl: string }): QueueEngine =>
  urls.redisUrl ? { kind: 'redis', url: urls.redisUrl } : { kind: 'postgres', url: urls.databaseUrl };

const schema = 'bullmq';

/** Chooses the backend of every queue of this process. Call once, before the first Queue or Worker is made. */
export function useQueueEngine(engine: QueueEngine): void {
  setDefaultBackendFactory(engine.kind === 'postgres' ? (createPostgresBackend as never) : undefined);
}

/** Connection of a queue or worker for `new Queue(name, { connection })`. */
export function queueConnection(engine: QueueEngine, poolSize = 3): QueueOptions['connection'] {
  if (engine.kind === 'redis')
    return new Redis(engine.url, { maxRetriesPerRequest: null, enableReadyCheck: true }) as never;
  return { connectionString: engine.url, schema, max: poolSize } as never;
}

/** Ends a connection of `queueConnection`: BullMQ closes none that it was given, and an open one keeps the process alive. */
export function endQueueConnection(connection: QueueOptions['connection']): void {
  if ((connection as unknown) instanceof Redis) (connection as unknown as Redis).disconnect();
}

/** Redis may throw jobs away when its memory is full (`queue_may_forget`). */
export class QueueMayForget extends DomainError {
  readonly code = 'queue_may_forget';
  readonly text: Required<Text>;
  constructor(policy: string) {
    const text = {
      fr: `Redis peut effacer des travaux en attente (maxmemory-policy ${policy}) : réglez « maxmemory-policy noeviction » dans sa configuration, puis relancez.`,
      en: `Redis may throw waiting jobs away (maxmemory-policy ${policy}): set "maxmemory-policy noeviction" in its configuration, then start again.`,
    };
    super(`${text.fr} / ${text.en}`, { details: { policy } });
    this.text = text;
  }
}

const policyTimeoutMs = 3_000;

/**
 * Redis and Valkey must keep every job they were given. A Redis that cannot be reached, or does not tell, is no
 * refusal: what it loses is put in again from the database.
 * @throws QueueMayForget (`queue_may_forget`)
 */
export async function assertQueueKeepsJobs(engine: QueueEngine): Promise<void> {
  if (engine.kind === 'postgres') return;
  const redis = new Redis(engine.url, {
    lazyConnect: true,
    connectTimeout: policyTimeoutMs,
    commandTimeout: policyTimeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  const told = await redis.info('memory').catch(() => '');
  redis.disconnect();
  const policy = /^maxmemory_policy:(\S+)/m.exec(told)?.[1];
  if (policy !== undefined && policy !== 'noeviction') throw new QueueMayForget(policy);
}

/**
 * Creates BullMQ's tables with the owner's role and lets the service's roles use them.
 * Nothing to do on Redis.
 */
export async function migrateQueue(
  ownerUrl: string,
  queueNames: string[],
  query: (sql: string) => Promise<unknown>,
): Promise<void> {
  setDefaultBackendFactory(createPostgresBackend as never);
  const queue = new Queue('migration', {
    connection: { connectionString: ownerUrl, schema, migrate: true, max: 1 } as never,
  });
  try {
    await queue.waitUntilReady();
  } finally {
    await queue.close();
  }
  // BullMQ makes the sequence of a queue at the first job, with a right that the service's roles don't have.
  for (const name of queueNames) await query(`select ${schema}.next_job_id('${name}')`);
  for (const role of ['insigne_api', 'insigne_worker']) {
    await query(`grant usage on schema ${schema} to ${role}`);
    await query(`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`);
    await query(`grant usage, select, update on all sequences in schema ${schema} to ${role}`);
    await query(`grant execute on all functions in schema ${schema} to ${role}`);
  }
}

export { Queue, UnrecoverableError, Worker };
