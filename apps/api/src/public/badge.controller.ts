import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { BadgeReader } from '#badges';
import { type Clock, isPublicId } from '#platform';
import { PublicKeys } from '#signing';
import { verifyCredential } from '#verification';
import { BadgePage } from '../pages/badge-page.js';
import { type Answer, send } from './answer.js';
import { badgePageView } from './badge-view.js';
import { issuerView, organisationWithParent } from './issuer-view.js';
import { negotiateForm, negotiateLanguage } from './negotiation.js';
import { OwnFetcher } from './own-fetcher.js';
import { Pages } from './pages.js';
import { CLOCK, ORIGIN } from './tokens.js';

/** One address for a badge: a page for people, JSON-LD or a JWT for programs. Unpublished looks like unknown (I9). */
@Controller('b')
export class BadgeController {
  private readonly fetcher: OwnFetcher;

  constructor(
    @Inject(ORIGIN) private readonly origin: string,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly pages: Pages,
    keys: PublicKeys,
  ) {
    this.fetcher = new OwnFetcher(origin, database, keys, badges);
  }

  @Get(':id')
  async badge(
    @Param('id') address: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const [id, extension] = splitExtension(address);
    const language = negotiateLanguage(request.headers, lang);
    const wanted = extension
      ? { form: extension, mediaType: extension === 'json' ? 'application/ld+json' : 'application/vc+jwt' }
      : negotiateForm(request.headers);
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge || !wanted) return this.pages.notFound(request, reply, language);
    const headers = {
      Vary: 'Accept, Accept-Language',
      'X-Robots-Tag': 'noindex, nofollow',
      'Access-Control-Allow-Origin': '*',
    };
    const answers: Record<typeof wanted.form, () => Promise<Answer>> = {
      json: async () => ({
        body: badge.document,
        contentType: wanted.mediaType,
        sha256: badge.documentSha256,
        headers,
      }),
      jwt: async () => ({ body: badge.jwt, contentType: wanted.mediaType, headers }),
      html: async () => {
        const checkedAt = this.clock.now();
        const report = await verifyCredential(badge.document, {
          fetcher: this.fetcher,
          now: checkedAt,
          origin: this.origin,
        });
        const achievement = (await this.badges.achievementById(badge.achievementId))!;
        const { organisation, parent } = (await organisationWithParent(this.database.manager, {
          id: badge.organisationId,
        }))!;
        const view = badgePageView({
          origin: this.origin,
          badge,
          achievement,
          catalogue: await this.badges.catalogueOf(badge.organisationId),
          issuer: issuerView(organisation, parent),
          issuerSlug: organisation.slug,
          report,
          checkedAt,
        });
        return this.pages.page(BadgePage(view, this.pages.context(language, `/b/${id}`)), { headers });
      },
    };
    return send(request, reply, await answers[wanted.form]());
  }
}

function splitExtension(address: string): [string, 'json' | 'jwt' | undefined] {
  const match = /^(.+)\.(json|jwt)$/.exec(address);
  return match ? [match[1]!, match[2] as 'json' | 'jwt'] : [address, undefined];
}
