import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { uuid } from '#platform';
import { refusalOf } from './problem.js';
import { defaultHeaders } from './security-headers.js';

// Such an address never reaches Nest or its filter.
function refuseAddress(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { problem } = refusalOf(error, {}, request.id);
  void reply
    .status(problem.status)
    .headers({ ...defaultHeaders(''), 'x-correlation-id': request.id, 'cache-control': 'no-store' })
    .type('application/problem+json')
    .send(JSON.stringify(problem));
}

/**
 * The Fastify adapter of the api process. Correlation ids are made here, never taken from a client.
 * @param bodyLimit largest JSON or form body in bytes (default 1 MB)
 * @param trustedProxies who is believed about the client's address (default: a proxy on this machine)
 */
export const httpAdapter = ({ bodyLimit = 1_048_576, trustedProxies = ['loopback'] } = {}): FastifyAdapter =>
  new FastifyAdapter({
    bodyLimit,
    genReqId: () => uuid(),
    requestIdHeader: false,
    trustProxy: trustedProxies,
    frameworkErrors: refuseAddress,
  });
