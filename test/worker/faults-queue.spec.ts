import { Queue } from '#platform';
import { OwnRedis } from '../chaos/own-services.js';
import {
  doubledJobs,
  emptiedQueue,
  redisAway,
  repeatedJobs,
  stalledWorkers,
} from '../chaos/scenarios/queue.js';
import { Site } from '../chaos/site.js';
import { describeWith } from '../support/describe-with.js';
import { QueueBench, states } from '../support/queue-bench.js';
import { testRedisUrl } from '../support/redis.js';

import.meta.jest.setTimeout(300_000);

const whole = { refused: 0, lost: 0, doubled: 0, broken: [] };

function promises(redisUrl: () => string | undefined): void {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open({ redisUrl: redisUrl() });
  });
  afterAll(() => site?.close());

  it('is rebuilt from the outbox when it forgets every job', async () => {
    const { findings } = await emptiedQueue(site, { jobs: 60 });
    expect(findings).toMatchObject({ signed: 60, ...whole });
  });

  it('records no second signature for a job that comes again', async () => {
    const { happened, findings } = await repeatedJobs(site, { jobs: 5, times: 10 });
    expect(happened).toMatch(/^50 of 50 were run again to the end; 0 signatures more/);
    expect(findings).toMatchObject({ signed: 65, ...whole });
  });

  it('gives a job of a worker that stands still to another, and one signature counts', async () => {
    const site = await Site.open({ redisUrl: redisUrl() });
    try {
      const { happened, findings } = await stalledWorkers(site, { stalls: 1, point: 'verified' });
      expect(happened).toMatch(/^1 workers stood still; [12] of the 2 jobs were run to the end by two/);
      expect(findings).toMatchObject({ signed: 8, ...whole });
      expect(findings.signedAgain).toBeGreaterThanOrEqual(4);
    } finally {
      await site.close();
    }
  });
}

describe('the queue on PostgreSQL', () => {
  promises(() => undefined);

  it('stores once what two signers do at the same moment', async () => {
    const site = await Site.open();
    try {
      const { happened, findings } = await doubledJobs(site, { jobs: 40 });
      expect(happened).toMatch(/^40 of 40 signed by both, to the same bytes, before either stored it/);
      expect(findings).toMatchObject({ signed: 40, signedAgain: 40, ...whole });
    } finally {
      await site.close();
    }
  });
});

describeWith('redis', 'the queue on Redis', () => {
  promises(testRedisUrl);

  it('may be away: awards are accepted, and issued when it is back', async () => {
    const redis = await OwnRedis.start();
    const site = await Site.open({ redisUrl: redis.url });
    try {
      const { happened, findings } = await redisAway(site, redis, { seconds: 4 });
      const [, accepted] = /^the api answered (\d+) × 201;/.exec(happened)!;
      const promised = 8 * Number(accepted);
      expect(promised).toBeGreaterThanOrEqual(16);
      expect(findings).toMatchObject({ promised, signed: promised, ...whole });
    } finally {
      await site.close();
      await redis.kill();
    }
  });

  it('may hang: only the first award waits for it, and the sweep enqueues the others', async () => {
    const redis = await OwnRedis.start();
    const bench = await QueueBench.open(redis.url);
    try {
      const { awardIds, outboxIds } = await bench.planned(16, 8);
      redis.pause();
      const put = import.meta.jest.spyOn(Queue.prototype, 'addBulk');
      await bench.queue.enqueue([outboxIds[0]!]);
      expect(put).toHaveBeenCalledTimes(1);
      // Whoever asks nothing of Redis waits for nothing.
      await bench.queue.enqueue([outboxIds[1]!]);
      expect(put).toHaveBeenCalledTimes(1);
      put.mockRestore();
      redis.resume();
      await bench.startWorker();
      expect(states(await bench.settled(awardIds))).toEqual({ 'signed issued': 16 });
    } finally {
      await bench.close();
      await redis.kill();
    }
  });
});
