import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { KeepChainMarks } from '#badges';
import { chainAudit, logger } from '#platform';

const log = logger('audit');
const everyMs = 1_000;

const linesTotal = new Counter({
  name: 'insigne_audit_lines_total',
  help: 'Events given their line in the audit chain by this process',
});

/** Chains committed events each second, and keeps in the archive where the chain stands. Any number of workers may try; one at a time writes. */
export class AuditSequencer implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private running?: Promise<void>;

  constructor(
    private readonly database: DataSource,
    private readonly marks: KeepChainMarks,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running ??= this.chain().finally(() => {
        this.running = undefined;
      });
    }, everyMs);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async chain(): Promise<void> {
    try {
      linesTotal.inc(await chainAudit(this.database));
    } catch (error) {
      log.error({ err: (error as Error).message }, 'audit events not chained yet');
    }
    try {
      await this.marks.run();
    } catch (error) {
      log.error({ err: (error as Error).message }, 'where the audit chain stands is not archived yet');
    }
  }
}
