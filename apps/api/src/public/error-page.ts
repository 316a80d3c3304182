import type { FastifyRequest } from 'fastify';
import type { Problem } from '../http/problem.js';
import { renderNotFoundPage, renderUnavailablePage } from '../pages/render.js';
import { negotiateLanguage } from './negotiation.js';

/** What a person sees instead of a problem in JSON. */
export function errorPage(problem: Problem, request: FastifyRequest): string | undefined {
  const language = negotiateLanguage(
    request.headers,
    (request.query as { lang?: unknown } | undefined)?.lang,
  );
  if (problem.status === 404) return renderNotFoundPage(language);
  return problem.status >= 500 ? renderUnavailablePage(language) : undefined;
}
