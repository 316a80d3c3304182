import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFile } from '#platform';
import { createMasterKey } from '#signing';
import { workerNodeOptions, workerThreads } from '../../libs/platform/src/processes.js';
import { freeTestPort } from './program.js';

/** The two secrets an operator keeps: the worker's master key and the api's token secret, in a folder of their own. */
export function serviceSecrets(): { masterKeyFile: string; tokenSecretFile: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'insigne-secrets-'));
  const masterKeyFile = join(folder, 'master.key');
  createMasterKey(masterKeyFile);
  const tokenSecretFile = join(folder, 'token.secret');
  writeFileSync(tokenSecretFile, randomBytes(32).toString('base64'), { mode: 0o600 });
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return { masterKeyFile, tokenSecretFile, remove };
}

export interface WorkerSettings {
  databaseUrl: string;
  origin: string;
  masterKeyFile: string;
  redisUrl?: string;
  environment?: Record<string, string>;
}

/** What every process is given of ours. */
export const bareEnvironment = (): Record<string, string> => {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, LANG: 'C', INSIGNE_LOG_LEVEL: 'warn' };
};

/** The settings of a worker as its environment. */
export const workerEnvironment = (given: WorkerSettings, port: number): Record<string, string> => ({
  DATABASE_URL: given.databaseUrl,
  INSIGNE_ORIGIN: given.origin,
  INSIGNE_MASTER_KEY_FILE: given.masterKeyFile,
  INSIGNE_ARCHIVE_FOLDER: join(dirname(given.masterKeyFile), 'archive'),
  WORKER_PORT: String(port),
  UV_THREADPOOL_SIZE: workerThreads(),
  ...(given.redisUrl ? { REDIS_URL: given.redisUrl } : {}),
  ...given.environment,
});

/** A running api or worker: the built program in a process of its own, with nothing but the given environment. */
export class ServiceProcess {
  /** Everything it logged. */
  output = '';
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;

  private constructor(
    readonly child: ChildProcess,
    /** Where it answers, for example http://127.0.0.1:40123 */
    readonly address: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (part: Buffer) => {
        this.output += part.toString();
      });
    this.ended = new Promise((resolve) =>
      child.once('close', (code, signal) => resolve(signal ?? code ?? -1)),
    );
  }

  /** Starts the worker. It signs as soon as it runs; `ready` waits for it. */
  static async worker(
    given: WorkerSettings & {
      /** Folder of another build of the program (default: this checkout). */
      root?: string;
    },
  ): Promise<ServiceProcess> {
    const port = await freeTestPort();
    return ServiceProcess.start('worker', given.root, port, workerEnvironment(given, port));
  }

  /** Starts the api at the origin's port. */
  static async api(given: {
    databaseUrl: string;
    origin: string;
    tokenSecretFile: string;
    redisUrl?: string;
    environment?: Record<string, string>;
    /** Folder of another build of the program (default: this checkout). */
    root?: string;
  }): Promise<ServiceProcess> {
    const { port } = new URL(given.origin);
    return ServiceProcess.start('api', given.root, Number(port), {
      DATABASE_URL: given.databaseUrl,
      INSIGNE_ORIGIN: given.origin,
      INSIGNE_TOKEN_SECRET_FILE: given.tokenSecretFile,
      PORT: port,
      ...(given.redisUrl ? { REDIS_URL: given.redisUrl } : {}),
      ...given.environment,
    });
  }

  private static start(
    name: 'api' | 'worker',
    root = projectFile(),
    port: number,
    environment: Record<string, string>,
  ): ServiceProcess {
    const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
    if (!existsSync(main)) throw new Error(`The ${name} is not built: run "npm run build" first`);
    const child = spawn(
      process.execPath,
      [...(name === 'worker' ? workerNodeOptions : []), '--enable-source-maps', main],
      {
        env: { ...bareEnvironment(), ...environment },
      },
    );
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    return new ServiceProcess(child, `http://127.0.0.1:${port}`);
  }

  get isOver(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Waits until /ready says so. @throws Error with its log when it ends, or ten minutes pass, first */
  async ready(): Promise<this> {
    for (const end = Date.now() + 600_000; ; ) {
      const answer = await fetch(`${this.address}/ready`).catch(() => undefined);
      if (answer?.ok) return this;
      if (this.isOver || Date.now() > end)
        throw new Error(
          `Not ready: ${this.address} ${answer?.status} ${await answer?.text()}\n${this.output}`,
        );
      await sleep(20);
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return await this.ended;
  }
}

/** Asks again until the answer is good. @throws Error with the last answer when the time is over */
export async function eventually<T>(
  ask: () => Promise<T>,
  isGood: (answer: T) => boolean,
  milliseconds = 200_000,
): Promise<T> {
  for (const end = Date.now() + milliseconds; ; ) {
    const answer = await ask();
    if (isGood(answer)) return answer;
    if (Date.now() > end) throw new Error(`Still not so after ${milliseconds} ms: ${JSON.stringify(answer)}`);
    await sleep(25);
  }
}
