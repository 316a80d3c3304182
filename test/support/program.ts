import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectFile } from '#platform';

/** A run of the built command line, as a person would start it. */
export class Program {
  readonly child: ChildProcess;
  output = '';
  /** What it printed as its result, without what it told on stderr. */
  result = '';
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;

  constructor(args: string[], environment: Record<string, string> = {}) {
    const main = projectFile('dist', 'apps', 'cli', 'src', 'main.js');
    if (!existsSync(main)) throw new Error('The program is not built: run "npm run build" first');
    const { PATH, HOME } = process.env;
    this.child = spawn(process.execPath, [main, ...args], { env: { PATH, HOME, LANG: 'C', ...environment } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (part: Buffer) => {
        this.output += part.toString();
      });
    this.child.stdout?.on('data', (part: Buffer) => {
      this.result += part.toString();
    });
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code, signal) => resolve(signal ?? code ?? -1)),
    );
  }

  /** Waits until the output matches. @throws Error with the whole output when the program ends or the time runs out first */
  async says(words: RegExp, milliseconds = 250_000): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!words.test(this.output)) {
      const isOver = this.child.exitCode !== null || this.child.signalCode !== null;
      if (isOver || Date.now() > end) throw new Error(`Waited for ${words} and got:\n${this.output}`);
      await sleep(30);
    }
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.child.kill(signal);
    return await this.ended;
  }
}

/** A TCP port that is free now. */
export const freeTestPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** A fresh folder with a space in its name; `remove` also ends whatever still uses it. */
export function temporaryFolder(): { folder: string; remove: () => Promise<void> } {
  const parent = mkdtempSync(join(tmpdir(), 'insigne-cli-'));
  // Run by root, PostgreSQL's own account must be able to pass through.
  chmodSync(parent, 0o711);
  const folder = join(parent, 'the data');
  const remove = async (): Promise<void> => {
    for (const pid of processesOf(folder)) process.kill(pid, 'SIGKILL');
    await sleep(100);
    const pointer = join(folder, 'postgres-folder');
    if (existsSync(pointer)) rmSync(readFileSync(pointer, 'utf8').trim(), { recursive: true, force: true });
    rmSync(parent, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  return { folder, remove };
}

/**
 * Ids of the processes that have the folder's name in their command line or environment: the database, the api and
 * the worker of a data folder. Linux only; elsewhere empty.
 */
export function processesOf(folder: string): number[] {
  if (!existsSync('/proc/self')) return [];
  const mark = readPointer(folder);
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .filter((pid) =>
      ['cmdline', 'environ'].some((name) => mark.some((path) => read(`/proc/${pid}/${name}`).includes(path))),
    );
}

const readPointer = (folder: string): string[] => {
  const pointer = join(folder, 'postgres-folder');
  return existsSync(pointer) ? [folder, readFileSync(pointer, 'utf8').trim()] : [folder];
};

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};
