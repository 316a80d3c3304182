import { assertQueueKeepsJobs } from '#platform';
import { OwnRedis } from '../chaos/own-services.js';
import { describeWith } from '../support/describe-with.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../support/issuance-world.js';
import { ServiceProcess, serviceSecrets } from '../support/service-process.js';

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

  it('keeps the worker from starting', async () => {
    const redis = await OwnRedis.start('allkeys-lru');
    const secrets = serviceSecrets();
    let world: IssuanceWorld | undefined;
    let worker: ServiceProcess | undefined;
    try {
      world = await anIssuanceWorld();
      worker = await ServiceProcess.worker({
        databaseUrl: world.urls.workerUrl,
        origin,
        masterKeyFile: secrets.masterKeyFile,
        redisUrl: redis.url,
      });
      await expect(worker.ready()).rejects.toThrow(/queue_may_forget/);
    } finally {
      await worker?.stop();
      await world?.close();
      secrets.remove();
      await redis.kill();
    }
  });
});
