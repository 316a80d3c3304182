import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectFile } from '#platform';

const execute = promisify(execFile);
const files = ['compose.yaml', 'compose.scale.yaml'].flatMap((name) => ['-f', projectFile('docker', name)]);

/** Runs docker. @returns what it printed @throws Error with what it printed, when it ends otherwise than with 0 */
async function docker(...words: string[]): Promise<string> {
  const { stdout } = await execute('docker', words, { maxBuffer: 1024 ** 3 });
  return stdout;
}

/** Name and version of the engine and of compose; undefined when one of them is missing or does not answer. */
export const engine = async (): Promise<string | undefined> => {
  try {
    const server = await docker('version', '--format', '{{.Server.Platform.Name}} {{.Server.Version}}');
    return `${server.trim()}, compose ${(await docker('compose', 'version', '--short')).trim()}`;
  } catch {
    return undefined;
  }
};

/** The containers of docker/compose.yaml with docker/compose.scale.yaml, under a project name of their own. */
export class Compose {
  constructor(private readonly project: string) {}

  run(...words: string[]): Promise<string> {
    return docker('compose', '-p', this.project, ...files, ...words);
  }

  /** Starts what does not run, and waits until every health check passes. */
  async up(...words: string[]): Promise<void> {
    await this.run('up', '--detach', '--wait', '--wait-timeout', '600', ...words);
  }

  /** The command line of the image. */
  insigne(...words: string[]): Promise<string> {
    return this.run('run', '--rm', '-T', '-e', 'LANG=C', 'cli', ...words);
  }

  async count(sql: string): Promise<number> {
    const psql = ['exec', '-T', 'database', 'psql', '-U', 'insigne_owner', '-d', 'insigne', '-Atc', sql];
    return Number(await this.run(...psql));
  }

  /** Kills the program of a container with SIGKILL, as a crash would: the engine has to start it again by itself. */
  crash = (service: 'api' | 'worker', index: number): Promise<void> =>
    this.end(this.container(service, index), 'sh', '-c', 'kill -9 -1');

  /** The queue ends and forgets everything. */
  loseQueue = (): Promise<void> =>
    this.end(this.container('queue'), 'valkey-cli', 'shutdown', 'nosave', 'now');

  /** The database ends without finishing anything. */
  breakDatabase = (): Promise<void> =>
    this.end('--user', 'postgres', this.container('database'), 'pg_ctl', 'stop', '-m', 'immediate');

  /** What ends a container ends with it. */
  private end = (...words: string[]): Promise<void> =>
    docker('exec', ...words).then(
      () => undefined,
      () => undefined,
    );

  private container(service: string, index = 1): string {
    return `${this.project}-${service}-${index}`;
  }

  async restarts(service: string, index: number): Promise<number> {
    return Number(await docker('inspect', '-f', '{{.RestartCount}}', this.container(service, index)));
  }

  async exitCode(service: string, index: number): Promise<number> {
    return Number(await docker('inspect', '-f', '{{.State.ExitCode}}', this.container(service, index)));
  }

  /** Badges that a worker says it has signed, over all its starts. */
  async signedBy(index: number): Promise<number> {
    const lines = (await docker('logs', this.container('worker', index))).split('\n');
    const batches = lines.filter((line) => line.includes('"batch signed"'));
    return batches.reduce((sum, line) => sum + (JSON.parse(line) as { signed: number }).signed, 0);
  }
}
