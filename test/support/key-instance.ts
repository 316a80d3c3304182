import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseEnvironment, runHere } from './command-line.js';
import type { IssuanceWorld } from './issuance-world.js';
import { Program } from './program.js';

interface Told {
  code: number | string;
  output: string;
  json: Record<string, never>;
}

/** The command line on the database of a world, with a data folder and a key service of its own. */
export class KeyInstance {
  readonly folder = mkdtempSync(join(tmpdir(), 'insigne keys '));

  /** @param isProcess each command as a process of its own, as a person starts it */
  constructor(
    private readonly world: IssuanceWorld,
    private readonly origin: string,
    public environment: Record<string, string>,
    public isProcess = false,
  ) {}

  /** Runs `insigne keys …` to its end. `json` is what it printed with --json. */
  async keys(...args: string[]): Promise<Told> {
    return this.run(['keys', ...args, '--organisation', this.world.structure.slug]);
  }

  /** Runs any command to its end. */
  async run(args: string[], environment: Record<string, string> = {}): Promise<Told> {
    const all = {
      ...databaseEnvironment(this.world.urls),
      INSIGNE_DATA: this.folder,
      INSIGNE_ORIGIN: this.origin,
      INSIGNE_LOG_LEVEL: 'silent',
      ...this.environment,
      ...environment,
    };
    const { code, output } = this.isProcess ? await inProcess(args, all) : await runHere(args, all);
    const json = args.includes('--json') && output.startsWith('{') ? JSON.parse(output) : {};
    return { code, output, json };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function inProcess(args: string[], environment: Record<string, string>) {
  const program = new Program(args, environment);
  const code = await program.ended;
  return { code, output: program.output };
}
