import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadgeReader, statusListMaxAgeSeconds } from '#badges';
import { notFound, send } from './answer.js';

/** Signed status lists: public, for everybody, the same for 131,072 badges so that a check names none of them. */
@Controller('status')
export class StatusController {
  constructor(private readonly badges: BadgeReader) {}

  @Get(':id')
  async list(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const list = await this.badges.statusList(id);
    if (!list) return notFound(request, reply, 'fr');
    return send(request, reply, {
      body: list.document,
      sha256: list.documentSha256 ?? undefined,
      contentType: 'application/vc',
      // The same bytes for everybody: a cache between may keep them for a minute and must not encode them anew.
      cacheControl: `public, max-age=${statusListMaxAgeSeconds}, no-transform`,
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  }
}
