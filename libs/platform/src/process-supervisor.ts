import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { hasGone, signal } from './process.js';
import { StartRefused, type Tell } from './process-refusal.js';
import { projectFile } from './project.js';

export interface SupervisedOptions {
  /** What messages call it, such as 'api'. */
  name: string;
  /** Path of the compiled program. */
  program: string;
  /** Options of Node itself for this program. */
  nodeOptions?: readonly string[];
  /** Every variable the program gets; it inherits nothing else but PATH, HOME, LANG and TZ. */
  environment: Record<string, string | undefined>;
  /** Receives what the program writes; begun anew when it has grown past 10 MiB. */
  logFile: string;
  /** Address that answers 200 when the program is ready. */
  readyUrl: string;
  tell?: Tell;
  /** How long the first start may take (default 120,000 ms). */
  readyMs?: number;
  /** First pause before a restart; each further one doubles it, up to 30 s (default 500 ms). */
  pauseMs?: number;
}

const logLimit = 10 * 1024 * 1024;
const longestPauseMs = 30_000;
/** A program that has lived this long starts again without a longer pause. */
const steadyMs = 60_000;

const inherited = (): Record<string, string | undefined> => {
  const { PATH, HOME, LANG, TZ } = process.env;
  return { PATH, HOME, LANG, TZ };
};

/** One child process that is kept running until it is told to stop. */
export class Supervised {
  #child: ChildProcess | undefined;
  #isStopping = false;
  #failures = 0;
  #restart: NodeJS.Timeout | undefined;

  constructor(private readonly options: SupervisedOptions) {}

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts the program and waits until it is ready; from then on it is restarted whenever it ends.
   * @throws StartRefused `process_not_ready` with its last words
   */
  async start(): Promise<void> {
    const from = this.#spawn();
    const child = this.#child as ChildProcess;
    const end = Date.now() + (this.options.readyMs ?? 120_000);
    while (!(await answers(this.options.readyUrl))) {
      const hasEnded = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
      if (hasEnded || Date.now() > end || this.#isStopping) {
        this.kill();
        throw this.#notReady(from);
      }
      await sleep(40);
    }
    this.#keepRunning(child, Date.now());
  }

  /** Asks the program to end (SIGTERM), and ends it by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    signal(pid, 'SIGTERM');
    if (await hasGone(pid, graceMs)) return;
    const { name, tell } = this.options;
    tell?.({
      fr: `${name} ne s’est pas arrêté en ${graceMs / 1000} s : arrêt forcé`,
      en: `${name} did not stop within ${graceMs / 1000} s: ended by force`,
    });
    signal(pid, 'SIGKILL');
    await hasGone(pid, 5_000);
  }

  /** Ends the program at once. */
  kill(): void {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    if (this.#child?.pid !== undefined && this.#child.exitCode === null) signal(this.#child.pid, 'SIGKILL');
  }

  /** @returns how long the log was before this start */
  #spawn(): number {
    const { program, nodeOptions = [], environment, logFile } = this.options;
    const logged = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
    if (logged > logLimit) truncateSync(logFile);
    const log = openSync(logFile, 'a', 0o600);
    const guard = pathToFileURL(projectFile('dist', 'libs', 'platform', 'src', 'process-guard.js')).href;
    // Its own process group: Ctrl-C in a terminal reaches only us, and we end our programs in order.
    this.#child = spawn(
      process.execPath,
      [...nodeOptions, '--enable-source-maps', '--import', guard, program],
      {
        cwd: projectFile(),
        env: { ...inherited(), ...environment },
        detached: true,
        stdio: ['ignore', log, log, 'ipc'],
      },
    );
    this.#child.on('error', () => undefined);
    closeSync(log);
    return logged > logLimit ? 0 : logged;
  }

  #keepRunning(child: ChildProcess, since: number): void {
    const again = (): void => {
      if (this.#isStopping) return;
      this.#failures = Date.now() - since > steadyMs ? 1 : this.#failures + 1;
      const pauseMs = Math.min((this.options.pauseMs ?? 500) * 2 ** (this.#failures - 1), longestPauseMs);
      const how = child.signalCode ?? `code ${child.exitCode}`;
      const { name, tell, logFile } = this.options;
      tell?.({
        fr: `${name} s’est arrêté (${how}) ; nouveau démarrage dans ${pauseMs / 1000} s. Journal : ${logFile}`,
        en: `${name} ended (${how}); starting it again in ${pauseMs / 1000} s. Log: ${logFile}`,
      });
      this.#restart = setTimeout(() => {
        this.#spawn();
        this.#keepRunning(this.#child as ChildProcess, Date.now());
      }, pauseMs);
    };
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) again();
    else child.once('exit', again);
  }

  #notReady(from: number): StartRefused {
    const { name, logFile } = this.options;
    const words = lastWords(readFileSync(logFile, 'utf8').slice(from));
    return new StartRefused(
      'process_not_ready',
      {
        fr: `Le programme ${name} n’a pas démarré : ${words}. Journal complet : ${logFile}`,
        en: `The program ${name} did not start: ${words}. Full log: ${logFile}`,
      },
      { details: { name, words } },
    );
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** The sentence that says why a program ended: its last fatal log line, or the line that names an error. */
function lastWords(log: string): string {
  const lines = log.trim().split('\n');
  for (const line of [...lines].reverse()) {
    try {
      const { level, err, msg } = JSON.parse(line) as Record<string, unknown>;
      if (level === 'fatal') return [msg, err].filter((word) => typeof word === 'string').join(': ');
    } catch {
      if (/^\w*Error\b.*:/.test(line)) return line;
    }
  }
  return lines.at(-1) || 'no word of explanation';
}
