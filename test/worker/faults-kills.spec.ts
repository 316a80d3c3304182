import { signingSteps } from '../../libs/badges/src/signing-steps.js';
import { apiKilledBeforeEnqueue, drainedDeployment, workerKilledAtPoints } from '../chaos/scenarios/kills.js';
import { Site } from '../chaos/site.js';
import { describeWith } from '../support/describe-with.js';
import { testRedisUrl } from '../support/redis.js';

import.meta.jest.setTimeout(300_000);

function promises(redisUrl: () => string | undefined, points: readonly string[]): void {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open({ redisUrl: redisUrl() });
  });
  afterAll(() => site?.close());
  const whole = { lost: 0, doubled: 0, broken: [] };

  it('loses and doubles nothing when the worker is killed at any step', async () => {
    const outcome = await workerKilledAtPoints(site, { points: [...points], kills: 1 });
    expect(outcome.count).toBe(points.length);
    const { promised, signed } = outcome.findings;
    expect(promised).toBeGreaterThanOrEqual(4 * points.length);
    expect(signed).toBe(promised);
    expect(outcome.findings).toMatchObject(whole);
  });

  it('loses nothing when the api is killed between commit and enqueue', async () => {
    const before = await site.count(`select count(*) from credential where state = 'signed'`);
    const outcome = await apiKilledBeforeEnqueue(site, { deaths: 2, people: 5 });
    expect(outcome.findings).toMatchObject({ signed: before + 10, ...whole });
  });
}

describe('a process killed while it issues, on PostgreSQL', () => promises(() => undefined, signingSteps));
describeWith('redis', 'a process killed while it issues, on Redis', () =>
  promises(testRedisUrl, ['taken', 'stored']),
);

describe('a deployment during a campaign', () => {
  it('fails no job and loses no award', async () => {
    const site = await Site.open();
    try {
      const outcome = await drainedDeployment(site, { awards: 400, restarts: 2 });
      expect(outcome.happened).toMatch(
        /^[12] of 2 ended with work left.*; 0 batches were cut off, 0 jobs failed/,
      );
      expect(outcome.findings).toMatchObject({ signed: 400, lost: 0, doubled: 0, broken: [] });
    } finally {
      await site.close();
    }
  });
});
