import pg from 'pg';
import { createEmptyDatabase, createTestDatabase } from '../support/database.js';
import { testRedisUrl } from '../support/redis.js';

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('The databases of the tests', () => {
  it('are real PostgreSQL, fresh for each test, with three roles of different rights', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    try {
      expect(one.url).not.toBe(other.url);
      for (const [url, role] of [
        [one.url, 'insigne_api'],
        [one.workerUrl, 'insigne_worker'],
        [one.ownerUrl, 'insigne_owner'],
      ] as const)
        expect(await ask(url, 'select current_user as role')).toEqual([{ role }]);
      await ask(one.ownerUrl, 'create table only_here (id int)');
      expect(await ask(other.ownerUrl, "select to_regclass('only_here') as found")).toEqual([
        { found: null },
      ]);
      await expect(ask(one.url, 'select * from only_here')).rejects.toThrow(/permission denied/);
    } finally {
      await Promise.all([one.drop(), other.drop()]);
    }
  });

  it('carry the migrated tables, and none when an empty one is asked for', async () => {
    const [migrated, empty] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
    const question = "select to_regclass('schema_migration') is not null as migrated";
    try {
      expect(await ask(migrated.ownerUrl, question)).toEqual([{ migrated: true }]);
      expect(await ask(empty.ownerUrl, question)).toEqual([{ migrated: false }]);
    } finally {
      await Promise.all([migrated.drop(), empty.drop()]);
    }
  });

  it('sit beside a Redis with a numbered database for this process when Redis is installed', () => {
    expect(testRedisUrl() ?? 'redis://127.0.0.1:1/1').toMatch(/^redis:\/\/127\.0\.0\.1:\d+\/\d+$/);
  });
});
