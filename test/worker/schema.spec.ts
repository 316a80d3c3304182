import { DataSource } from 'typeorm';
import { allEntities, allMigrations } from '#badges';
import { dataSourceOptions } from '#platform';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** What the ORM would change to make the database equal to the entities. */
async function drift(database: DataSource): Promise<string[]> {
  const { upQueries } = await database.driver.createSchemaBuilder().log();
  // The ORM does not know these: foreign keys between libraries, checks, partial and expression indexes.
  const unknownToTheOrm =
    /foreign key|CHECK|^DROP INDEX ".*"\."(award_once_per_learner_and_badge|credential_once_per_award_and_edition|outbox_unfinished)"/i;
  return upQueries
    .map((q) => q.query)
    .filter((query) => !unknownToTheOrm.test(query) && !/ DROP CONSTRAINT /.test(query));
}

describe('the migrations', () => {
  let urls: TestDatabase;
  let database: DataSource;
  beforeAll(async () => {
    urls = await createTestDatabase();
    database = await new DataSource(
      dataSourceOptions({ url: urls.ownerUrl, entities: allEntities, migrations: allMigrations }),
    ).initialize();
  }, 60_000);
  afterAll(async () => {
    await database?.destroy();
    await urls?.drop();
  });

  it('leave no difference between the entities and the database', async () => {
    expect(await drift(database)).toEqual([]);
  });

  it('would show a column that an entity lacks', async () => {
    await database.query('alter table outbox add column planted text');
    expect(await drift(database)).toEqual([expect.stringContaining('planted')]);
    await database.query('alter table outbox drop column planted');
  });

  it('change nothing when they run again', async () => {
    expect(await database.runMigrations()).toEqual([]);
  });

  it('name every constraint, so that an error reads as a sentence', async () => {
    const rows: { name: string }[] = await database.query(
      `select conname as name from pg_constraint c join pg_namespace n on n.oid = c.connamespace
       where n.nspname in ('public', 'private') and contype <> 'n'`,
    );
    expect(
      rows.map((r) => r.name).filter((name) => /^(FK|PK|UQ|CHK|REL)_|_check\d*$|_fkey$/.test(name)),
    ).toEqual([]);
  });
});
