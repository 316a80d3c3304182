import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Account, accountFor } from './embedded-postgres-account.js';
import { type Binaries, findBinaries } from './embedded-postgres-binaries.js';
import {
  checkVersion,
  clusterOf,
  makeCluster,
  type Passwords,
  passwordsOf,
  plainEnvironment,
  reachableCluster,
  refusalFor,
} from './embedded-postgres-cluster.js';
import { freePort, hasGone, isRunning, signal } from './process.js';
import { takeLock } from './process-lock.js';
import { StartRefused, type Tell } from './process-refusal.js';

export interface EmbeddedPostgresOptions {
  /** Folder that keeps everything: `postgres/`, `secrets/postgres.json`, `postgres.port`, `postgres.log`. */
  dataFolder: string;
  /** Receives sentences about what is being done. */
  tell?: Tell;
  /** More settings, such as { fsync: 'off' } for tests. */
  settings?: Record<string, string>;
  /** How long to wait for another process that uses the same data (default 30,000 ms). */
  waitMs?: number;
  /** Asked while waiting: true gives up at once. */
  until?: () => boolean;
}

export interface EmbeddedPostgres {
  /** Superuser of this cluster: migrations only. */
  ownerUrl: string;
  apiUrl: string;
  workerUrl: string;
  port: number;
  pid: number;
  /** Becomes true when PostgreSQL has ended by whatever cause. */
  ended: Promise<true>;
  /** Ends every connection, writes everything to disk and stops. Safe to call twice. */
  stop(): Promise<void>;
}

const databaseName = 'insigne';

/** Addresses of the three roles. */
export const urlsOf = (
  port: number,
  passwords: Passwords,
  database = databaseName,
): Pick<EmbeddedPostgres, 'ownerUrl' | 'apiUrl' | 'workerUrl'> => {
  const url = (role: keyof Passwords): string =>
    `postgres://insigne_${role}:${passwords[role]}@127.0.0.1:${port}/${database}`;
  return { ownerUrl: url('owner'), apiUrl: url('api'), workerUrl: url('worker') };
};

function postmasterOf(cluster: string): { pid: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), ready: lines[7]?.trim() === 'ready' };
  } catch {
    return undefined;
  }
}

const runsPostgres = (pid: number): boolean => {
  if (process.platform !== 'linux') return true;
  try {
    return basename(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '').startsWith('postgres');
  } catch {
    return false;
  }
};

/** Stops the PostgreSQL that a killed process left behind on this data folder, if there is one. */
async function stopOrphan(dataFolder: string): Promise<void> {
  const left = postmasterOf(clusterOf(dataFolder));
  if (!left || !(left.pid > 0) || !isRunning(left.pid) || !runsPostgres(left.pid)) return;
  await stopPostmaster(left.pid);
}

async function stopPostmaster(pid: number): Promise<void> {
  // SIGINT is PostgreSQL's "fast" stop: connections are ended, everything is written. SIGQUIT is its last resort.
  signal(pid, 'SIGINT');
  if (await hasGone(pid, 20_000)) return;
  signal(pid, 'SIGQUIT');
  await hasGone(pid, 5_000);
}

function settingsOf(port: number, more: Record<string, string> = {}): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '128MB',
    // No disk that turns: an index is worth its while in small tables too.
    random_page_cost: '1.1',
    // A new file of the write-ahead log is written once, not with zeros before.
    wal_init_zero: 'off',
    password_encryption: 'scram-sha-256',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const logLimit = 10 * 1024 * 1024;

interface Launch {
  cluster: string;
  binaries: Binaries;
  account: Account;
  logFile: string;
}

