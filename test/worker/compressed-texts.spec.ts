import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('the large texts of credentials', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
  }, 120_000);
  afterAll(async () => {
    await owner?.end();
    await database?.drop();
  });

  it('are compressed with lz4 where the server has it and else not at all, a VC-JWT never', async () => {
    const { rows: server } = await owner.query<{ has: boolean }>(
      `select 'lz4' = any (enumvals) as has from pg_settings where name = 'default_toast_compression'`,
    );
    const { rows } = await owner.query<{ name: string; compression: string; storage: string }>(
      `select attname as name, attcompression as compression, attstorage as storage from pg_attribute
       where attrelid = 'credential'::regclass and attname in ('document', 'jwt', 'payload') order by attname`,
    );
    const [compression, storage] = server[0]?.has ? ['l', 'x'] : ['', 'e'];
    expect(rows).toEqual([
      { name: 'document', compression, storage },
      { name: 'jwt', compression: '', storage: 'e' },
      { name: 'payload', compression, storage },
    ]);
  });
});
