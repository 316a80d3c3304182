import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { badgeUrl, CurrentBadgeReader } from '#badges';
import { DomainError } from '#platform';
import { HttpSettings } from '../http/settings.js';
import { notFound, problem, send } from './answer.js';
import { negotiateForm, negotiateLanguage } from './negotiation.js';

/** There is no current form any more (`badge_taken_back`). */
class BadgeTakenBack extends DomainError {
  readonly code = 'badge_taken_back';
  constructor() {
    super('The badge was taken back and has no current form');
  }
}

const headers = {
  Vary: 'Accept',
  'X-Robots-Tag': 'noindex, nofollow',
  'Access-Control-Allow-Origin': '*',
};

/**
 * The refresh service of the badges (Open Badges 3.0, section B.1, RefreshService): JSON-LD or a JWT of what counts now.
 * Whoever has the address has the signed badge, so it answers while the page is hidden. Who asks is not kept.
 */
@Controller('refresh')
export class RefreshController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly badges: CurrentBadgeReader,
  ) {}

  @Get(':id/:secret')
  async current(
    @Param('id') id: string,
    @Param('secret') secret: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const wanted = negotiateForm(request.headers, ['json', 'jwt']);
    const badge = wanted && (await this.badges.at(id, secret));
    if (!badge) return notFound(request, reply, negotiateLanguage(request.headers));
    if (badge === 'gone') return problem(reply, 410, new BadgeTakenBack());
    const isJwt = wanted.form === 'jwt';
    return send(request, reply, {
      body: isJwt ? badge.jwt : badge.document,
      contentType: wanted.mediaType,
      ...(isJwt ? {} : { sha256: badge.documentSha256 }),
      headers: { ...headers, ...this.successor(badge.supersededBy) },
    });
  }

  /** RFC 5829: another badge, with an `id` of its own, is no form of this one and is only pointed at. */
  private successor(publicId: string | null): Record<string, string> {
    if (publicId === null) return {};
    return {
      Link: `<${badgeUrl(this.settings.origin, publicId)}>; rel="successor-version"`,
      'Access-Control-Expose-Headers': 'Link',
    };
  }
}
