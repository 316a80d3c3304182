import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Answer {
  body: string | Buffer;
  contentType: string;
  /** Hex digest when it is known already; else it is computed. */
  sha256?: string;
  cacheControl?: string;
  headers?: Record<string, string>;
  status?: number;
}

/** Always ask again, but be told "not modified": a badge that is withdrawn or hidden is gone at the next look. */
export const revalidate = 'no-cache';

/**
 * Sends bytes with a strong ETag and answers 304 when the client has them (RFC 9110, 13.1.2). Two representations of
 * one address have different ETags because their bytes differ.
 */
export function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const digest = answer.sha256 ?? createHash('sha256').update(answer.body).digest('hex');
  const etag = `"${digest.slice(0, 32)}-${answer.contentType.split(';')[0]!.split('/')[1]}"`;
  reply.headers({ ETag: etag, 'Cache-Control': answer.cacheControl ?? revalidate, ...answer.headers });
  const known = request.headers['if-none-match'];
  if ((answer.status ?? 200) === 200 && known !== undefined && known.split(/\s*,\s*/).includes(etag))
    return reply.status(304).send();
  return reply
    .status(answer.status ?? 200)
    .header('Content-Type', answer.contentType)
    .send(answer.body);
}
