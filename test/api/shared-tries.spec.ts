import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { dataSourceOptions, FixedClock } from '#platform';
import { SharedTries } from '../../apps/api/src/http/shared-tries.js';
import { type HttpApp, startHttpApp, testOrigin } from '../support/http-app.js';

const hour = 3_600_000;
let http: HttpApp;
let other: DataSource;
beforeAll(async () => {
  http = await startHttpApp({});
  other = await new DataSource(dataSourceOptions({ url: http.database.url, entities: [] })).initialize();
}, 120_000);
afterAll(async () => {
  await other?.destroy();
  await http?.close();
});

/** What an api process has; each has a clock of its own, which may be wrong. */
const aProcess = (database: DataSource, tokenSecret = 'the same in every api process'): SharedTries =>
  new SharedTries(
    database,
    { origin: testOrigin, tokenSecret, migrations: [], errors: [] },
    new FixedClock(new Date(`20${20 + Math.floor(Math.random() * 9)}-01-01T00:00:00Z`)),
  );

describe('tries that two api processes count', () => {
  const aRule = (size: number) => ({ name: randomUUID(), size, refillMs: hour });

  it('are as many as for one, in whatever order and however many at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 14 }),
        fc.boolean(),
        async (size, turns, atOnce) => {
          const rule = aRule(size);
          const limits = [aProcess(http.api).limit(rule), aProcess(other).limit(rule)];
          const waits: number[] = [];
          const take = async (first: boolean) =>
            void waits.push(await limits[first ? 0 : 1]!.take('192.0.2.1'));
          if (atOnce) await Promise.all(turns.map(take));
          else for (const turn of turns) await take(turn);
          expect(waits.filter((wait) => wait === 0)).toHaveLength(Math.min(size, turns.length));
          for (const wait of waits) expect(wait).toBeLessThanOrEqual(hour);
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  it('come back with time and with a right answer, and each source and kind has its own', async () => {
    const rule = aRule(2);
    const [one, two] = [aProcess(http.api).limit(rule), aProcess(other).limit(rule)];
    expect([await one.take('a'), await two.take('a')]).toEqual([0, 0]);
    expect(await one.take('a')).toBeGreaterThan(hour - 60_000);
    expect(await one.take('b')).toBe(0);
    expect(await aProcess(http.api).limit(aRule(1)).take('a')).toBe(0);
    await two.giveBack('a');
    expect([(await one.take('a')) > 0, (await two.take('a')) > 0]).toEqual([false, true]);
    await http.owner.query(`update wrong_try set full_at = full_at - interval '1 hour'`);
    expect([(await one.take('a')) > 0, (await two.take('a')) > 0]).toEqual([false, true]);
  });

  it('leave nothing that names who tried, and are cleared when they are over', async () => {
    await aProcess(http.api).limit(aRule(1)).take('192.0.2.77');
    const rows: { source: string }[] = await http.owner.query('select source from wrong_try');
    for (const { source } of rows) expect(source).toMatch(/^[0-9a-f]{64}$/);
    await http.owner.query(`update wrong_try set full_at = now() - interval '1 minute'`);
    await aProcess(http.api).limit(aRule(1)).take('192.0.2.78');
    for (let i = 0; i < 5_000 && (await count()) > 1; i += 1)
      await new Promise((done) => setTimeout(done, 20));
    expect(await count()).toBe(1);
  });

  it('are counted by each process alone while the database takes none: neither free nor refused', async () => {
    await http.owner.query('revoke insert on wrong_try from insigne_api');
    try {
      const rule = aRule(2);
      const limits = [aProcess(http.api).limit(rule), aProcess(other).limit(rule)];
      const allowed: boolean[] = [];
      for (const limit of limits) for (let i = 0; i < 3; i += 1) allowed.push((await limit.take('a')) === 0);
      expect(allowed).toEqual([true, true, false, true, true, false]);
    } finally {
      await http.owner.query('grant insert on wrong_try to insigne_api');
    }
  });

  const count = async (): Promise<number> => {
    const [{ number }] = await http.owner.query('select count(*)::int as number from wrong_try');
    return number;
  };
});
