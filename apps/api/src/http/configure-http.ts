import multipart from '@fastify/multipart';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logger } from '#platform';
import type { Caller } from '../oauth/caller.js';
import { ApiDescription } from '../openapi/api-description.js';
import { isOfPrograms, RouteList } from '../openapi/route-list.js';
import { Metrics } from './metrics.js';
import { type ErrorPage, ProblemFilter } from './problem.filter.js';
import { type ReadyCheck, ReadyChecks } from './readiness.js';
import { defaultHeaders } from './security-headers.js';
import { HttpSettings } from './settings.js';

const log = logger('http');
/** Bytes of a credential or presentation with its options. */
const largestOfVcApi = 256 * 1024;

export interface HttpOptions {
  /** HTML for people whose address does not exist or failed; without it they get JSON. */
  errorPage?: ErrorPage;
  /** More checks for GET /ready, such as `{ queue: () => queue.counts() }`. */
  checks?: Record<string, ReadyCheck>;
  /** Largest CSV body in bytes (default 20 MB). */
  csvBodyLimit?: number;
}

/**
 * Sets up what Nest has no place for: correlation id, request log, metrics, security headers, CSV bodies (as Buffer).
 * Call it once, before `app.init()` or `app.listen()`.
 */
export function configureHttp(app: NestFastifyApplication, options: HttpOptions = {}): void {
  const fastify = app.getHttpAdapter().getInstance();
  const { origin } = app.get(HttpSettings);
  const metrics = app.get(Metrics);
  const routes = app.get(RouteList);
  app.get(ProblemFilter).errorPage = options.errorPage;
  const ready = app.get(ReadyChecks);
  for (const [name, check] of Object.entries(options.checks ?? {})) ready.add(name, check);

  fastify.addHook('onRoute', (route) => {
    routes.add(route.method, route.url);
    // A framework with its thousands of items is one document.
    if (route.url === '/api/v1/framework-imports') route.bodyLimit = 20 * 1_048_576;
    if (route.url.startsWith('/vc-api/')) route.bodyLimit = largestOfVcApi;
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('x-correlation-id', request.id);
  });
  const headers = Object.entries(defaultHeaders(origin));
  fastify.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply) => {
    for (const [name, value] of headers) if (!reply.hasHeader(name)) reply.header(name, value);
    if (isOfPrograms(request.url) && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store');
  });
  fastify.addHook('onResponse', async (request: FastifyRequest & { caller?: Caller }, reply) => {
    // The template, never the address: an address may name a badge that only its owner knows.
    const route = request.routeOptions.url ?? 'unknown';
    const { method, id, caller } = request;
    metrics.requestSeconds.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    const level = /^\/(health|ready|metrics)$/.test(route) ? 'debug' : 'info';
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    log[level](
      { correlationId: id, method, route, status: reply.statusCode, ms, client: caller?.clientId },
      'request',
    );
  });
  void fastify.register(multipart);
  fastify.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer', bodyLimit: options.csvBodyLimit ?? 20 * 1_048_576 },
    (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body),
  );
}

/**
 * What differs between the described routes and those that Fastify has under /api/v1, as sentences; empty when all is
 * well. Call after `app.init()`.
 */
export const routeDifferences = (app: NestFastifyApplication): string[] =>
  app.get(RouteList).differences(app.get(ApiDescription).routes);
