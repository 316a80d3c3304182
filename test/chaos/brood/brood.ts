import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectFile } from '#platform';

/** A worker process that was copied instead of started. */
export interface Copied {
  pid: number;
  /** Exit code, or SIGKILL, or another signal's number. */
  ended: Promise<number | string>;
  /** Everything it logged. */
  readonly output: string;
}

const sigkill = 1009;
const source = (...path: string[]): string => projectFile('test', 'chaos', 'brood', ...path);

/**
 * Makes worker processes by copying one that has loaded the built program: hundreds of deaths, without loading it
 * hundreds of times. Each copy is a process of its own that starts the worker from its first line on, with connections,
 * keys and random numbers of its own.
 */
export class Brood {
  private turn: Promise<unknown> = Promise.resolve();
  private copies = 0;
  private readonly pids = new Set<number>();

  private constructor(
    private readonly mother: ChildProcess,
    private readonly answers: AsyncIterator<string>,
    private readonly folder: string,
  ) {}

  /** Undefined where there is no C compiler, or Node's own headers are not installed: then workers are started one by one. */
  static async open(): Promise<Brood | undefined> {
    const headers = ['/usr/include/node', join(dirname(process.execPath), '..', 'include', 'node')].find(
      (folder) => existsSync(join(folder, 'node_api.h')),
    );
    if (process.platform !== 'linux' || !headers) return undefined;
    const folder = mkdtempSync(join(tmpdir(), 'insigne-brood-'));
    const addon = join(folder, 'fork.node');
    const words = ['-D_GNU_SOURCE', '-shared', '-fPIC', '-O1', `-I${headers}`, source('fork.c'), '-o', addon];
    try {
      await promisify(execFile)('cc', words);
    } catch {
      rmSync(folder, { recursive: true });
      return undefined;
    }
    const mother = spawn(
      process.execPath,
      ['--single-threaded', '--v8-pool-size=0', source('mother.mjs'), projectFile(), addon],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    // Who asks after its end is told by the answers, which end too.
    mother.stdin!.on('error', () => {});
    const answers = createInterface({ input: mother.stdout! })[Symbol.asyncIterator]();
    const brood = new Brood(mother, answers, folder);
    process.once('exit', brood.clear);
    if ((await answers.next()).value !== 'loaded') throw new Error('The worker could not be loaded');
    return brood;
  }

  async worker(environment: Record<string, string>): Promise<Copied> {
    this.copies += 1;
    const log = join(this.folder, `${this.copies}.log`);
    const pid = Number(await this.ask({ log, environment }));
    this.pids.add(pid);
    return {
      pid,
      ended: this.endOf(pid),
      get output() {
        return readFileSync(log, 'utf8');
      },
    };
  }

  /** Ends what is left of it. */
  readonly clear = (): void => {
    process.off('exit', this.clear);
    for (const pid of this.pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
    this.mother.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  };

  private async endOf(pid: number): Promise<number | string> {
    for (;;) {
      const ended = Number(await this.ask({ ended: pid }));
      if (ended < 0) {
        await sleep(50);
        continue;
      }
      this.pids.delete(pid);
      return ended === sigkill ? 'SIGKILL' : ended;
    }
  }

  private async ask(question: object): Promise<string> {
    const mine = this.turn.then(async () => {
      this.mother.stdin!.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await this.answers.next();
      if (done) throw new Error('The process that makes the copies has ended');
      return value;
    });
    this.turn = mine.catch(() => undefined);
    return await mine;
  }
}
