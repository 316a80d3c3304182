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

  it('is told of an api by a transaction that keeps no snapshot and no row, so that vacuum waits for none', async () => {
    await anApi();
    await serves();
    const held = (): Promise<unknown[]> =>
      owner
        .query(
          `select a.state, a.backend_xid, a.backend_xmin from pg_stat_activity a join pg_locks l on l.pid = a.pid
           where a.datname = current_database() and l.locktype = 'advisory'`,
        )
        .then(({ rows }) => rows);
    const idle = { state: 'idle in transaction', backend_xid: null, backend_xmin: null };
    expect(await eventually(held, ([one]) => isDeepStrictEqual(one, idle), 20_000)).toEqual([idle]);
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
});
