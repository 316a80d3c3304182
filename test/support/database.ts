import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import pg from 'pg';
import { DataSource } from 'typeorm';
import * as platform from '#platform';

export interface TestDatabase {
  /** Role insigne_api. */
  url: string;
  /** Role insigne_worker. */
  workerUrl: string;
  /** Role insigne_owner, which may do everything. */
  ownerUrl: string;
  /** Removes the database; connections still open are ended. */
  drop(): Promise<void>;
}

interface Roles {
  ownerUrl: string;
  apiUrl: string;
  workerUrl: string;
}

function roles(): Roles {
  const found = process.env.INSIGNE_TEST_POSTGRES;
  if (!found)
    throw new Error('No PostgreSQL: put the test under test/api, worker, cli or browser (jest.config.mjs)');
  return JSON.parse(found) as Roles;
}

const withDatabase = (url: string, name: string): string => {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
};

async function asOwner<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: withDatabase(roles().ownerUrl, database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const libraries = ['people', 'frameworks', 'workshops', 'signing', 'badges'];

type Door = Record<string, unknown>;

/** Applies every migration. The program's own function when it exists, else what the libraries export so far. */
async function migrateDatabase(ownerUrl: string): Promise<void> {
  if (existsSync(platform.projectFile('apps', 'cli', 'src', 'migrate.ts'))) {
    try {
      const program = (await import('../../apps/cli/src/migrate.js' as string)) as {
        migrate: (url: string) => Promise<unknown>;
      };
      await program.migrate(ownerUrl);
      return;
    } catch (error) {
      if (process.env.CI === 'true') throw error;
      console.warn(`apps/cli/src/migrate.ts does not load yet: ${String(error)}`);
    }
  }
  for (const name of libraries)
    try {
      const door = (await import(`../../libs/${name}/src/index.js`)) as Door;
      await applyMigrations(ownerUrl, (door[`${name}Migrations`] ?? []) as Migrations);
    } catch (error) {
      console.warn(`The tables of "${name}" are missing in the test databases: ${String(error)}`);
    }
}

// biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
type Migrations = Function[];

async function applyMigrations(url: string, migrations: Migrations): Promise<void> {
  const source = new DataSource(platform.dataSourceOptions({ url, entities: [], migrations, poolSize: 1 }));
  await source.initialize();
  try {
    await source.runMigrations();
    await platform.migrateQueue(url, (sql) => source.query(sql));
  } finally {
    await source.destroy();
  }
}

const templateName = 'insigne_template';
let templateReady: Promise<void> | undefined;

// One process of the run makes the template, the others wait for it.
const ensureTemplate = (): Promise<void> =>
  asOwner('postgres', async (client) => {
    const key = createHash('sha256').update(templateName).digest().readInt32BE();
    await client.query('select pg_advisory_lock($1)', [key]);
    const made = await client.query('select 1 from pg_database where datname = $1', [templateName]);
    if (made.rowCount) return;
    const making = `${templateName}_making`;
    await client.query(`drop database if exists ${making} with (force)`);
    await client.query(`create database ${making}`);
    await migrateDatabase(withDatabase(roles().ownerUrl, making));
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [making],
    );
    await client.query(`alter database ${making} rename to ${templateName}`);
    await client.query(`alter database ${templateName} with allow_connections false`);
  });

const addresses = (name: string): TestDatabase => {
  const { ownerUrl, apiUrl, workerUrl } = roles();
  return {
    url: withDatabase(apiUrl, name),
    workerUrl: withDatabase(workerUrl, name),
    ownerUrl: withDatabase(ownerUrl, name),
    drop: () =>
      asOwner('postgres', async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
};

const freshName = (): string => `test_${randomBytes(8).toString('hex')}`;

/** A fresh, migrated, empty database of the run's PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  templateReady ??= ensureTemplate();
  await templateReady;
  const name = freshName();
  await asOwner('postgres', (client) => client.query(`create database ${name} template ${templateName}`));
  return addresses(name);
}

/** A fresh database without any table, for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const name = freshName();
  await asOwner('postgres', (client) => client.query(`create database ${name}`));
  return addresses(name);
}
