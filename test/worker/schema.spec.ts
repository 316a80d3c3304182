import { DataSource } from 'typeorm';
import { allEntities, allMigrations, assertInstallation, OriginChanged } from '#badges';
import { dataSourceOptions } from '#platform';
import { DataIsNewer, migrate } from '../../apps/cli/src/migrate.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/**
 * What the ORM would change to make the database equal to the entities, without what it cannot know: foreign keys
 * (libraries refer to each other by id), checks and partial indexes.
 */
async function drift(database: DataSource): Promise<string[]> {
  const unknown: { name: string }[] = await database.query(
    `select conname as name from pg_constraint where contype in ('f', 'c')
     union all select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid where i.indpred is not null`,
  );
  const names = new Set(unknown.map((row) => row.name));
  const { upQueries } = await database.driver.createSchemaBuilder().log();
  return upQueries
    .map(({ query }) => query)
    .filter((query) => !names.has(/DROP (?:CONSTRAINT|INDEX) (?:"\w+"\.)?"(\w+)"/.exec(query)?.[1] ?? ''));
}

describe('the migrations', () => {
  let urls: TestDatabase;
  let database: DataSource;
  beforeAll(async () => {
    urls = await createTestDatabase();
    database = await new DataSource(
      dataSourceOptions({ url: urls.ownerUrl, entities: allEntities, migrations: allMigrations }),
    ).initialize();
  }, 120_000);
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
       where n.nspname in ('public', 'private') and contype <> 'n'
         and conrelid <> 'schema_migration'::regclass`,
    );
    expect(
      rows.map((r) => r.name).filter((name) => /^(FK|PK|UQ|CHK|REL)_|_check\d*$|_fkey$/.test(name)),
    ).toEqual([]);
  });
});

describe('data that this program must not touch', () => {
  let urls: TestDatabase;
  let owner: DataSource;
  beforeAll(async () => {
    urls = await createTestDatabase();
    owner = await new DataSource(
      dataSourceOptions({ url: urls.ownerUrl, entities: allEntities }),
    ).initialize();
  });
  afterAll(async () => {
    await owner?.destroy();
    await urls?.drop();
  });

  it('is data of a newer version: the refusal says what to do, and nothing is changed', async () => {
    await owner.query(
      `insert into schema_migration (timestamp, name) values (1999999999999, 'Later1999999999999')`,
    );
    const refusal = migrate(urls.ownerUrl);
    await expect(refusal).rejects.toThrow(DataIsNewer);
    await expect(refusal).rejects.toThrow(/Mettez le programme à jour.*Update the program/s);
    await owner.query(`delete from schema_migration where timestamp = 1999999999999`);
    await expect(migrate(urls.ownerUrl)).resolves.toEqual({ applied: [] });
  });

  it('is data made under another origin, whose badges would die', async () => {
    await assertInstallation(owner.manager, 'https://badges.example', '0.1.0');
    await assertInstallation(owner.manager, 'https://badges.example', '0.2.0');
    const refusal = assertInstallation(owner.manager, 'https://other.example', '0.1.0');
    await expect(refusal).rejects.toThrow(OriginChanged);
    await expect(refusal).rejects.toThrow(/INSIGNE_ORIGIN=https:\/\/badges\.example/);
  });
});
