import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  BadgeReader,
  type PublishedStatusList,
  statusListMaxAgeSeconds,
  statusListOutlivesSeconds,
} from '#badges';
import { notFound, send } from './answer.js';
import { LastKnown } from './last-known.js';

const suspensionsMaxAgeSeconds = 5;
// A cache that serves many adds its own age to that of its readers, so it asks again sooner.
const sharedMaxAgeSeconds = 2;
// A full list has some 20 kB.
const limits = { most: 500, seconds: statusListOutlivesSeconds };
const whileAway = `stale-if-error=${statusListOutlivesSeconds}`;

/** Open to any site; what is older than an answer of now says by how much (RFC 9111, 5.1). */
const headers = (age: number): Record<string, string> => ({
  'Access-Control-Allow-Origin': '*',
  ...(age > 0 && { Age: String(age) }),
});

/**
 * Signed status lists: public, for everybody, the same for 131,072 badges so that a check names none of them. While the
 * database is away, those that were read before are answered still.
 */
@Controller('status')
export class StatusController {
  private readonly lists = new LastKnown<PublishedStatusList>(limits);
  private readonly suspensions = new LastKnown<{ suspended: number[]; lifted: number[] }>(limits);

  constructor(private readonly badges: BadgeReader) {}

  @Get(':id')
  async list(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await this.lists.read(id, () => this.badges.statusList(id));
    if (!found) return notFound(request, reply, 'fr');
    const { value: list, age } = found;
    return send(request, reply, {
      body: list.document,
      sha256: list.documentSha256 ?? undefined,
      contentType: 'application/vc',
      // The same bytes for everybody: a cache between may keep them and must not encode them anew.
      cacheControl: `public, max-age=${statusListMaxAgeSeconds}, s-maxage=${sharedMaxAgeSeconds}, ${whileAway}, no-transform`,
      headers: headers(age),
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
    const found = await this.suspensions.read(id, () => this.badges.suspensions(id));
    if (!found) return notFound(request, reply, 'fr');
    return send(request, reply, {
      body: JSON.stringify(found.value),
      contentType: 'application/json',
      cacheControl: `public, max-age=${suspensionsMaxAgeSeconds}, ${whileAway}`,
      headers: headers(found.age),
    });
  }
}
