import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { projectFile } from '#platform';
import { migrate } from '../../apps/cli/src/migrate.js';
import { startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import { describeWith } from '../support/describe-with.js';
import { temporaryFolder } from '../support/program.js';

import.meta.jest.setTimeout(120_000);

const roles = ['owner', 'api', 'worker'] as const;

describeWith('psql', 'docker/make-roles.sh, on a PostgreSQL of one’s own', () => {
  const { folder, remove } = temporaryFolder();
  const secrets = join(folder, 'docker-secrets');
  let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ dataFolder: join(folder, 'data'), settings: { fsync: 'off' } });
    // What a provider gives: a server without anything of ours, and a role that makes roles and databases.
    await ask(
      postgres.ownerUrl,
      "create role first superuser login password 'first'",
      "create role dba login createrole createdb password 'dba'",
    );
    await ask(
      urlOf('first', 'first', 'postgres'),
      'drop database insigne with (force)',
      'drop role insigne_api, insigne_worker',
      'alter role insigne_owner rename to provider',
    );
    execFileSync('sh', [projectFile('docker', 'make-secrets.sh'), secrets]);
  });
  afterAll(async () => {
    await postgres?.stop();
    await remove();
  });

  const urlOf = (role: string, password: string, database = 'insigne'): string =>
    `postgres://${role}:${password}@127.0.0.1:${postgres.port}/${database}`;
  const passwordOf = (role: string): string => readFileSync(join(secrets, `${role}_password`), 'utf8').trim();
  const ask = async (url: string, ...statements: string[]): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: unknown[] = [];
      for (const sql of statements) rows = (await client.query(sql)).rows;
      return rows;
    } finally {
      await client.end();
    }
  };
  const makeRoles = () =>
    spawnSync('sh', [projectFile('docker', 'make-roles.sh')], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        SECRETS: secrets,
        PGHOST: '127.0.0.1',
        PGPORT: String(postgres.port),
        PGUSER: 'dba',
        PGPASSWORD: 'dba',
      },
    });
  const refused = (url: string): Promise<string> =>
    ask(url, 'select 1').then(
      () => 'let in',
      (error: { code: string }) => error.code,
    );

  it('makes what the migration and both programs log in with, without a superuser', async () => {
    expect(makeRoles()).toMatchObject({ status: 0, stderr: '' });
    await migrate(urlOf('insigne_owner', passwordOf('owner')));
    for (const role of ['api', 'worker']) {
      expect(
        await ask(
          urlOf(`insigne_${role}`, passwordOf(role)),
          'select count(*)::int as badges from credential',
        ),
      ).toEqual([{ badges: 0 }]);
      for (const wrong of ['', 'guess', passwordOf('owner')])
        expect(await refused(urlOf(`insigne_${role}`, wrong))).not.toBe('let in');
    }
    const [{ rolsuper }] = (await ask(
      urlOf('first', 'first', 'postgres'),
      "select bool_or(rolsuper) as rolsuper from pg_roles where rolname like 'insigne%'",
    )) as [{ rolsuper: boolean }];
    expect(rolsuper).toBe(false);
  });

  it('gives new passwords when it is run again, and keeps the data', async () => {
    const before = passwordOf('api');
    rmSync(join(secrets, 'api_password'));
    writeFileSync(join(secrets, 'api_password'), 'another-password-of-the-api');
    expect(makeRoles()).toMatchObject({ status: 0, stderr: '' });
    expect(await refused(urlOf('insigne_api', before))).toBe('28P01');
    for (const role of roles)
      expect(await refused(urlOf(`insigne_${role}`, passwordOf(role)))).toBe('let in');
    expect(await ask(urlOf('insigne_api', passwordOf('api')), 'select from schema_migration')).not.toEqual(
      [],
    );
  });

  it('says which password is missing, and then makes nothing', () => {
    rmSync(join(secrets, 'worker_password'));
    const { status, stderr } = makeRoles();
    expect([status, stderr]).toEqual([
      1,
      expect.stringContaining('worker_password: run docker/make-secrets.sh'),
    ]);
  });
});
