import { Controller, Get, Header, ServiceUnavailableException } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';
import { DataSource } from 'typeorm';
import { IssuanceQueue, OperationsReader } from '#badges';
import { signingMetrics } from './signing-metrics.js';

collectDefaultMetrics();

/** The worker's only inbound addresses; it listens on loopback alone. */
@Controller()
export class HealthController {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly operations: OperationsReader,
  ) {}

  @Get('health')
  health(): { status: 'alive' } {
    return { status: 'alive' };
  }

  /** Can jobs be taken? 503 with the check that failed when not. */
  @Get('ready')
  async ready(): Promise<Record<string, unknown>> {
    const database = await this.database.query('select 1').then(
      () => 'passed',
      () => 'failed',
    );
    const queue = await this.queue.counts().then(
      () => 'passed',
      () => 'failed',
    );
    const answer = {
      status: database === 'passed' && queue === 'passed' ? 'ready' : 'not_ready',
      checks: { database, queue },
    };
    if (answer.status === 'not_ready') throw new ServiceUnavailableException(answer);
    return answer;
  }

  @Get('metrics')
  @Header('Content-Type', register.contentType)
  async metrics(): Promise<string> {
    // A database that is away is told by /ready; the rest of the metrics is still worth having.
    const counts = await this.queue.countsNow();
    await signingMetrics.refresh(this.operations, counts).catch(() => undefined);
    return await register.metrics();
  }
}
