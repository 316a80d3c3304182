import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFile } from '#platform';
import { workerNodeOptions, workerThreads } from '../../libs/platform/src/processes.js';
import { createEmptyDatabase } from '../support/database.js';
import { anImageTree, copiedByImage, type ImageTree } from '../support/image-tree.js';
import { freeTestPort } from '../support/program.js';
import { testRedisUrl } from '../support/redis.js';

import.meta.jest.setTimeout(180_000);

const text = (name: string): string => readFileSync(projectFile('docker', name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'insigne-docker-'));
const running: ChildProcess[] = [];
let tree: ImageTree;
let said = '';

beforeAll(() => {
  execFileSync('sh', [projectFile('docker', 'make-secrets.sh'), folder]);
  tree = anImageTree();
  owned(tree.writable);
});

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  tree?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives a file or folder to the account that the container runs under. */
const owned = (path: string): string => {
  const { uid, gid } = tree.account;
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
  return path;
};

/** The image's start script, run as the container runs it: read-only, by an account without rights, from `/`. */
const image = (args: string[], environment: Record<string, string>): ChildProcess => {
  const { PATH } = process.env;
  const child = spawn('sh', [join(tree.app, 'docker', 'insigne'), ...args], {
    env: { PATH, NODE_ENV: 'production', TMPDIR: tree.writable, ...environment },
    cwd: '/',
    ...tree.account,
  });
  running.push(child);
  child.stderr?.on('data', (part) => {
    said += part;
  });
  return child;
};

const ended = (child: ChildProcess): Promise<number | string> =>
  new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code ?? -1)));

async function ready(port: number): Promise<Response> {
  for (let tries = 0; ; tries += 1)
    try {
      return await fetch(`http://127.0.0.1:${port}/ready`);
    } catch (error) {
      if (tries > 1_200) throw new Error(said, { cause: error });
      await sleep(50);
    }
}

