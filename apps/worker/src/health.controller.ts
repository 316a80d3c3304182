import {
  Controller,
  Get,
  Headers,
  NotFoundException,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { collectDefaultMetrics, register } from 'prom-client';
import { DataSource } from 'typeorm';
import { IssuanceQueue, OperationsReader } from '#badges';
import { isBearer } from '#platform';
import { signingMetrics } from './signing-metrics.js';

collectDefaultMetrics();

/** Who may read the metrics: whoever gives `token`, or, without one, whoever reaches the worker. */
export abstract class MetricsGuard {
  abstract readonly token?: string;
}

/** The worker's only inbound addresses; it listens on loopback alone unless it is told otherwise. */
@Controller()
export class HealthController {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly operations: OperationsReader,
    private readonly guard: MetricsGuard,
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

  /** Prometheus text; with the token when one is set, else an address like any that is unknown. */
  @Get('metrics')
  async metrics(
    @Headers('authorization') authorization: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { token } = this.guard;
    if (token !== undefined && !isBearer(authorization, token))
      throw new NotFoundException('Cannot GET /metrics');
    reply.header('content-type', register.contentType);
    // A database that is away is told by /ready; the rest of the metrics is still worth having.
    const counts = await this.queue.countsNow();
    await signingMetrics.refresh(this.operations, counts).catch(() => undefined);
    return await register.metrics();
  }
}
