import { Redis } from 'ioredis';
import { register } from 'prom-client';
import { OperationsReader } from '#badges';
import { assertQueueKeepsJobs } from '#platform';
import { Heartbeat, queueCheckedEveryMs } from '../../apps/worker/src/heartbeat.js';
import { OwnRedis } from '../chaos/own-services.js';
import { describeWith } from '../support/describe-with.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';

describeWith('redis', 'a Redis that may throw jobs away', () => {
  it.each(['allkeys-lru', 'volatile-ttl'])(
    'is refused with its policy and the remedy: %s',
    async (policy) => {
      const redis = await OwnRedis.start(policy);
      try {
        await expect(assertQueueKeepsJobs({ kind: 'redis', url: redis.url })).rejects.toMatchObject({
          code: 'queue_may_forget',
          details: { policy },
          text: { fr: expect.stringContaining('noeviction'), en: expect.stringContaining('noeviction') },
        });
      } finally {
        await redis.kill();
      }
    },
  );

  it('is not one that keeps them, nor one that cannot be reached: the database is the truth', async () => {
    const redis = await OwnRedis.start();
    await expect(assertQueueKeepsJobs({ kind: 'redis', url: redis.url })).resolves.toBeUndefined();
    await redis.kill();
    await expect(assertQueueKeepsJobs({ kind: 'redis', url: redis.url })).resolves.toBeUndefined();
  });

  describe('to a worker', () => {
    let world: IssuanceWorld;
    beforeAll(async () => {
      world = await anIssuanceWorld();
    }, 60_000);
    afterAll(() => world?.close());

    it('keeps it from starting', async () => {
      const redis = await OwnRedis.start('allkeys-lru');
      const secrets = serviceSecrets();
      let worker: ServiceProcess | undefined;
      try {
        worker = await ServiceProcess.worker({
          databaseUrl: world.urls.workerUrl,
          origin,
          masterKeyFile: secrets.masterKeyFile,
          redisUrl: redis.url,
        });
        await expect(worker.ready()).rejects.toThrow(/queue_may_forget/);
      } finally {
        await worker?.stop();
        secrets.remove();
        await redis.kill();
      }
    });

    it('is told while it runs, in its metrics and to the operators, until it is mended', async () => {
      const redis = await OwnRedis.start();
      const client = new Redis(redis.url);
      const heart = new Heartbeat(
        world.worker,
        { kind: 'redis', url: redis.url },
        { signed: 0, warning: null },
        100,
      );
      const told = async (): Promise<[string | null | undefined, number | undefined]> => {
        const { workers } = await new OperationsReader(world.api).read();
        const metric = await register.getSingleMetric('insigne_queue_may_forget')?.get();
        return [workers[0]?.warning, metric?.values[0]?.value];
      };
      const isTold = async (warning: string | null, gauge: number): Promise<void> => {
        await eventually(told, (now) => now[0] === warning && now[1] === gauge, 60_000);
      };
      try {
        heart.onApplicationBootstrap();
        await isTold(null, 0);
        await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
        await isTold('queue_may_forget', 1);
        await client.config('SET', 'maxmemory-policy', 'noeviction');
        await isTold(null, 0);
      } finally {
        await heart.onApplicationShutdown();
        client.disconnect();
        await redis.kill();
      }
      // Outside of tests it looks so often: a minute is what the list of faults allows (T-09).
      expect(queueCheckedEveryMs).toBeLessThanOrEqual(60_000);
    }, 180_000);
  });
});
