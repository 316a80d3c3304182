import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AllowEverybody } from '../oauth/allow.js';
import { pageHeaders, renderPage } from '../pages/document.js';
import { negotiateLanguage } from '../public/negotiation.js';
import { ApiDescription } from './api-description.js';
import { DocsPage, docsTitle } from './docs-page.js';
import { docsStylesheet } from './docs-stylesheet.js';
import type { RouteDescription } from './route.js';

/** Description of the route under /api/v1 below. */
export const openApiRoutes: RouteDescription[] = [
  {
    method: 'GET',
    path: '/api/v1/openapi.json',
    operationId: 'getOpenApi',
    tag: 'Description',
    summary: 'This description, for programs (OpenAPI 3.1).',
    scopes: 'everybody',
    responses: { 200: { description: 'The OpenAPI document.', schema: { type: 'object' } } },
  },
];

/** The API described for programs (OpenAPI 3.1) and for people. */
@Controller('api')
export class OpenApiController {
  constructor(private readonly description: ApiDescription) {}

  @Get('v1/openapi.json')
  @AllowEverybody()
  document(@Res({ passthrough: true }) reply: FastifyReply): Record<string, unknown> {
    reply.headers({ 'cache-control': 'no-cache', 'access-control-allow-origin': '*' });
    return this.description.document();
  }

  @Get('docs')
  docs(
    @Query('lang') asked: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string {
    const language = negotiateLanguage(request.headers, asked);
    reply.headers({
      ...pageHeaders({ isIndexable: true }),
      vary: 'Accept-Language',
      'content-language': language,
    });
    return renderPage(DocsPage({ description: this.description, language }), {
      language,
      title: docsTitle[language],
      isIndexable: true,
    });
  }

  @Get('docs/style.css')
  style(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
    return docsStylesheet;
  }
}
