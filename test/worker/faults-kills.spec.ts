import { ReissueCredentials, ReportCompromise } from '#badges';
import { PublicKeys } from '#signing';
import { signingSteps } from '../../libs/badges/src/signing-steps.js';
import { apiKilledBeforeEnqueue, drainedDeployment, workerKilledAtPoints } from '../chaos/scenarios/kills.js';
import { Site } from '../chaos/site.js';
import { describeWith } from '../support/describe-with.js';
import { anotherSigner } from '../support/issuance-world.js';
import { testRedisUrl } from '../support/redis.js';

import.meta.jest.setTimeout(300_000);

function promises(redisUrl: () => string | undefined, points: readonly string[]): void {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open({ redisUrl: redisUrl() });
  });
  afterAll(() => site?.close());
  const whole = { refused: 0, lost: 0, doubled: 0, broken: [] };

  it('loses and doubles nothing when the worker is killed at any step', async () => {
    const outcome = await workerKilledAtPoints(site, { points: [...points], kills: 1 });
    expect(outcome.count).toBe(points.length);
    const { promised, signed } = outcome.findings;
    expect(promised).toBeGreaterThanOrEqual(4 * points.length);
    expect(signed).toBe(promised);
    expect(outcome.findings).toMatchObject(whole);
  });

  it('loses and doubles nothing when it is killed in the second part of a batch', async () => {
    const outcome = await workerKilledAtPoints(site, {
      points: ['linted', 'signed'],
      reach: 2,
      roomOf: 60,
      kills: 1,
    });
    expect(outcome.count).toBe(2);
    expect(outcome.findings).toMatchObject(whole);
  });

  it('loses nothing when the api is killed between commit and enqueue', async () => {
    const before = await site.count(`select count(*) from credential where state = 'signed'`);
    const outcome = await apiKilledBeforeEnqueue(site, { deaths: 1, people: 10 });
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
      expect(outcome.findings).toMatchObject({ signed: 400, refused: 0, lost: 0, doubled: 0, broken: [] });
    } finally {
      await site.close();
    }
  });
});

describe('a campaign that is issued again after a theft', () => {
  it('goes on where its worker was killed, and nothing is lost, doubled or moved', async () => {
    const awards = 120;
    const site = await Site.open();
    try {
      const { api, worker, structure } = site.world;
      const { outboxIds } = await site.plan(awards, 60);
      for (const id of outboxIds) await anotherSigner(site.world, site.origin).run(id);
      const shown = await api.query('select award_id, public_id from credential order by award_id');
      const keyIds = (await new PublicKeys(worker).all(structure.id)).map(({ id }) => id);
      const organisationId = structure.id;
      await new ReportCompromise(worker).run({ organisationId, keyIds, since: new Date(0), by: 'test' });
      const again = { organisationId, origin: site.origin, all: false, by: 'test' };
      const plan = await new ReissueCredentials(api).run(again);
      expect(plan).toMatchObject({ planned: awards, withdrawn: 0 });
      // One batch is kept back: a worker does several at once, and might have stored both before it dies.
      const [first, ...others] = plan.outboxIds;
      const created = (when: string) =>
        site.owner.query(`update outbox set created_at = now() ${when} where id = any($1)`, [others]);
      await created(`+ interval '1 hour'`);
      await site.queue.enqueue([first!]);
      const states = () => api.query('select state, count(*)::int from credential group by 1 order by 1');

      const dying = await site.worker({ dieAt: { point: 'stored', reach: 1 } });
      expect(await dying.ended).toBe('SIGKILL');
      const left = (await states()).find(({ state }: { state: string }) => state === 'superseded');
      // One batch of two is stored: the old badges of the other stand until their turn comes.
      expect(left?.count).toBeGreaterThan(0);
      expect(left.count).toBeLessThan(awards);
      // Whoever is not sure that the command went through says it again: nothing is planned twice.
      const repeated = await new ReissueCredentials(api).run(again);
      expect(repeated).toMatchObject({ planned: 0, waiting: awards - left.count });

      await created(`- interval '1 minute'`);
      const next = await site.worker();
      await site.drained();
      await next.stop();
      expect(await states()).toEqual([
        { state: 'signed', count: awards },
        { state: 'superseded', count: awards },
      ]);
      expect(
        await api.query(
          "select award_id, public_id from credential where state = 'signed' order by award_id",
        ),
      ).toEqual(shown);
      const [counts] = await api.query(
        `select count(distinct (c.status_list_id, c.status_index))::int as places,
                count(*) filter (where e.state = 'revoked' and e.superseded_by is not null)::int as replaced,
                count(*) filter (where c.state = 'signed' and not c.ed25519_key_id = any($1)
                                 and not c.rs256_key_id = any($1) and e.state = 'active')::int as renewed
         from credential c join status_entry e on e.credential_id = c.id`,
        [keyIds],
      );
      expect(counts).toEqual({ places: 2 * awards, replaced: awards, renewed: awards });
      expect(await site.count('select count(*) from signature_log')).toBe(2 * awards);
    } finally {
      await site.close();
    }
  });
});
