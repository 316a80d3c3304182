import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '../../apps/cli/src/migrate.js';
import { startEmbeddedPostgres } from '../../libs/platform/src/processes.js';
import type { TestDatabase } from '../support/database.js';
import { freeTestPort, temporaryFolder } from '../support/program.js';

/** A Redis of one scenario alone, to be killed, paused and started again at the same address. */
export class OwnRedis {
  private child?: ChildProcess;

  private constructor(
    private readonly program: string,
    private readonly port: number,
    private readonly policy: string,
  ) {}

  static async start(policy = 'noeviction'): Promise<OwnRedis> {
    const program = ['redis-server', 'valkey-server'].find((name) => !spawnSync(name, ['--version']).error);
    if (!program) throw new Error('Redis is not installed');
    const redis = new OwnRedis(program, await freeTestPort(), policy);
    await redis.start();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const settings = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    settings.push('--maxmemory-policy', this.policy);
    const child = spawn(this.program, settings, { stdio: 'ignore' });
    const end = (): void => void child.kill('SIGKILL');
    process.once('exit', end);
    child.once('close', () => process.off('exit', end));
    this.child = child;
    for (const until = Date.now() + 20_000; Date.now() < until; await sleep(20))
      if (await answers(this.port)) return;
    throw new Error('Redis did not start');
  }

  /** Answers nothing, as behind a broken network; connections stay open. */
  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Gone with everything it knew. */
  async kill(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.end('PING\r\n'));
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });

/** A PostgreSQL of one scenario alone, which writes durably as in a real service. */
export class OwnPostgres {
  private running?: Awaited<ReturnType<typeof startEmbeddedPostgres>>;

  private constructor(private readonly place: ReturnType<typeof temporaryFolder>) {}

  static async start(): Promise<OwnPostgres> {
    const postgres = new OwnPostgres(temporaryFolder());
    await postgres.start();
    await migrate(postgres.running!.ownerUrl);
    return postgres;
  }

  /** Its database; dropping it is left to `remove`. */
  get database(): TestDatabase {
    const { apiUrl, workerUrl, ownerUrl } = this.running!;
    return { url: apiUrl, workerUrl, ownerUrl, drop: async () => undefined };
  }

  async start(): Promise<void> {
    this.running = await startEmbeddedPostgres({
      dataFolder: join(this.place.folder, 'data'),
      settings: { max_connections: '300' },
    });
  }

  /** As `pg_ctl stop -m immediate`, or a machine that loses its power: nothing is finished, nothing is flushed. */
  async kill(): Promise<void> {
    process.kill(this.running!.pid, 'SIGQUIT');
    await this.running!.ended;
    await this.running!.stop();
  }

  async remove(): Promise<void> {
    await this.running?.stop();
    await this.place.remove();
  }
}
