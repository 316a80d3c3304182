import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DomainError } from './errors.js';
import { logger } from './log.js';
import type { Text } from './text.js';

const log = logger('serving');
const lookEveryMs = 10_000;
const retryMs = 1_000;

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

/**
 * A connection that holds the lock of this database, or undefined when others hold it. The lock is that of a transaction
 * which stays open, not of a session: a pool in between (PgBouncer, by transactions) would hand a session with its lock
 * on to others, and keep it when this process has gone. The transaction reads and writes nothing, so that it keeps
 * neither a snapshot nor a row. PostgreSQL finds out within a minute when this machine is gone.
 */
async function hold(url: string, mode: 'shared' | 'alone'): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: lookEveryMs,
    query_timeout: lookEveryMs,
    keepAlive: true,
  });
  // What fails is told by its query, or by `end`.
  client.on('error', () => undefined);
  let isMine = false;
  try {
    await client.connect();
    await client.query('begin');
    const take = mode === 'shared' ? 'pg_try_advisory_xact_lock_shared' : 'pg_try_advisory_xact_lock';
    const { rows } = await client.query<{ mine: boolean }>(
      `select ${take}(hashtextextended('insigne serves', 0)) as mine,
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
  for (;;) {
    await sleep(retryMs, undefined, { ref: false });
    // While the database is away, others tell it.
    const again = await hold(url, 'shared').catch(() => 'away' as const);
    if (again === 'away') continue;
    if (again) return keep(url, again);
    const refusal = new RestoreRunning();
    log.fatal({ code: refusal.code }, refusal.message);
    process.kill(process.pid, 'SIGTERM');
    return;
  }
}

/**
 * Does a work while no process serves this database, and none can start to.
 * @returns what the work returns, or undefined, without having done it, while one serves
 */
export async function whileNobodyServes<T>(url: string, work: () => Promise<T>): Promise<T | undefined> {
  const held = await hold(url, 'alone');
  if (!held) return undefined;
  const look = setInterval(() => void held.query('select 1').catch(() => undefined), lookEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(look);
    await held.end().catch(() => undefined);
  }
}
