import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { clusterOf } from '../../libs/platform/src/embedded-postgres-cluster.js';
import { type StartRefused, startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import { temporaryFolder } from '../support/program.js';

import.meta.jest.setTimeout(120_000);

const { folder, remove } = temporaryFolder();
afterAll(remove);

const start = (waitMs = 0): ReturnType<typeof startEmbeddedPostgres> =>
  startEmbeddedPostgres({ dataFolder: folder, waitMs });

async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const refusal = (): Promise<string> =>
  start().then(
    async (postgres) => {
      await postgres.stop();
      return 'started';
    },
    (error: StartRefused) => error.code,
  );

describe('The embedded PostgreSQL', () => {
  it('keeps data, port and passwords from one start to the next', async () => {
    const first = await start();
    await ask(first.ownerUrl, "create table kept as select 'Zoé' as word");
    await first.stop();
    const second = await start();
    expect(second.ownerUrl).toBe(first.ownerUrl);
    expect(await ask(second.ownerUrl, 'select upper(word) as word from kept')).toEqual([{ word: 'ZOÉ' }]);
    await second.stop();
  });

  it('writes durably, checks its pages, and lets nobody in without a password or from elsewhere', async () => {
    const postgres = await start();
    const settings = await ask(
      postgres.ownerUrl,
      "select name, setting from pg_settings where name in ('fsync','data_checksums','listen_addresses','password_encryption','unix_socket_directories')",
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      data_checksums: 'on',
      listen_addresses: '127.0.0.1',
      password_encryption: 'scram-sha-256',
      unix_socket_directories: '',
    });
    const strangers = new URL(postgres.ownerUrl);
    strangers.password = 'guess';
    await expect(ask(strangers.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    await expect(ask(postgres.apiUrl, 'create table mine (id int)')).rejects.toThrow(/permission denied/);
    expect(statSync(join(folder, 'secrets', 'postgres.json')).mode & 0o777).toBe(0o600);
    await postgres.stop();
  });

  it('belongs to one process at a time: the second is told who has it', async () => {
    const postgres = await start();
    expect(await refusal()).toBe('data_folder_in_use');
    await postgres.stop();
  });

  it('is stopped and started again when the process that started it was killed', async () => {
    const first = await start();
    // What a killed process leaves: PostgreSQL running, and a lock whose holder has gone.
    writeFileSync(
      join(folder, 'postgres.lock'),
      JSON.stringify({ pid: 999_999_999, began: '1', purpose: 'postgres' }),
    );
    const second = await start();
    await first.ended;
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second.ownerUrl, 'select word from kept')).toEqual([{ word: 'Zoé' }]);
    await second.stop();
  });

  it('refuses data of a newer or older version, and missing passwords, and touches nothing', async () => {
    const version = join(clusterOf(folder), 'PG_VERSION');
    const real = readFileSync(version, 'utf8');
    writeFileSync(version, '99\n');
    expect(await refusal()).toBe('postgres_data_newer');
    writeFileSync(version, '12\n');
    expect(await refusal()).toBe('postgres_data_older');
    writeFileSync(version, real);
    const passwords = join(folder, 'secrets', 'postgres.json');
    const kept = readFileSync(passwords);
    rmSync(passwords);
    expect(await refusal()).toBe('passwords_missing');
    writeFileSync(passwords, kept, { mode: 0o600 });
    expect(await refusal()).toBe('started');
  });

  it('says in a sentence what PostgreSQL itself objects to', async () => {
    const control = join(clusterOf(folder), 'global', 'pg_control');
    const kept = readFileSync(control);
    writeFileSync(control, Buffer.alloc(kept.length));
    expect(await refusal()).toBe('postgres_not_startable');
    writeFileSync(control, kept);
    expect(await refusal()).toBe('started');
    expect(existsSync(join(folder, 'postgres.lock'))).toBe(false);
  });
});