async function launch(place: Launch, port: number, settings?: Record<string, string>): Promise<ChildProcess> {
  const logged = statSync(place.logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (logged > logLimit) truncateSync(place.logFile);
  const from = logged > logLimit ? 0 : logged;
  const log = openSync(place.logFile, 'a', 0o600);
  // Its own process group: Ctrl-C in a terminal must not reach it before the processes that use it have ended.
  const child = spawn(place.binaries.postgres, ['-D', place.cluster, ...settingsOf(port, settings)], {
    ...place.account,
    cwd: place.cluster,
    env: plainEnvironment,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  child.unref();
  for (;;) {
    const known = postmasterOf(place.cluster);
    if (known?.pid === child.pid && known?.ready) return child;
    if (failure || child.exitCode !== null || child.signalCode !== null) {
      const words = readFileSync(place.logFile, 'utf8').slice(from);
      throw refusalFor(failure?.message ?? words);
    }
    await sleep(15);
  }
}

const portFile = (dataFolder: string): string => join(dataFolder, 'postgres.port');

/** The port of the last start, 0 when there was none. */
export const keptPort = (dataFolder: string): number =>
  existsSync(portFile(dataFolder)) ? Number(readFileSync(portFile(dataFolder), 'utf8')) : 0;

async function launchOnFreePort(
  place: Launch,
  options: EmbeddedPostgresOptions,
): Promise<[ChildProcess, number]> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(attempt === 1 ? keptPort(options.dataFolder) : undefined);
    try {
      const child = await launch(place, port, options.settings);
      writeFileSync(portFile(options.dataFolder), String(port));
      return [child, port];
    } catch (error) {
      // Somebody took the port between the look and the start.
      const taken =
        error instanceof StartRefused && /could not create any TCP/.test(String(error.details?.log));
      if (!taken || attempt === 3) throw error;
    }
  }
}

/** Makes the database and the roles, and gives the roles the passwords we keep. May be repeated. */
async function prepare(port: number, passwords: Passwords): Promise<void> {
  const client = new pg.Client({ connectionString: urlsOf(port, passwords, 'postgres').ownerUrl });
  await client.connect();
  try {
    const known = await client.query<{ name: string }>(
      'select rolname as name from pg_roles union all select datname from pg_database',
    );
    const names = new Set(known.rows.map((row) => row.name));
    for (const role of ['api', 'worker'] as const) {
      const verb = names.has(`insigne_${role}`) ? 'alter' : 'create';
      await client.query(`${verb} role insigne_${role} login password '${passwords[role]}'`);
    }
    if (names.has(databaseName)) return;
    const lz4 = await client.query(
      "select 1 from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)",
    );
    if (lz4.rowCount) await client.query("alter system set default_toast_compression = 'lz4'");
    await client.query('select pg_reload_conf()');
    await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

/**
 * Starts the real PostgreSQL that comes with the program, listening on 127.0.0.1 only, for one data folder.
 * Works as root (it then runs as the system user `postgres`) and as an ordinary user. A PostgreSQL that a killed
 * process left behind on the same folder is stopped first; two never run on one folder.
 * The roles insigne_owner (superuser), insigne_api and insigne_worker exist afterwards, with random passwords.
 * @throws StartRefused `data_folder_in_use`, `data_folder_not_writable`, `disk_full`, `passwords_missing`,
 *   `platform_not_supported`, `postgres_account_missing`, `postgres_data_newer`, `postgres_data_older`,
 *   `postgres_not_startable`, `wrong_owner`
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataFolder = resolve(options.dataFolder);
  makeDataFolder(dataFolder);
  const lock = await takeLock(
    join(dataFolder, 'postgres.lock'),
    'postgres',
    options.waitMs ?? 30_000,
    options.until,
  );
  if ('holder' in lock)
    throw new StartRefused('data_folder_in_use', {
      fr: `La base du dossier ${dataFolder} est déjà utilisée par le processus ${lock.holder.pid} : arrêtez-le, ou choisissez un autre dossier avec --data.`,
      en: `The database of the folder ${dataFolder} is already used by process ${lock.holder.pid}: stop it, or choose another folder with --data.`,
    });
  try {
    return await startLocked({ ...options, dataFolder }, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startLocked(options: EmbeddedPostgresOptions, release: () => void): Promise<EmbeddedPostgres> {
  const { dataFolder, tell = () => undefined } = options;
  const account = accountFor(clusterOf(dataFolder), tell);
  const cluster = reachableCluster(dataFolder, account, tell);
  const binaries = findBinaries(account, tell);
  const passwords = passwordsOf(dataFolder);
  if (existsSync(cluster)) checkVersion(cluster, binaries.major);
  else makeCluster(cluster, binaries, account, passwords.owner);
  await stopOrphan(dataFolder);

  const place = { cluster, binaries, account, logFile: join(dataFolder, 'postgres.log') };
  const [child, port] = await launchOnFreePort(place, options);
  const pid = child.pid as number;
  const ended = (child.exitCode === null ? once(child, 'exit') : Promise.resolve()).then((): true => true);
  const stop = async (): Promise<void> => {
    await stopPostmaster(pid);
    release();
  };
  try {
    await prepare(port, passwords);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...urlsOf(port, passwords), port, pid, ended, stop };
}

function makeDataFolder(dataFolder: string): void {
  try {
    mkdirSync(dataFolder, { recursive: true });
    mkdirSync(join(dataFolder, 'secrets'), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartRefused(
      'data_folder_not_writable',
      {
        fr: `Le dossier ${dataFolder} ne peut pas être créé ou écrit : choisissez-en un autre avec --data.`,
        en: `The folder ${dataFolder} can't be made or written: choose another with --data.`,
      },
      { cause },
    );
  }
}
