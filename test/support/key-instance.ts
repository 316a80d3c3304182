import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuanceWorld } from './issuance-world.js';
import { Program } from './program.js';

/** The command line on the database of a world, with a data folder and a key service of its own. */
export class KeyInstance {
  readonly folder = mkdtempSync(join(tmpdir(), 'insigne keys '));

  constructor(
    private readonly world: IssuanceWorld,
    private readonly origin: string,
    public environment: Record<string, string>,
  ) {}

  /** Runs `insigne keys …` to its end. `json` is what it printed with --json. */
  async keys(
    ...args: string[]
  ): Promise<{ code: number | string; output: string; json: Record<string, never> }> {
    return this.run(['keys', ...args, '--organisation', this.world.structure.slug]);
  }

  /** Runs any command to its end. */
  async run(
    args: string[],
    environment: Record<string, string> = {},
  ): Promise<{ code: number | string; output: string; json: Record<string, never> }> {
    const program = new Program(args, {
      DATABASE_URL: this.world.urls.ownerUrl,
      INSIGNE_API_DATABASE_URL: this.world.urls.url,
      INSIGNE_WORKER_DATABASE_URL: this.world.urls.workerUrl,
      INSIGNE_DATA: this.folder,
      INSIGNE_ORIGIN: this.origin,
      INSIGNE_LOG_LEVEL: 'silent',
      ...this.environment,
      ...environment,
    });
    const code = await program.ended;
    const { output } = program;
    const json = args.includes('--json') && output.startsWith('{') ? JSON.parse(output) : {};
    return { code, output, json };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
