import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { allPageAssets, assetCacheControl } from '../pages/assets.js';
import { renderHomePage } from '../pages/render.js';
import { notFound, pageAnswer, send } from './answer.js';
import { negotiateLanguage } from './negotiation.js';

/** The front page, and the style sheet, fonts and icon of every page. */
@Controller()
export class HomeController {
  private readonly assets = new Map(allPageAssets().map((asset) => [asset.path, asset]));

  constructor(private readonly database: DataSource) {}

  @Get()
  async home(
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return send(
      request,
      reply,
      pageAnswer(
        renderHomePage(
          { frameworksHref: '/frameworks', apiHref: '/api/docs', pictures: await this.pictures() },
          negotiateLanguage(request.headers, lang),
        ),
      ),
    );
  }

  private async pictures(): Promise<string[]> {
    const rows: { id: string }[] = await this.database.query(
      'select public_id as id from achievement where superseded_at is null order by code limit 5',
    );
    return rows.map(({ id }) => `/achievements/${id}/image.svg`);
  }

  @Get('assets/:name')
  asset(
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): FastifyReply {
    const asset = this.assets.get(`/assets/${name}`);
    if (!asset) return notFound(request, reply, 'fr');
    return send(request, reply, {
      body: asset.body,
      contentType: asset.contentType,
      cacheControl: assetCacheControl,
    });
  }
}
