import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import pg from 'pg';
import { whileNobodyServes } from '#platform';
import { type ArchivedWorld, anArchivedWorld } from '../support/archived-world.js';
import { databaseEnvironment, runHere } from '../support/command-line.js';
import { origin } from '../support/issuance-world.js';
import { freeTestPort } from '../support/program.js';
import { eventually, ServiceProcess, serviceSecrets } from '../support/service-process.js';

import.meta.jest.setTimeout(300_000);

describe('insigne restore reconcile, with the address of a database that others may serve', () => {
  let archived: ArchivedWorld;
  let owner: pg.Client;
  let folder: string;
  let secrets: ReturnType<typeof serviceSecrets>;
  const running: ServiceProcess[] = [];
  beforeEach(async () => {
    archived = await anArchivedWorld();
    await archived.issueRoom(1);
    owner = new pg.Client({ connectionString: archived.world.urls.ownerUrl });
    await owner.connect();
    folder = mkdtempSync(join(tmpdir(), 'insigne beside '));
    secrets = serviceSecrets();
  });
  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop('SIGKILL');
    await owner?.end();
    await archived?.close();
    secrets.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  /** As in the command line's container: the addresses of the database, and a data folder that nobody else has. */
  const reconcile = (words: string[] = [], environment: Record<string, string> = {}) =>
    runHere(['restore', 'reconcile', ...words], {
      ...databaseEnvironment(archived.world.urls),
      INSIGNE_DATA: join(folder, 'data'),
      INSIGNE_ARCHIVE_FOLDER: archived.archiveFolder,
      INSIGNE_ORIGIN: origin,
      INSIGNE_LOG_LEVEL: 'silent',
      INSIGNE_KEY_SERVICE: `file:${join(folder, 'unused.key')}`,
      ...environment,
    });
  const refusal = /^The service runs on this data: stop it first .* nothing was changed\. .* in a minute\.$/m;
  const done = { code: 0, out: expect.stringContaining('1 there already') };

  const anApi = async (): Promise<ServiceProcess> => {
    const api = await ServiceProcess.api({
      databaseUrl: archived.world.urls.url,
      origin,
      tokenSecretFile: secrets.tokenSecretFile,
      environment: { PORT: String(await freeTestPort()) },
    });
    running.push(api);
    return api;
  };
  /** Processes that tell this database that they serve it. */
  const serving = async (): Promise<number> => {
    const { rows } = await owner.query<{ pid: number }>(
      `select l.pid from pg_locks l join pg_database d on d.oid = l.database
       where l.locktype = 'advisory' and l.mode = 'ShareLock' and d.datname = current_database()`,
    );
    return rows.length;
  };
  const cutOff = (): Promise<unknown> =>
    owner.query(
      `select pg_terminate_backend(l.pid, 10000) from pg_locks l join pg_database d on d.oid = l.database
       where l.locktype = 'advisory' and l.mode = 'ShareLock' and d.datname = current_database()`,
    );
  const databaseName = (): string => new URL(archived.world.urls.ownerUrl).pathname.slice(1);
  const serves = (): Promise<number> => eventually(serving, (number) => number === 1);

  it('changes nothing beside an api, lets a dry run look, and goes ahead once the api was killed', async () => {
    const api = await anApi();
    await serves();
    expect(await reconcile()).toMatchObject({ code: 1, out: '', err: expect.stringMatching(refusal) });
    expect(await reconcile([], { LC_ALL: 'fr_FR.UTF-8' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('Le service tourne sur ces données : arrêtez-le d’abord'),
    });
    expect(await reconcile(['--dry-run'])).toMatchObject(done);
    await api.stop('SIGKILL');
    await eventually(serving, (number) => number === 0);
    expect(await reconcile()).toMatchObject(done);
  });

  it('changes nothing beside a worker that beats without holding the lock, and waits for none that stopped or fell silent', async () => {
    const beat = (seenAt: string, stoppedAt: string): Promise<unknown> =>
      owner.query(
        `delete from worker_heartbeat; insert into worker_heartbeat (id, version, engine, seen_at, stopped_at)
         values (gen_random_uuid(), '0.1.0', 'postgres', now() - interval '${seenAt}', ${stoppedAt})`,
      );
    await beat('20 seconds', 'null');
    expect(await reconcile()).toMatchObject({ code: 1, err: expect.stringMatching(refusal) });
    for (const [seenAt, stoppedAt] of [
      ['1 minute', 'null'],
      ['20 seconds', 'now()'],
    ] as const) {
      await beat(seenAt, stoppedAt);
      expect(await reconcile()).toMatchObject(done);
    }
  });

  it.each([
    ['with the usual settings', []],
    [
      'where transactions may not idle, and keep what they saw first',
      ['idle_in_transaction_session_timeout = 500', "default_transaction_isolation = 'repeatable read'"],
    ],
  ])(
    'is told of an api by a transaction that keeps no snapshot and no row, so that vacuum waits for none, %s',
    async (_, settings) => {
      for (const setting of settings) await owner.query(`alter database ${databaseName()} set ${setting}`);
      await anApi();
      await serves();
      const held = (): Promise<({ pid: number } | undefined)[]> =>
        owner
          .query(
            `select a.pid, a.state, a.backend_xid, a.backend_xmin from pg_stat_activity a
             join pg_locks l on l.pid = a.pid where a.datname = current_database() and l.locktype = 'advisory'`,
          )
          .then(({ rows }) => rows);
      const [{ pid } = { pid: 0 }] = await held();
      const idle = { pid, state: 'idle in transaction', backend_xid: null, backend_xmin: null };
      await owner.query('select pg_sleep(1.5)');
      expect(await eventually(held, ([one]) => isDeepStrictEqual(one, idle), 20_000)).toEqual([idle]);
    },
  );

  it('says in its log that the database cannot be told, and tells it again as soon as it can', async () => {
    const api = await anApi();
    await serves();
    const address = new URL(archived.world.urls.ownerUrl);
    address.pathname = '/postgres';
    const elsewhere = new pg.Client({ connectionString: address.href });
    await elsewhere.connect();
    const allow = (may: boolean): Promise<unknown> =>
      elsewhere.query(`alter database ${databaseName()} with allow_connections ${may}`);
    try {
      expect(api.output).not.toContain('is not told');
      await allow(false);
      await cutOff();
      await eventually(
        async () => api.output,
        (output) => output.includes('the database is not told that this serves'),
      );
    } finally {
      await allow(true);
      await elsewhere.end();
    }
    expect([await serves(), api.isOver]).toEqual([1, false]);
  });

  it('lets no process begin to serve meanwhile, and ends one that had lost its connection', async () => {
    const { workerUrl } = archived.world.urls;
    const refused = await whileNobodyServes(workerUrl, async () => {
      const late = await anApi();
      return { code: await late.ended, output: late.output };
    });
    expect(refused).toEqual({ code: 1, output: expect.stringContaining('restore_running') });

    const api = await anApi();
    await serves();
    expect(await whileNobodyServes(workerUrl, async () => 'alone')).toBeUndefined();
    await cutOff();
    expect(await serves()).toBe(1);
    expect(api.isOver).toBe(false);
    await cutOff();
    const end = await whileNobodyServes(workerUrl, () => api.ended);
    expect(['SIGTERM', 0, 143]).toContain(end);
    expect(api.output).toContain('restore_running');
  });

  /** Ends the connection that keeps the database for a reconciliation alone. */
  const cutOffAlone = (): Promise<unknown> =>
    owner.query(
      `select pg_terminate_backend(pid, 10000) from pg_locks
       where locktype = 'advisory' and mode = 'ExclusiveLock' and granted
         and database = (select oid from pg_database where datname = current_database())`,
    );

  /** Until somebody waits for such a lock. */
  const waits = (kind: 'advisory' | 'relation'): Promise<unknown> =>
    eventually(
      () =>
        owner.query(
          `select from pg_locks where not granted and locktype = $1
           and database = (select oid from pg_database where datname = current_database())`,
          [kind],
        ),
      ({ rowCount }) => rowCount === 1,
    );

  it('is alone again when its connection was cut, and lets none begin to serve then either', async () => {
    const { url, workerUrl } = archived.world.urls;
    const worked = await whileNobodyServes(workerUrl, async () => {
      await cutOffAlone();
      await eventually(
        () => whileNobodyServes(url, async () => 'free'),
        (free) => free === undefined,
      );
      return 'to its end';
    });
    expect(worked).toBe('to its end');
    expect(await whileNobodyServes(url, async () => 'free')).toBe('free');
  });

  it('goes on while its connection, given up, still holds the lock: nobody serves then', async () => {
    const { ownerUrl, workerUrl } = archived.world.urls;
    const old = new pg.Client({ connectionString: ownerUrl });
    await old.connect();
    const theLock = "hashtextextended('insigne serves', 0)";
    const worked = whileNobodyServes(workerUrl, async () => {
      const taken = old.query(`select pg_advisory_lock(${theLock})`);
      await waits('advisory');
      await cutOffAlone();
      await taken;
      await old.query('select pg_sleep(1.5)');
      await old.end();
      const heldAgain = `select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and granted
                         and database = (select oid from pg_database where datname = current_database())`;
      return await eventually(
        async () => (await owner.query(heldAgain)).rows.length,
        (number) => number === 1,
      );
    });
    expect(await worked).toBe(1);
  });

  it('stops, and says so, when somebody began to serve in the moment in which its connection was cut', async () => {
    const { ownerUrl, url } = archived.world.urls;
    const [blocking, serving] = [ownerUrl, url].map(
      (connectionString) => new pg.Client({ connectionString }),
    );
    await blocking!.connect();
    await serving!.connect();
    try {
      await blocking!.query('begin; lock table credential in access exclusive mode');
      const reconciling = reconcile();
      await waits('relation');
      const begun = serving!.query("select pg_advisory_lock_shared(hashtextextended('insigne serves', 0))");
      await waits('advisory');
      await cutOffAlone();
      await begun;
      // It ends once what it was doing has an end.
      await owner.query('select pg_sleep(0.5)');
      await blocking!.query('rollback');
      expect(await reconciling).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringContaining('an api or a worker has started since'),
      });
    } finally {
      await blocking!.end();
      await serving!.end();
    }
    expect(await eventually(reconcile, ({ code }) => code === 0)).toMatchObject(done);
  });
});
