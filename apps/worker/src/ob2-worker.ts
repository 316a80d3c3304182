import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { SignOb2Editions } from '#badges';
import { logger } from '#platform';

const log = logger('ob2-worker');
const everyMs = 1_000;

const signedTotal = new Counter({
  name: 'insigne_ob2_signed_total',
  help: 'Signed Open Badges 2.0 forms that somebody asked for',
});

/** Once a second, signs the Open Badges 2.0 forms that were asked for. What fails is tried again in the next second. */
export class Ob2Worker implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> | undefined;
  private isFailing = false;

  constructor(private readonly editions: SignOb2Editions) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.round().finally(() => {
        this.running = undefined;
      });
    }, everyMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      const signed = await this.editions.signWaiting();
      signedTotal.inc(signed);
      if (signed > 0) log.info({ signed }, 'signed forms made');
      this.isFailing = false;
    } catch (error) {
      // Told once: an outage of the database would fill the log every second.
      if (!this.isFailing) log.error({ err: (error as Error).message }, 'signed forms not made');
      this.isFailing = true;
    }
  }
}