describe('The image', () => {
  it('copies only what the checkout has or the build makes', () => {
    const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(copied.length).toBeGreaterThan(8);
    for (const name of copied) expect([name, existsSync(projectFile(name))]).toEqual([name, true]);
    expect(copiedByImage(text('Dockerfile'))).toContainEqual(['docker/insigne', '/usr/local/bin/insigne']);
    expect(text('Dockerfile')).toMatch(/^USER node$/m);
  });

  it('is built from what it copies alone: no data and no secret is sent to the engine', () => {
    const [all, ...sent] = readFileSync(projectFile('.dockerignore'), 'utf8')
      .split('\n')
      .filter((line) => line && !line.startsWith('#'));
    expect(all).toBe('*');
    const copied = [...text('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    );
    expect(sent.map((line) => line.replace(/^!/, '')).sort()).toEqual([...new Set(copied)].sort());
  });

  it('migrates, serves as api and as worker, and ends when asked, on a tree that nobody may write', async () => {
    const database = await createEmptyDatabase();
    const secret = (name: string, value: string): string => {
      const file = join(tree.writable, name);
      writeFileSync(file, value, { mode: 0o600 });
      return owned(file);
    };
    const given = (name: string): string => secret(name, readFileSync(join(folder, name), 'utf8'));
    const archive = join(tree.writable, 'archive');
    mkdirSync(archive);
    owned(archive);
    const redis: Record<string, string> = testRedisUrl() ? { REDIS_URL: testRedisUrl() as string } : {};
    const [port, workerPort] = [await freeTestPort(), await freeTestPort()];
    const shared = { INSIGNE_ORIGIN: `http://localhost:${port}`, ...redis };

    const migration = image(['migrate'], {
      ...shared,
      DATABASE_URL_FILE: secret('owner_url', database.ownerUrl),
      INSIGNE_ARCHIVE_FOLDER: archive,
    });
    expect([await ended(migration), said]).toEqual([0, expect.anything()]);

    const api = image(['api'], {
      ...shared,
      DATABASE_URL_FILE: secret('api_url', database.url),
      INSIGNE_TOKEN_SECRET_FILE: given('token_secret'),
      INSIGNE_METRICS_TOKEN_FILE: given('metrics_token'),
      INSIGNE_TRUSTED_PROXIES: 'loopback,uniquelocal',
      PORT: String(port),
    });
    const worker = image(['worker'], {
      ...shared,
      DATABASE_URL_FILE: secret('worker_url', database.workerUrl),
      INSIGNE_MASTER_KEY_FILE: given('master_key'),
      INSIGNE_ARCHIVE_FOLDER: archive,
      INSIGNE_METRICS_TOKEN_FILE: given('metrics_token'),
      WORKER_HOST: '0.0.0.0',
      WORKER_PORT: String(workerPort),
    });
    const authorization = `Bearer ${readFileSync(join(folder, 'metrics_token'), 'utf8')}`;
    for (const at of [port, workerPort]) {
      expect((await ready(at)).status).toBe(200);
      expect((await fetch(`http://127.0.0.1:${at}/health`)).status).toBe(200);
      const metrics = `http://127.0.0.1:${at}/metrics`;
      expect((await fetch(metrics)).status).toBe(404);
      expect((await fetch(metrics, { headers: { authorization } })).status).toBe(200);
    }
    const started = (file: string): string[] =>
      readFileSync(`/proc/${worker.pid}/${file}`, 'utf8').split('\0');
    expect(started('cmdline')).toEqual(expect.arrayContaining([...workerNodeOptions]));
    expect(started('environ')).toContain(`UV_THREADPOOL_SIZE=${workerThreads()}`);
    // The roles have passwords that the program did not make: it is told each address, by a file like the others.
    const settings = {
      ...shared,
      DATABASE_URL_FILE: secret('owner_url', database.ownerUrl),
      INSIGNE_DATA: join(tree.writable, 'data'),
      INSIGNE_KEY_SERVICE: `file:${given('master_key')}`,
      INSIGNE_ARCHIVE_FOLDER: archive,
      LANG: 'C',
    };
    const check = image(['check'], {
      ...settings,
      INSIGNE_API_DATABASE_URL_FILE: secret('api_url', database.url),
      INSIGNE_WORKER_DATABASE_URL_FILE: secret('worker_url', database.workerUrl),
    });
    expect([await ended(check), said]).toEqual([0, expect.anything()]);
    const unread = image(['check'], { ...settings, INSIGNE_API_DATABASE_URL_FILE: join(folder, 'none') });
    expect(await ended(unread)).toBe(1);
    // Pages need files of the tree: stylesheet, pictures, contexts, schemas.
    const home = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    for (const [, path] of home.matchAll(/(?:href|src)="(\/[^"#]*)"/g))
      expect([path, (await fetch(`http://127.0.0.1:${port}${path}`)).status]).toEqual([path, 200]);
    // Whoever stops a container kills what has not ended within the grace period; these end by themselves.
    for (const child of [api, worker]) {
      const end = ended(child);
      child.kill('SIGTERM');
      expect(['SIGTERM', 0, 143]).toContain(await end);
    }
    expect(tree.changes()).toEqual([]);
    await database.drop();
  });

  it('hands every other word to the command line', async () => {
    const help = image(['help'], { LANG: 'C' });
    let output = '';
    help.stdout?.on('data', (part) => {
      output += part;
    });
    expect(await ended(help)).toBe(0);
    expect(output).toContain('insigne COMMAND');
  });
});

const modeOf = (name: string): number => statSync(join(folder, name)).mode & 0o777;

describe('compose.yaml', () => {
  it('names only commands, files and secrets that exist', () => {
    const compose = text('compose.yaml');
    const declared = [...compose.matchAll(/^ {2}(\w+): \{ file: \.\.\/data\/docker-secrets\/(\w+) \}$/gm)];
    expect(declared.map(([, name]) => name).sort()).toEqual(readdirSync(folder).sort());
    const used = [...compose.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name);
    for (const name of used) expect(declared.map(([, secret]) => secret)).toContain(name);
    for (const [, name = ''] of compose.matchAll(/- \.\/([\w.-]+):/g))
      expect(existsSync(projectFile('docker', name))).toBe(true);
    for (const [, name] of compose.matchAll(/^ {4}command: \["(api|worker|migrate|\w+)"\]$/gm))
      expect(text('insigne')).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('gives the command line the three addresses of the database, the archive and the master key', () => {
    const cli = /^ {2}cli:\n(?: {4}.*\n)+/m.exec(text('compose.yaml'))![0];
    expect(cli).toContain('profiles: [cli]');
    for (const [name, file] of [
      ['DATABASE_URL_FILE', 'owner_url'],
      ['INSIGNE_API_DATABASE_URL_FILE', 'api_url'],
      ['INSIGNE_WORKER_DATABASE_URL_FILE', 'worker_url'],
    ])
      expect(cli).toContain(` ${name}: /run/secrets/${file}\n`);
    expect(cli).toContain('secrets: [owner_url, api_url, worker_url, master_key]');
    expect(cli).toContain('INSIGNE_KEY_SERVICE: file:/run/secrets/master_key');
    expect(cli).toContain('archive:/app/data/archive');
  });

  it('gets secrets that api and worker alone read, and keeps those that exist', () => {
    expect(modeOf('.')).toBe(0o700);
    const user = process.getuid!();
    for (const name of ['master_key', 'token_secret', 'metrics_token', 'owner_url', 'api_url', 'worker_url'])
      expect([name, modeOf(name)]).toEqual([name, 0o600]);
    for (const name of ['owner_password', 'api_password', 'worker_password'])
      expect([name, modeOf(name)]).toEqual([name, user === 0 ? 0o600 : 0o644]);
    if (user === 0) {
      const ownerOf = (name: string): number => statSync(join(folder, name)).uid;
      expect(['master_key', 'token_secret', 'api_url'].map(ownerOf)).toEqual([1000, 1000, 1000]);
      expect(['owner_password', 'api_password'].map(ownerOf)).toEqual([999, 999]);
    }
    const before = readFileSync(join(folder, 'master_key'), 'utf8');
    expect(Buffer.from(before.trim(), 'base64')).toHaveLength(32);
    execFileSync('sh', [projectFile('docker', 'make-secrets.sh'), folder]);
    expect(readFileSync(join(folder, 'master_key'), 'utf8')).toBe(before);
  });
});
