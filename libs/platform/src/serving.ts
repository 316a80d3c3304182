import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DomainError } from './errors.js';
import { logger } from './log.js';
import type { Text } from './text.js';

const log = logger('serving');
const lookEveryMs = 10_000;
const retryMs = 1_000;
const warnEvery = 60;
const theLock = "hashtextextended('insigne serves', 0)";

/** Somebody works on this database alone: what a backup lacks is being put back (`restore_running`). */
export class RestoreRunning extends DomainError {
  readonly code = 'restore_running';
  readonly text: Required<Text>;
  constructor() {
    const text = {
      fr: '« insigne restore reconcile » travaille sur cette base : attendez sa fin, puis démarrez.',
      en: '"insigne restore reconcile" works on this database: wait until it has ended, then start.',
    };
    super(`${text.fr} / ${text.en}`);
    this.text = text;
  }
}

/** An api or worker serves this database since what a backup lacks is being put back (`service_started`). */
export class ServiceStarted extends DomainError {
  readonly code = 'service_started';
  readonly text: Required<Text> = {
    fr: 'La liaison qui gardait la base pour ce travail seul a été coupée, et une api ou un worker a démarré depuis : arrêtez chacun d’eux, puis recommencez. Ce qui est déjà remis n’est pas perdu.',
    en: 'The connection that kept the database for this work alone was cut, and an api or a worker has started since: stop each of them, then run again. What was put back already is not lost.',
  };
  constructor() {
    super('An api or worker has started to serve this database');
  }
}

function aClient(url: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: lookEveryMs,
    query_timeout: lookEveryMs,
    keepAlive: true,
  });
  // What fails is told by its query, or by `end`.
  return client.on('error', () => undefined);
}

/**
 * A connection that holds the lock of this database, or undefined when others hold it. The lock is that of a transaction
 * which stays open, not of a session: a pool in between (PgBouncer, by transactions) would hand a session with its lock
 * on to others, and keep it when this process has gone. The transaction reads and writes nothing, so that it keeps
 * neither a snapshot nor a row. PostgreSQL finds out within a minute when this machine is gone.
 */
async function hold(url: string, mode: 'shared' | 'alone'): Promise<pg.Client | undefined> {
  const client = aClient(url);
  let isMine = false;
  try {
    await client.connect();
    // With a stricter level, which may be the database's default, it would keep its first snapshot, and vacuum wait.
    await client.query('begin isolation level read committed');
    const take = mode === 'shared' ? 'pg_try_advisory_xact_lock_shared' : 'pg_try_advisory_xact_lock';
    const { rows } = await client.query<{ mine: boolean }>(
      `select ${take}(${theLock}) as mine,
              set_config('idle_in_transaction_session_timeout', '0', true),
              case when current_setting('transaction_timeout', true) is not null
                   then set_config('transaction_timeout', '0', true) end,
              set_config('tcp_keepalives_idle', '20', true), set_config('tcp_keepalives_interval', '5', true),
              set_config('tcp_keepalives_count', '4', true)`,
    );
    isMine = rows[0]!.mine;
    return isMine ? client : undefined;
  } finally {
    if (!isMine) void client.end().catch(() => undefined);
  }
}

/** Resolves when the connection is lost; looks at it, since a server that vanishes does not say so. */
const lost = (client: pg.Client): Promise<void> =>
  new Promise((resolve) => {
    const over = (): void => {
      clearInterval(look);
      void client.end().catch(() => undefined);
      resolve();
    };
    const look = setInterval(() => void client.query('select 1').catch(over), lookEveryMs).unref();
    client.once('end', over);
  });

/**
 * Tells the database, from now until this process ends, that it serves: nobody can then work on it alone. A connection
 * that is lost is made again; where somebody works alone by then, this process is asked to end.
 * @throws RestoreRunning (`restore_running`); errors of the database
 */
export async function serve(url: string): Promise<void> {
  const held = await hold(url, 'shared');
  if (!held) throw new RestoreRunning();
  void keep(url, held);
}

async function keep(url: string, held: pg.Client): Promise<void> {
  await lost(held);
  for (let tries = 0; ; tries += 1) {
    await sleep(retryMs, undefined, { ref: false });
    const again = await hold(url, 'shared').catch((error: Error) => error);
    if (again instanceof Error) {
      // The database may be away, or have no connection left for this one alone.
      if (tries % warnEvery === 0)
        log.warn({ err: again.message }, 'the database is not told that this serves');
      continue;
    }
    if (again) return keep(url, again);
    const refusal = new RestoreRunning();
    log.fatal({ code: refusal.code }, refusal.message);
    process.kill(process.pid, 'SIGTERM');
    return;
  }
}

/**
 * Does a work while no process serves this database, and none can start to. A connection that is lost is made again.
 * @param work must end of itself soon after this has thrown
 * @returns what the work returns, or undefined, without having done it, while one serves
 * @throws ServiceStarted (`service_started`) where one serves after the connection was lost
 */
export async function whileNobodyServes<T>(url: string, work: () => Promise<T>): Promise<T | undefined> {
  const held = await hold(url, 'alone');
  if (!held) return undefined;
  const alone = { held, isOver: false };
  try {
    return await Promise.race([work(), stayAlone(url, alone)]);
  } finally {
    alone.isOver = true;
    await alone.held.end().catch(() => undefined);
  }
}

async function stayAlone(url: string, alone: { held: pg.Client; isOver: boolean }): Promise<undefined> {
  while (!alone.isOver) {
    await lost(alone.held);
    while (!alone.isOver) {
      const again = await hold(url, 'alone').catch(() => 'away' as const);
      if (again !== undefined && again !== 'away') {
        alone.held = again;
        break;
      }
      if (again === undefined && (await isServed(url).catch(() => false))) throw new ServiceStarted();
      // What else holds the lock keeps the others out too: mostly the connection that was given up, until its end.
      // Nobody serves a database that is away, and the work is told so by its own connections.
      await sleep(retryMs, undefined, { ref: false });
    }
  }
  await alone.held.end().catch(() => undefined);
}

/** Does somebody share the lock? */
async function isServed(url: string): Promise<boolean> {
  const client = aClient(url);
  try {
    await client.connect();
    const { rowCount } = await client.query(
      `select from pg_locks
       where locktype = 'advisory' and mode = 'ShareLock' and granted and objsubid = 1
         and database = (select oid from pg_database where datname = current_database())
         and (classid::bigint << 32 | objid::bigint) = ${theLock}`,
    );
    return rowCount! > 0;
  } finally {
    void client.end().catch(() => undefined);
  }
}
