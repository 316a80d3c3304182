import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { workerThreads } from '../../libs/platform/src/processes.js';
import { createEmptyDatabase } from '../support/database.js';
import { freeTestPort, Program, processesOf, temporaryFolder } from '../support/program.js';

import.meta.jest.setTimeout(600_000);

const leftovers: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const remove of leftovers) await remove();
});

function freshFolder(): string {
  const { folder, remove } = temporaryFolder();
  leftovers.push(remove);
  return folder;
}

const up = (folder: string, port: number, more: string[] = [], environment = {}): Program =>
  new Program(['up', '--data', folder, '--port', String(port), ...more], environment);

async function ready(port: number): Promise<number> {
  return (await fetch(`http://127.0.0.1:${port}/ready`)).status;
}

async function ask(folder: string, sql: string): Promise<Record<string, unknown>[]> {
  const { owner } = JSON.parse(readFileSync(join(folder, 'secrets', 'postgres.json'), 'utf8'));
  const { postgresPort } = JSON.parse(readFileSync(join(folder, 'instance.json'), 'utf8'));
  const client = new pg.Client({
    connectionString: `postgres://insigne_owner:${owner}@127.0.0.1:${postgresPort}/insigne`,
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function waitFor(what: () => Promise<boolean> | boolean, timeoutMs = 250_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (
    !(await Promise.resolve()
      .then(what)
      .catch(() => false))
  ) {
    if (Date.now() > end) throw new Error(`Still not so after ${timeoutMs} ms: ${what}`);
    await sleep(50);
  }
}

describe('insigne up on a data folder', () => {
  const folder = freshFolder();
  let port: number;
  let program: Program;
  beforeAll(async () => {
    port = await freeTestPort();
    program = up(folder, port);
    await program.says(/Ctrl-C/);
  }, 600_000);
  afterAll(() => program?.stop('SIGKILL'));

  it('starts from nothing, and says its address and the next command', async () => {
    expect(program.output).toContain(`Insigne is ready: http://localhost:${port}`);
    expect(program.output).toContain('npm run insigne -- ');
    expect(await ready(port)).toBe(200);
    expect(processesOf(folder).length).toBeGreaterThan(2);
  });

  it('keeps secrets where only their owner reads them, and none in instance.json', () => {
    expect(statSync(join(folder, 'secrets')).mode & 0o777).toBe(0o700);
    for (const name of ['postgres.json', 'master.key', 'token.secret'])
      expect(statSync(join(folder, 'secrets', name)).mode & 0o777).toBe(0o600);
    const instance = readFileSync(join(folder, 'instance.json'), 'utf8');
    for (const password of Object.values(
      JSON.parse(readFileSync(join(folder, 'secrets', 'postgres.json'), 'utf8')),
    ))
      expect(instance).not.toContain(password);
  });

  it('gives the api no key that opens a key, and the worker no token secret', () => {
    const environments = processesOf(folder).map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    const api = environments.filter((text) => text.includes('INSIGNE_TOKEN_SECRET_FILE='));
    const worker = environments.filter((text) => text.includes('INSIGNE_MASTER_KEY_FILE='));
    expect([api.length, worker.length]).toEqual([1, 1]);
    expect(api[0]).toContain('postgres://insigne_api:');
    expect(api[0]).not.toMatch(/MASTER_KEY|insigne_worker|insigne_owner/);
    expect(worker[0]).toContain('postgres://insigne_worker:');
    expect(worker[0]!.split('\0')).toContain(`UV_THREADPOOL_SIZE=${workerThreads()}`);
    expect(worker[0]).not.toMatch(/TOKEN_SECRET|insigne_api|insigne_owner/);
  });

  it('finds its data again after kill -9, with one PostgreSQL and no forgotten api or worker', async () => {
    await ask(folder, 'create table kept (word text)');
    await ask(folder, "insert into kept values ('still here')");
    expect(await program.stop('SIGKILL')).toBe('SIGKILL');
    await waitFor(() =>
      ready(port).then(
        () => false,
        () => true,
      ),
    );
    program = up(folder, port);
    await program.says(/Ctrl-C/);
    expect(await ask(folder, 'select word from kept')).toEqual([{ word: 'still here' }]);
  });

  it('starts a killed api, worker or PostgreSQL again and says so', async () => {
    const api = processesOf(folder).find((pid) =>
      readFileSync(`/proc/${pid}/environ`, 'utf8').includes('INSIGNE_TOKEN_SECRET_FILE='),
    );
    // 0 would be everybody in the group of this very process.
    expect(api).toBeGreaterThan(1);
    process.kill(api!, 'SIGKILL');
    await program.says(/api ended \(SIGKILL\)/);
    await waitFor(async () => (await ready(port)) === 200);
    const postmaster = Number(readPid(folder));
    expect(postmaster).toBeGreaterThan(1);
    process.kill(postmaster, 'SIGKILL');
    await program.says(/PostgreSQL ended/);
    await waitFor(async () => (await ask(folder, 'select 1')).length === 1 && (await ready(port)) === 200);
  });

  it('leaves no process behind after SIGTERM, also when some were started again', async () => {
    expect(await program.stop()).toBe(0);
    expect(processesOf(folder)).toEqual([]);
    await expect(ready(port)).rejects.toThrow();
  });

  it.each(['master.key', 'token.secret'])('refuses in a sentence when others can read %s', async (name) => {
    const file = join(folder, 'secrets', name);
    chmodSync(file, 0o644);
    const program = up(folder, port);
    expect(await program.ended).toBe(1);
    expect(program.output).toMatch(/others can read it\. Run: chmod 600/);
    expect(program.output).not.toMatch(/^\s+at /m);
    expect(processesOf(folder)).toEqual([]);
    chmodSync(file, 0o600);
  });

  it('refuses another origin than the one its data was made under', async () => {
    const refused = up(folder, port, ['--origin', 'https://badges.example.org']);
    expect(await refused.ended).toBe(1);
    expect(refused.output).toContain(`INSIGNE_ORIGIN=http://localhost:${port}`);
    expect(processesOf(folder)).toEqual([]);
  });

  it('stops in order when Ctrl-C comes before it is ready', async () => {
    const started = up(folder, port);
    await started.says(/Starting api and worker/);
    expect(await started.stop('SIGINT')).toBe(130);
    expect(processesOf(folder)).toEqual([]);
  });
});

describe('the secrets that the caller of insigne up has in its environment', () => {
  const folder = freshFolder();
  let port: number | undefined;
  const master = randomBytes(32).toString('base64');
  const given = {
    INSIGNE_MASTER_SECRET: master,
    AWS_ACCESS_KEY_ID: 'AKIAUNUSEDBYANYONE',
    AWS_SECRET_ACCESS_KEY: randomBytes(30).toString('base64'),
    AWS_SESSION_TOKEN: randomBytes(30).toString('base64'),
  };
  /** Of each program that runs for it, which of the secrets are in its environment; `up` is the caller's own. */
  async function holders(keyService: Record<string, string>): Promise<Record<string, string[]>> {
    port ??= await freeTestPort();
    const program = up(folder, port, [], { ...given, ...keyService });
    try {
      await program.says(/Ctrl-C/);
      const found: Record<string, string[]> = {};
      for (const pid of familyOf(program.child.pid!)) {
        const read = (what: string): string => {
          try {
            return readFileSync(`/proc/${pid}/${what}`, 'utf8');
          } catch {
            // PostgreSQL's own come and go.
            return '';
          }
        };
        const environment = read('environ');
        if (environment === '') continue;
        const name =
          pid === program.child.pid
            ? 'up'
            : (/apps.(api|worker).src/.exec(read('cmdline'))?.[1] ?? 'postgres');
        const secrets = Object.entries(given).filter(([, value]) => environment.includes(value));
        found[name] = [...new Set([...(found[name] ?? []), ...secrets.map(([variable]) => variable)])];
      }
      return found;
    } finally {
      await program.stop();
    }
  }
  const all = Object.keys(given);

  it('reach nobody when the key service is a file, named or not', async () => {
    const keyFile = join(folder, '..', 'another.key');
    writeFileSync(keyFile, randomBytes(32).toString('base64'), { mode: 0o600 });
    const named = { INSIGNE_KEY_SERVICE: `file:${keyFile}` };
    for (const keyService of [{}, named] as Record<string, string>[])
      expect(await holders(keyService)).toEqual({ up: all, api: [], worker: [], postgres: [] });
  });

  it('reach the worker alone when it must read one, and only that one', async () => {
    expect(await holders({ INSIGNE_KEY_SERVICE: 'env:INSIGNE_MASTER_SECRET' })).toEqual({
      up: all,
      api: [],
      worker: ['INSIGNE_MASTER_SECRET'],
      postgres: [],
    });
  });
});

/** A process and all that it started, and they, that still run. */
function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended.
    }
  const family = [pid];
  for (const one of family) for (const [child, parent] of parents) if (parent === one) family.push(child);
  return family;
}

describe('Two services on one machine', () => {
  it('run at once with their own data folders and ports, and each folder belongs to one', async () => {
    const [one, other] = [freshFolder(), freshFolder()];
    const [onePort, otherPort, thirdPort] = [
      await freeTestPort(),
      await freeTestPort(),
      await freeTestPort(),
    ];
    const programs = [up(one, onePort), up(other, otherPort)];
    await Promise.all(programs.map((program) => program.says(/Ctrl-C/)));
    expect(await Promise.all([ready(onePort), ready(otherPort)])).toEqual([200, 200]);

    const third = up(one, thirdPort);
    expect(await third.ended).toBe(1);
    expect(third.output).toMatch(/already runs on .* \(process \d+, http:\/\/localhost:\d+\)/);
    expect(await Promise.all(programs.map((program) => program.stop()))).toEqual([0, 0]);
  });
});

describe('What insigne up refuses in a sentence, with exit code 1', () => {
  it('is a port that another program has', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) =>
      server.listen(0, () => resolve((server.address() as { port: number }).port)),
    );
    const folder = freshFolder();
    const program = up(folder, port);
    expect(await program.ended).toBe(1);
    expect(program.output.trim()).toMatch(
      new RegExp(`^Port ${port} is taken by another program.*--port\\.$`),
    );
    server.close();
  });

  it('is a data folder that is a file, a database that does not answer, a port or origin of another form', async () => {
    const port = await freeTestPort();
    const file = join(freshFolder(), '..', 'a file');
    writeFileSync(file, '');
    const tries: [Program, RegExp][] = [
      [up(file, port), /can't be made or written/],
      [
        up(freshFolder(), port, [], { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' }),
        /does not answer.*DATABASE_URL/,
      ],
      [up(freshFolder(), 0), /1 to 65535/],
      [up(freshFolder(), port, ['--origin', 'https://a.example/b']), /without a path/],
    ];
    for (const [program, words] of tries) {
      expect([await program.ended, program.output]).toEqual([1, expect.stringMatching(words)]);
      expect(program.output).not.toMatch(/^ +at /m);
    }
  });

  it('speaks French in a French terminal', async () => {
    const program = up(freshFolder(), await freeTestPort(), [], {
      LANG: 'fr_FR.UTF-8',
      DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z',
    });
    await program.ended;
    expect(program.output).toMatch(/La base x@127\.0\.0\.1:1\/z ne répond pas/);
  });
});

describe('insigne up with DATABASE_URL', () => {
  it('serves from that database, without starting one of its own', async () => {
    const database = await createEmptyDatabase();
    const [folder, port] = [freshFolder(), await freeTestPort()];
    const program = up(folder, port, [], {
      DATABASE_URL: database.ownerUrl,
      INSIGNE_API_DATABASE_URL: database.url,
      INSIGNE_WORKER_DATABASE_URL: database.workerUrl,
    });
    await program.says(/Ctrl-C/);
    expect(await ready(port)).toBe(200);
    expect(JSON.parse(readFileSync(join(folder, 'instance.json'), 'utf8')).postgresPort).toBeNull();
    expect(await program.stop()).toBe(0);
    await database.drop();
  });

  it('never changes the password of a role that it did not make', async () => {
    const database = await createEmptyDatabase();
    const program = up(freshFolder(), await freeTestPort(), [], { DATABASE_URL: database.ownerUrl });
    expect(await program.ended).toBe(1);
    expect(program.output).toMatch(/role insigne_api exists already/);
    await database.drop();
  });
});

const readPid = (folder: string): string => {
  const pointer = join(folder, 'postgres-folder');
  let cluster = join(folder, 'postgres');
  try {
    cluster = readFileSync(pointer, 'utf8').trim();
  } catch {
    // The cluster lies in the data folder itself.
  }
  return readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
};
