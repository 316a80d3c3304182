import { setTimeout as sleep } from 'node:timers/promises';
import { checkMeanwhile } from './check-invariants.js';
import type { Site } from './site.js';

/** Holds the database against what must be true at every moment, again and again, while everything breaks. */
export class Watch {
  /** Times that the whole database was read. */
  checks = 0;
  /** Times that it could not be read, because it was down. */
  missed = 0;
  /** What was wrong, in sentences that begin with the number of the check. */
  readonly broken: string[] = [];
  private readonly over = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly site: Site,
    private readonly everyMs: number,
    /** What else must be true at every moment. */
    private readonly alsoRead: () => Promise<string[]> = async () => [],
  ) {}

  begin(): this {
    this.running = this.run();
    return this;
  }

  async end(): Promise<void> {
    this.over.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.over;
    while (!signal.aborted) {
      await sleep(this.everyMs, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
    try {
      const broken = [...(await checkMeanwhile(this.site)), ...(await this.alsoRead())];
      this.checks += 1;
      this.broken.push(...broken.map((words) => `check ${this.checks}: ${words}`));
    } catch {
      this.missed += 1;
      // It comes back within seconds.
      await sleep(Math.min(5_000, this.everyMs), undefined, { signal: this.over.signal }).catch(
        () => undefined,
      );
      if (!this.over.signal.aborted) await this.look();
    }
  }
}
