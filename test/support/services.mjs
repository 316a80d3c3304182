// The services that one Jest run shares, in one folder of the system's temporary folder.
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const prefix = 'insigne-test-';

const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

const linesOf = (file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []);

/** A process's command line; process ids are given again, so that a forgotten one may mean a stranger. */
const commandOf = (pid) => {
  try {
    if (existsSync('/proc/self')) return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  } catch {
    return '';
  }
};

/** The launcher puts the cluster elsewhere when PostgreSQL's account may not enter the temporary folder. */
const clusterIn = (folder) => {
  const pointer = join(folder, 'data', 'postgres-folder');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(folder, 'data', 'postgres');
};

/** Stops what runs in such a folder and removes it. */
export async function clearFolder(folder) {
  const cluster = clusterIn(folder);
  const [redis, redisAddress] = linesOf(join(folder, 'redis.pid'));
  const [postgres] = linesOf(join(cluster, 'postmaster.pid'));
  const started = [
    { pid: Number(redis), mark: redisAddress },
    { pid: Number(postgres), mark: cluster },
  ];
  for (const { pid, mark } of started) {
    if (!(pid > 0 && commandOf(pid).includes(mark))) continue;
    try {
      process.kill(pid, 'SIGQUIT');
      for (let i = 0; i < 250 && isRunning(pid); i += 1) await sleep(20);
    } catch {
      // It has just ended, or belongs to somebody else.
    }
  }
  for (const used of [cluster, folder])
    rmSync(used, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Removes what earlier runs left behind when they, and their keeper, were killed. */
export async function clearForgotten() {
  for (const name of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), name);
    if (name.startsWith(prefix) && !isRunning(Number(linesOf(join(folder, 'keeper.pid'))[0] ?? process.pid)))
      await clearFolder(folder).catch(() => undefined);
  }
}

/** A fresh folder, with a keeper process that clears it as soon as this process has ended, however it ended. */
export function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  // Run by root, PostgreSQL's own account must be able to pass through.
  chmodSync(folder, 0o711);
  const keeper = spawn(process.execPath, [fileURLToPath(new URL('keeper.mjs', import.meta.url)), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  keeper.unref();
  keeper.stdin.unref();
  writeFileSync(join(folder, 'keeper.pid'), String(keeper.pid));
  return { folder, end: () => keeper.stdin.end() };
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const answers = (port) =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.end('PING\r\n'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });

/** Starts Redis (or Valkey) without any file when it is installed. @returns its address, or undefined */
export async function startRedis(folder) {
  const program = ['redis-server', 'valkey-server'].find((name) => !spawnSync(name, ['--version']).error);
  if (!program) return undefined;
  const port = await freePort();
  const log = openSync(join(folder, 'redis.log'), 'a');
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  const redis = spawn(program, settings, { detached: true, stdio: ['ignore', log, log] });
  redis.unref();
  writeFileSync(join(folder, 'redis.pid'), `${redis.pid}\n127.0.0.1:${port}`);
  for (let i = 0; i < 250; i += 1) {
    if (await answers(port)) return `redis://127.0.0.1:${port}`;
    if (redis.exitCode !== null) break;
    await sleep(20);
  }
  throw new Error(`${program} did not start:\n${readFileSync(join(folder, 'redis.log'), 'utf8')}`);
}
