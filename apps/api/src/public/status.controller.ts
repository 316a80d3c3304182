import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadgeReader, statusListMaxAgeSeconds } from '#badges';
import { notFound, send } from './answer.js';

const suspensionsMaxAgeSeconds = 5;

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

  /**
   * Which of the list's bits stand for a suspension, as our own register has it now: Open Badges 3.0 takes one status
   * entry, so that both share a bit. Not signed: it says no more than the address of this service vouches for.
   */
  @Get(':id/suspended')
  async suspended(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await this.badges.suspensions(id);
    if (!found) return notFound(request, reply, 'fr');
    return send(request, reply, {
      body: JSON.stringify(found),
      contentType: 'application/json',
      cacheControl: `public, max-age=${suspensionsMaxAgeSeconds}`,
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  }
}
