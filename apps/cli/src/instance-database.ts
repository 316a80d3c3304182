import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { StartRefused, startEmbeddedPostgres, type Tell } from '../../../libs/platform/src/processes.js';
import type { InstanceSettings } from './instance-settings.js';
import { refuseOtherEncoding } from './refuse-encoding.js';

/** Addresses of the database for its three roles (postgres://, with passwords: never print them). */
export interface DatabaseUrls {
  ownerUrl: string;
  apiUrl: string;
  workerUrl: string;
}

export interface OpenDatabase extends DatabaseUrls {
  /** Port of the embedded PostgreSQL, null for an external one. */
  port: number | null;
  /** Resolves when the embedded PostgreSQL has ended; never for an external one. */
  ended: Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * The database of an instance: the operator's (DATABASE_URL), else the embedded one, which is started.
 * @throws StartRefused `database_not_reachable`, `database_not_utf8`, `database_role_exists`, and those of startEmbeddedPostgres
 */
export async function openDatabase(
  settings: InstanceSettings,
  tell?: Tell,
  until?: () => boolean,
): Promise<OpenDatabase> {
  if (!settings.databaseUrl)
    return await startEmbeddedPostgres({ dataFolder: settings.dataFolder, tell, until });
  const urls = await externalUrls(settings, settings.databaseUrl);
  return { ...urls, port: null, ended: new Promise(() => undefined), stop: () => Promise.resolve() };
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    return client;
  } catch (cause) {
    const { username, host, pathname } = new URL(url);
    const where = `${username}@${host}${pathname}`;
    const why = (cause as Error).message || (cause as NodeJS.ErrnoException).code;
    throw new StartRefused(
      'database_not_reachable',
      {
        fr: `La base ${where} ne répond pas (${why}) : vérifiez DATABASE_URL et que PostgreSQL tourne.`,
        en: `The database ${where} does not answer (${why}): check DATABASE_URL and that PostgreSQL runs.`,
      },
      { cause },
    );
  }
}

type RolePasswords = Record<'insigne_api' | 'insigne_worker', string>;

// Roles belong to a whole server, so that one which is there already may be another installation's: it is used
// with the password we gave it or with the address the operator gives, and never changed.
async function externalUrls(settings: InstanceSettings, ownerUrl: string): Promise<DatabaseUrls> {
  const { apiDatabaseUrl, workerDatabaseUrl } = settings;
  const owner = await connect(ownerUrl);
  try {
    // Before any role is made, or any password kept.
    await refuseOtherEncoding(async (sql) => (await owner.query(sql)).rows);
    if (apiDatabaseUrl && workerDatabaseUrl)
      return { ownerUrl, apiUrl: apiDatabaseUrl, workerUrl: workerDatabaseUrl };
    const passwords = keptPasswords(settings.dataFolder);
    for (const role of ['insigne_api', 'insigne_worker'] as const) await makeRole(owner, role, passwords);
    const urlOf = (role: keyof RolePasswords): string => {
      const url = new URL(ownerUrl);
      url.username = role;
      url.password = passwords[role];
      return url.href;
    };
    const urls = { ownerUrl, apiUrl: urlOf('insigne_api'), workerUrl: urlOf('insigne_worker') };
    for (const url of [urls.apiUrl, urls.workerUrl]) await (await connectAsRole(url)).end();
    return urls;
  } finally {
    await owner.end();
  }
}

function keptPasswords(dataFolder: string): RolePasswords {
  const file = join(dataFolder, 'secrets', 'database.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as RolePasswords;
  const password = (): string => randomBytes(24).toString('base64url');
  const passwords = { insigne_api: password(), insigne_worker: password() };
  mkdirSync(join(dataFolder, 'secrets'), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

async function makeRole(
  owner: pg.Client,
  role: keyof RolePasswords,
  passwords: RolePasswords,
): Promise<void> {
  const known = await owner.query('select 1 from pg_roles where rolname = $1', [role]);
  if (!known.rowCount) await owner.query(`create role ${role} login password '${passwords[role]}'`);
}

async function connectAsRole(url: string): Promise<pg.Client> {
  try {
    return await connect(url);
  } catch (cause) {
    const { username } = new URL(url);
    throw new StartRefused(
      'database_role_exists',
      {
        fr: `Le rôle ${username} existe déjà sur ce serveur avec un autre mot de passe : donnez les adresses complètes dans INSIGNE_API_DATABASE_URL et INSIGNE_WORKER_DATABASE_URL.`,
        en: `The role ${username} exists already on that server with another password: give the full addresses in INSIGNE_API_DATABASE_URL and INSIGNE_WORKER_DATABASE_URL.`,
      },
      { cause },
    );
  }
}
