import type { FastifyReply } from 'fastify';
import type { VNode } from 'preact';
import type { Language } from '#platform';
import { pageHeaders, renderPage } from './document.js';

/** Answers with a page that holds forms, which lead to this service alone; nobody keeps it. */
export function sendFormPage(
  reply: FastifyReply,
  status: number,
  page: VNode,
  frame: { language: Language; title: string },
): FastifyReply {
  const headers = pageHeaders();
  const policy = headers['content-security-policy']!.replace("form-action 'none'", "form-action 'self'");
  return reply
    .status(status)
    .headers({ ...headers, 'content-security-policy': policy, 'cache-control': 'no-store' })
    .send(renderPage(page, frame));
}
