import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import { logger } from '#platform';
import type { KeyLifecycle } from '#signing';

const log = logger('key-keeper');
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const shortestMs = 1_000;

const rotatedTotal = new Counter({
  name: 'insigne_keys_rotated_total',
  help: 'Signing keys replaced because of their age',
});

/**
 * Replaces keys that have grown old: looks when the worker starts and every hour, more often where keys live for less
 * than four hours. Several workers do it once.
 */
export class KeyKeeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running: Promise<void> = Promise.resolve();

  /** @param maxAgeDays parts of a day count; 0: never */
  constructor(
    private readonly keys: KeyLifecycle,
    private readonly maxAgeDays: number,
  ) {}

  onApplicationBootstrap(): void {
    if (this.maxAgeDays === 0) return;
    this.look();
    const everyMs = Math.max(shortestMs, Math.min(hourMs, (this.maxAgeDays * dayMs) / 4));
    this.timer = setInterval(() => this.look(), everyMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private look(): void {
    this.running = this.running
      .then(async () => {
        const { rotated, failed } = await this.keys.rotateDue(this.maxAgeDays, 'worker');
        rotatedTotal.inc(rotated.length);
        for (const key of rotated) log.info(key, 'key rotated');
        if (failed > 0) log.error({ issuers: failed }, 'keys not rotated; the next look tries again');
      })
      .catch((error: Error) => log.error({ err: error.message }, 'keys not looked after'));
  }
}
