import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { logger } from '#platform';

const everyMs = 1_000;

/** Looks once a second whether there is something to do, one look at a time. What fails is tried again in the next. */
export abstract class EverySecond implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> | undefined;
  private isFailing = false;

  /** @param failure what the log says when a look fails */
  constructor(
    private readonly log: ReturnType<typeof logger>,
    private readonly failure: string,
  ) {}

  protected abstract look(): Promise<void>;

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
      await this.look();
      this.isFailing = false;
    } catch (error) {
      // Told once: an outage of the database would fill the log every second.
      if (!this.isFailing) this.log.error({ err: (error as Error).message }, this.failure);
      this.isFailing = true;
    }
  }
}
