import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isBearer, programVersion } from '#platform';
import { Metrics } from './metrics.js';
import { HttpRefusal } from './problem.js';
import { type Readiness, ReadyChecks } from './readiness.js';
import { HttpSettings } from './settings.js';

const loopback = /^(127\.|::1$|::ffff:127\.)/;

/** Asked from this very machine, and not handed on by a proxy that runs on it. */
const isLocal = (request: FastifyRequest): boolean =>
  loopback.test(request.socket.remoteAddress ?? '') &&
  request.headers['x-forwarded-for'] === undefined &&
  request.headers.forwarded === undefined;

/** Addresses for the machines that watch the service. */
@Controller()
export class HealthController {
  constructor(
    private readonly readyChecks: ReadyChecks,
    private readonly metrics: Metrics,
    private readonly settings: HttpSettings,
  ) {}

  /** The process is alive. */
  @Get('health')
  health(): { status: 'alive'; version: string } {
    return { status: 'alive', version: programVersion };
  }

  /** The service can do its work; 503 with the failed check by name when not. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const readiness = await this.readyChecks.run();
    reply.header('cache-control', 'no-store');
    if (readiness.status === 'not_ready') reply.status(503);
    return readiness;
  }

  /** Prometheus text; from loopback, or with the token when one is set. */
  @Get('metrics')
  async prometheus(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    if (!this.mayRead(request)) throw new HttpRefusal(404, 'not_found', 'Nothing is at this address');
    reply.header('content-type', this.metrics.registry.contentType);
    return await this.metrics.registry.metrics();
  }

  private mayRead(request: FastifyRequest): boolean {
    const { metricsToken } = this.settings;
    if (metricsToken === undefined) return isLocal(request);
    return isBearer(request.headers.authorization, metricsToken);
  }
}
