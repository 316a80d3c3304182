import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../apps/cli/src/migrate.js';

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
    await migrate(withDatabase(roles().ownerUrl, making));
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
