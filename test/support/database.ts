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

const templates = new Map<string, Promise<void>>();

// One process of the run makes a template, the others wait for it.
const ensureTemplate = (
  name: string,
  fill: (database: TestDatabase) => Promise<void>,
  from = 'template1',
): Promise<void> =>
  asOwner('postgres', async (client) => {
    const key = createHash('sha256').update(name).digest().readInt32BE();
    await client.query('select pg_advisory_lock($1)', [key]);
    const made = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (made.rowCount) return;
    const making = `${name}_making`;
    await client.query(`drop database if exists ${making} with (force)`);
    await client.query(`create database ${making} template ${from}`);
    await fill(addresses(making));
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [making],
    );
    await client.query(`alter database ${making} rename to ${name}`);
    await client.query(`alter database ${name} with allow_connections false`);
  });

const migrated = 'insigne_template';
async function ensureMigrated(): Promise<void> {
  const making =
    templates.get(migrated) ??
    ensureTemplate(migrated, async ({ ownerUrl }) => void (await migrate(ownerUrl)));
  templates.set(migrated, making);
  await making;
}

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

const copyOf = async (template: string): Promise<TestDatabase> => {
  const name = freshName();
  await asOwner('postgres', (client) => client.query(`create database ${name} template ${template}`));
  return addresses(name);
};

/** A fresh, migrated, empty database of the run's PostgreSQL. */
export async function createTestDatabase(): Promise<TestDatabase> {
  await ensureMigrated();
  return await copyOf(migrated);
}

/**
 * A fresh, migrated database that holds what `fill` writes: written once in the run, and copied from then on.
 * @param what name of that content, in lower-case letters
 */
export async function createFilledDatabase(
  what: string,
  fill: (database: TestDatabase) => Promise<void>,
): Promise<TestDatabase> {
  await ensureMigrated();
  const template = `${migrated}_${what}`;
  const making = templates.get(template) ?? ensureTemplate(template, fill, migrated);
  templates.set(template, making);
  await making;
  return await copyOf(template);
}

/**
 * A fresh database without any table, for tests of the migrations themselves.
 * @param encoding of PostgreSQL, when it is not to be UTF8
 */
export async function createEmptyDatabase(encoding?: string): Promise<TestDatabase> {
  const name = freshName();
  const other = encoding
    ? ` encoding '${encoding}' template template0 locale_provider libc lc_collate 'C' lc_ctype 'C'`
    : '';
  await asOwner('postgres', (client) => client.query(`create database ${name}${other}`));
  return addresses(name);
}
