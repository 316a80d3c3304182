import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { finalize, type Observable } from 'rxjs';
import type { Caller } from '../oauth/caller.js';
import { writesNothing } from './idempotency.interceptor.js';
import { Turns } from './turns.js';

/** Connections to the database that an api process opens at most. */
export const databaseConnections = 10;

/**
 * Requests that write take turns before they take a connection: those of one structure wait for each other in the
 * database, and would hold every connection while they do, so that no badge page could be read.
 */
@Injectable()
export class WriteTurnsInterceptor implements NestInterceptor {
  private readonly turns = new Turns({
    atOnce: databaseConnections - 4,
    atOncePerCaller: 3,
    waitingPerCaller: 200,
    longestWaitMs: 30_000,
  });

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || !request.caller) return next.handle();
    if (writesNothing(context) === 'reads') return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const end = await this.turns.take(request.caller.clientId, gone.signal);
    return next.handle().pipe(finalize(end));
  }
}
