import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, logger } from '#platform';
import { caseErrorAt } from '../case/status-info.js';
import { errorTable, type Problem, refusalOf } from './problem.js';
import { HttpSettings } from './settings.js';

const log = logger('http');

/** What a person sees instead of JSON: used for addresses outside /api, /oauth and /vc-api when the client takes HTML. */
export type ErrorPage = (problem: Problem, request: FastifyRequest) => string | undefined;

/**
 * Facts of an unexpected error that can be logged: its kind, the database's code and constraint, the places in our
 * code. Messages and parameters may carry names, so they stay out, except those that the language itself writes.
 */
export function loggable(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const { code, constraint, table } = {
    ...error,
    ...(error as { driverError?: object }).driverError,
  } as Record<string, unknown>;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.name,
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(typeof table === 'string' && { table }),
    ...((error instanceof TypeError || error instanceof ReferenceError) && { message: error.message }),
    at: frames.slice(0, 8).map((line) => line.trim()),
    ...(error.cause !== undefined && { cause: loggable(error.cause) }),
  };
}

/** Every error leaves as application/problem+json (RFC 9457). */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  errorPage?: ErrorPage;
  private readonly table;

  constructor(settings: HttpSettings) {
    this.table = errorTable(settings.errors);
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { problem, headers } = refusalOf(error, this.table, request.id);
    if (problem.status >= 500 && problem.code !== 'not_ready')
      log.error({ correlationId: request.id, ...loggable(error) }, 'unexpected error');
    else if (error instanceof DomainError)
      log.debug({ correlationId: request.id, code: problem.code }, 'refused');
    if (reply.sent) return;
    const ofCase = caseErrorAt(request, problem);
    if (ofCase) {
      const { status, body } = ofCase;
      void reply
        .status(status)
        .headers({ 'cache-control': 'no-store', ...headers, ...ofCase.headers })
        .send(body);
      return;
    }
    const page = this.pageOf(problem, request);
    reply.status(problem.status).headers({ 'cache-control': 'no-store', vary: 'Accept', ...headers });
    if (page !== undefined) void reply.type('text/html; charset=utf-8').send(page);
    else void reply.type('application/problem+json').send(JSON.stringify(problem));
  }

  private pageOf(problem: Problem, request: FastifyRequest): string | undefined {
    if (
      !this.errorPage ||
      /^\/(api|oauth|vc-api)\//.test(request.url) ||
      !request.headers.accept?.includes('text/html')
    )
      return undefined;
    try {
      return this.errorPage(problem, request);
    } catch (error) {
      log.error({ correlationId: request.id, ...loggable(error) }, 'the error page failed');
      return undefined;
    }
  }
}
