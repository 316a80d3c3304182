import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type PublishedBadge, revocationReason, revokedAssertion } from '#badges';
import type { DomainError, Language } from '#platform';
import { pageHeaders } from '../pages/document.js';
import { renderNotFoundPage } from '../pages/render.js';
import { negotiateForm } from './negotiation.js';

export interface Answer {
  body: string | Buffer;
  contentType: string;
  /** Hex digest when it is known already; else it is computed. */
  sha256?: string;
  cacheControl?: string;
  headers?: Record<string, string>;
}

/** Always ask again, but be told "not modified": a badge that is withdrawn or hidden is gone at the next look. */
const revalidate = 'no-cache';

const { 'content-type': _type, 'x-robots-tag': _robots, ...safety } = pageHeaders();

/**
 * Sends bytes with a strong ETag and answers 304 when the client has them (RFC 9110, 13.1.2). Two representations of
 * one address have different ETags because their bytes or their media types differ.
 */
export function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const digest = answer.sha256 ?? createHash('sha256').update(answer.body).digest('hex');
  const etag = `"${digest.slice(0, 40)}-${answer.contentType.split(';')[0]!.split('/')[1]}"`;
  reply.headers({
    ...safety,
    ETag: etag,
    'Cache-Control': answer.cacheControl ?? revalidate,
    ...answer.headers,
  });
  const known = request.headers['if-none-match']?.split(/\s*,\s*/) ?? [];
  if (known.includes(etag)) return reply.status(304).send();
  return reply.header('Content-Type', answer.contentType).send(answer.body);
}

/** JSON that other programs may read from any site. */
export const jsonAnswer = (value: unknown, contentType = 'application/json'): Answer => ({
  body: typeof value === 'string' ? value : JSON.stringify(value),
  contentType,
  headers: { 'Access-Control-Allow-Origin': '*', Vary: 'Accept' },
});

export const pageAnswer = (html: string, headers: Record<string, string> = {}): Answer => ({
  body: html,
  contentType: 'text/html; charset=utf-8',
  headers: { Vary: 'Accept, Accept-Language', ...headers },
});

/** The same answer for what is unknown, private, erased or somebody else's: nothing of the address is in it (I9). */
export function notFound(request: FastifyRequest, reply: FastifyReply, language: Language): FastifyReply {
  reply
    .status(404)
    .headers({ ...safety, 'Cache-Control': 'private, no-store', 'X-Robots-Tag': 'noindex, nofollow' });
  if (negotiateForm(request.headers)?.form === 'html')
    return reply.header('Content-Type', 'text/html; charset=utf-8').send(renderNotFoundPage(language));
  return reply.header('Content-Type', 'application/problem+json').send(
    JSON.stringify({
      type: 'about:blank',
      title: 'Nothing is at this address',
      status: 404,
      code: 'not_found',
    }),
  );
}

/** An error of a public address for programs: RFC 9457, with the code and the words of the error. */
export const problem = (reply: FastifyReply, status: number, error: DomainError): FastifyReply =>
  reply
    .status(status)
    .headers({ ...safety, 'Cache-Control': 'no-store', 'Access-Control-Allow-Origin': '*' })
    .header('Content-Type', 'application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: 'This form does not exist',
        status,
        code: error.code,
        detail: error.message,
      }),
    );

/**
 * 410 for a shown badge that does not stand now: an Open Badges 2.0 Assertion with `revoked` and the reason, which says
 * of a suspension that it is one.
 */
export function notStanding(
  request: FastifyRequest,
  reply: FastifyReply,
  badge: PublishedBadge,
  origin: string,
): FastifyReply {
  const state = badge.status === 'suspended' ? 'suspended' : 'revoked';
  const reason = revocationReason(state, badge.statusReason);
  return send(request, reply.status(410), {
    body: JSON.stringify(
      revokedAssertion(origin, badge.publicId, { reason, isSuspended: state === 'suspended' }),
    ),
    contentType: 'application/ld+json',
    headers: { 'Access-Control-Allow-Origin': '*', Vary: 'Accept', 'X-Robots-Tag': 'noindex, nofollow' },
  });
}
