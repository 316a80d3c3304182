import { FastifyAdapter } from '@nestjs/platform-fastify';
import { uuid } from '#platform';

/**
 * The Fastify adapter of the api process. Correlation ids are made here, never taken from a client. Only a proxy on
 * this machine is believed about the client's address.
 * @param bodyLimit largest JSON or form body in bytes (default 1 MB)
 */
export const httpAdapter = ({ bodyLimit = 1_048_576 } = {}): FastifyAdapter =>
  new FastifyAdapter({ bodyLimit, genReqId: () => uuid(), requestIdHeader: false, trustProxy: 'loopback' });
