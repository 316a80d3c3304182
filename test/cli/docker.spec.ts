import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFile } from '#platform';
import { createEmptyDatabase } from '../support/database.js';
import { freeTestPort } from '../support/program.js';
import { testRedisUrl } from '../support/redis.js';

import.meta.jest.setTimeout(180_000);

const text = (name: string): string => readFileSync(projectFile('docker', name), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'insigne-docker-'));
const running: ChildProcess[] = [];

beforeAll(() => {
  execFileSync('sh', [projectFile('docker', 'make-secrets.sh'), folder]);
});

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const image = (args: string[], environment: Record<string, string>): ChildProcess => {
  const { PATH } = process.env;
  const child = spawn('sh', [projectFile('docker', 'insigne'), ...args], {
    env: { PATH, ...environment },
    cwd: '/',
  });
  running.push(child);
  return child;
};

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', (code) => resolve(code)));

async function ready(port: number): Promise<Response> {
  for (let tries = 0; ; tries += 1)
    try {
      return await fetch(`http://127.0.0.1:${port}/ready`);
    } catch (error) {
      if (tries > 1_200) throw error;
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
    expect(text('Dockerfile')).toMatch(/^USER node$/m);
  });

  it('migrates, then serves as api and as worker, and stops when asked', async () => {
    const database = await createEmptyDatabase();
    const secret = (name: string, value: string): string => {
      writeFileSync(join(folder, name), value);
      return join(folder, name);
    };
    const redis: Record<string, string> = testRedisUrl() ? { REDIS_URL: testRedisUrl() as string } : {};
    const [port, workerPort] = [await freeTestPort(), await freeTestPort()];
    const shared = { INSIGNE_ORIGIN: `http://localhost:${port}`, ...redis };

    const migration = image(['migrate'], { DATABASE_URL_FILE: secret('owner_url', database.ownerUrl) });
    expect(await ended(migration)).toBe(0);

    const api = image(['api'], {
      ...shared,
      DATABASE_URL_FILE: secret('api_url', database.url),
      INSIGNE_TOKEN_SECRET_FILE: join(folder, 'token_secret'),
      PORT: String(port),
    });
    const worker = image(['worker'], {
      ...shared,
      DATABASE_URL_FILE: secret('worker_url', database.workerUrl),
      INSIGNE_MASTER_KEY_FILE: join(folder, 'master_key'),
      INSIGNE_ARCHIVE_FOLDER: join(folder, 'archive'),
      WORKER_PORT: String(workerPort),
    });
    expect((await ready(port)).status).toBe(200);
    expect((await ready(workerPort)).status).toBe(200);
    for (const child of [api, worker]) {
      const end = ended(child);
      child.kill('SIGTERM');
      await end;
    }
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

  it('gets secrets that api and worker alone read, and keeps those that exist', () => {
    expect(modeOf('.')).toBe(0o700);
    const user = process.getuid!();
    for (const name of ['master_key', 'token_secret', 'owner_url', 'api_url', 'worker_url'])
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
