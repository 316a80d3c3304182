import pg from 'pg';
import { textArray } from '#platform';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('a text array in binary form', () => {
  let database: TestDatabase;
  let client: pg.Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = new pg.Client({ connectionString: database.ownerUrl });
    await client.connect();
  }, 120_000);
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  it('is for PostgreSQL the list that the driver would have written', async () => {
    for (const texts of [
      [],
      [''],
      ['"', '\\', '{a,b}', 'NULL', 'é😀\n\t', "it's", ' '],
      ['x'.repeat(100_000)],
    ]) {
      const { rows } = await client.query<{ same: boolean; texts: string[] }>(
        'select $1::text[] = $2::text[] as same, $1::text[] as texts',
        [textArray(texts), texts],
      );
      expect(rows[0]).toEqual({ same: true, texts });
    }
  });
});
