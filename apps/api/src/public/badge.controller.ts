import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { BadgeReader, badgePictureSvg, badgeUrl, type PublishedBadge, StatementReader } from '#badges';
import { FrameworkReader } from '#frameworks';
import { Clock, isPublicId, type Language, textIn } from '#platform';
import { PublicKeys } from '#signing';
import { verifyCredential } from '#verification';
import { HttpSettings } from '../http/settings.js';
import { AllowEverybody } from '../oauth/allow.js';
import { renderBadgePage } from '../pages/render.js';
import { type Answer, jsonAnswer, notFound, notStanding, pageAnswer, send } from './answer.js';
import { endorsementsLink } from './badge-routes.js';
import { badgePageView } from './badge-view.js';
import { BakedPictures } from './baked-pictures.js';
import { endorsementView } from './endorsement-view.js';
import { issuerView, organisationWithParent } from './issuer-view.js';
import { KeptCards } from './kept-cards.js';
import { type Form, negotiateForm, negotiateLanguage } from './negotiation.js';
import { OwnFetcher } from './own-fetcher.js';

const headers = {
  Vary: 'Accept, Accept-Language',
  'X-Robots-Tag': 'noindex, nofollow',
  'Access-Control-Allow-Origin': '*',
};

/** One address for a badge: a page for people, JSON-LD or a JWT for programs. Unpublished looks like unknown (I9). */
@Controller('b')
export class BadgeController {
  private readonly fetcher: OwnFetcher;
  private readonly cards = new KeptCards();

  constructor(
    private readonly settings: HttpSettings,
    private readonly clock: Clock,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly frameworks: FrameworkReader,
    private readonly bakedPictures: BakedPictures,
    private readonly statements: StatementReader,
    keys: PublicKeys,
  ) {
    this.fetcher = new OwnFetcher(settings.origin, database, keys, badges);
  }

  @Get(':id')
  async badge(
    @Param('id') address: string,
    @Query('lang') lang: string | undefined,
    @Query('download') download: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const [id, extension] = splitExtension(address);
    const language = negotiateLanguage(request.headers, lang);
    if (extension === 'png' || extension === 'svg')
      return this.picture(
        id,
        { form: extension, language, isDownload: download !== undefined },
        request,
        reply,
      );
    const wanted = extension ? byExtension[extension] : negotiateForm(request.headers);
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge || !wanted) return notFound(request, reply, language);
    return send(request, reply, await this.answer(badge, wanted, language));
  }

  /** What others say of the badge, signed, for programs; nothing that its page does not show. */
  @Get(':id/endorsements.json')
  @AllowEverybody()
  async endorsements(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge) return notFound(request, reply, negotiateLanguage(request.headers));
    const { origin } = this.settings;
    if (badge.status !== 'active') return notStanding(request, reply, badge, origin);
    const address = badgeUrl(origin, badge.publicId);
    const signed = await this.statements.signedEndorsementsOf(address);
    const answer = jsonAnswer({ badge: address, endorsement: [], endorsementJwt: [], ...signed });
    return send(request, reply, {
      ...answer,
      headers: { ...answer.headers, 'X-Robots-Tag': headers['X-Robots-Tag'] },
    });
  }

  /** The card that other sites show of a link to a badge; nothing for a badge that is hidden, or does not stand. */
  @Get(':id/card.png')
  async card(
    @Param('id') id: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (badge?.status !== 'active') return notFound(request, reply, language);
    const achievement = (await this.badges.achievementById(badge.achievementId))!;
    const { organisation } = (await organisationWithParent(this.database.manager, {
      id: badge.organisationId,
    }))!;
    const body = this.cards.png({
      picture: badgePictureSvg(achievement.picture),
      title: textIn(achievement.name, language),
      issuer: organisation.publicName,
      host: new URL(this.settings.origin).host,
      language,
    });
    return send(request, reply, { body, contentType: 'image/png', headers });
  }

  /** The picture with the badge in it, ready to be taken along; none is made of a badge that does not stand. */
  private async picture(
    id: string,
    wanted: { form: 'png' | 'svg'; language: Language; isDownload: boolean },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge) return notFound(request, reply, wanted.language);
    if (badge.status !== 'active') return notStanding(request, reply, badge, this.settings.origin);
    const { organisation } = (await organisationWithParent(this.database.manager, {
      id: badge.organisationId,
    }))!;
    const answer = await this.bakedPictures.answer(badge, organisation, wanted);
    return send(request, reply, {
      ...answer,
      headers: { ...headers, Vary: 'Accept-Language', ...answer.headers },
    });
  }

  private async answer(
    badge: PublishedBadge,
    { form, mediaType }: { form: Form; mediaType: string },
    language: Language,
  ): Promise<Answer> {
    const { origin } = this.settings;
    const linked = badge.status === 'active' ? { ...headers, ...endorsementsLink(origin, badge) } : headers;
    if (form === 'json')
      return { body: badge.document, contentType: mediaType, sha256: badge.documentSha256, headers: linked };
    if (form === 'jwt') return { body: badge.jwt, contentType: mediaType, headers: linked };
    const checkedAt = this.clock.now();
    const report = await verifyCredential(badge.document, { fetcher: this.fetcher, now: checkedAt, origin });
    const achievement = (await this.badges.achievementById(badge.achievementId))!;
    const { organisation, parent } = (await organisationWithParent(this.database.manager, {
      id: badge.organisationId,
    }))!;
    const said = await this.statements.endorsementsOf(badgeUrl(origin, badge.publicId));
    const view = {
      ...badgePageView({
        origin,
        badge,
        achievement,
        catalogue: await this.badges.catalogueOf(badge.organisationId),
        competencies: await this.frameworks.alignedCompetencies(achievement.alignments),
        issuer: issuerView(organisation, parent),
        issuerSlug: organisation.slug,
        hasOb2: organisation.email !== null,
        report,
        checkedAt,
      }),
      endorsements: said.map((one) => endorsementView(one, origin)),
    };
    return pageAnswer(renderBadgePage(view, language, { origin, path: `/b/${badge.publicId}` }), linked);
  }
}

const byExtension = {
  json: { form: 'json', mediaType: 'application/ld+json' },
  jwt: { form: 'jwt', mediaType: 'application/vc+jwt' },
} as const;

function splitExtension(address: string): [string, ('json' | 'jwt' | 'png' | 'svg')?] {
  const match = /^(.+)\.(json|jwt|png|svg)$/.exec(address);
  return match ? [match[1]!, match[2] as 'json'] : [address];
}
