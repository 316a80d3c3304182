import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import {
  achievementJson,
  achievementUrl,
  BadgeReader,
  badgePictureAlt,
  badgePictureSvg,
  earlierVersions,
  type Json,
  ob2Url,
  StatementReader,
  translatedAchievementJson,
} from '#badges';
import { FrameworkReader } from '#frameworks';
import { HttpSettings } from '../http/settings.js';
import { renderAchievementPage } from '../pages/render.js';
import { jsonAnswer, notFound, pageAnswer, send } from './answer.js';
import { achievementPageView } from './badge-view.js';
import { endorsementView } from './endorsement-view.js';
import { issuerView, organisationWithParent } from './issuer-view.js';
import { KeptPictures } from './kept-pictures.js';
import { negotiateForm, negotiateLanguage } from './negotiation.js';

const oneDay = 'public, max-age=86400';

/** A version of a badge, for people and programs, and its picture. */
@Controller('achievements')
export class AchievementController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly frameworks: FrameworkReader,
    private readonly pictures: KeptPictures,
    private readonly statements: StatementReader,
  ) {}

  @Get(':id')
  async achievement(
    @Param('id') address: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const id = address.replace(/\.json$/, '');
    const form = address.endsWith('.json') ? 'json' : negotiateForm(request.headers)?.form;
    const achievement = await this.badges.achievement(id);
    if (!achievement || (form !== 'html' && form !== 'json')) return notFound(request, reply, language);
    const { origin } = this.settings;
    const { organisation, parent } = (await organisationWithParent(this.database.manager, {
      id: achievement.organisationId,
    }))!;
    const ob2Href =
      organisation.email === null
        ? undefined
        : ob2Url.badgeClass(origin, organisation.slug, achievement.publicId);
    if (form === 'json') {
      const context = [
        'https://www.w3.org/ns/credentials/v2',
        'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      ];
      const facts = {
        origin,
        achievement: {
          ...achievement,
          creator: { slug: organisation.slug, name: organisation.publicName },
          pictureAlt: badgePictureAlt(achievement.picture),
          earlier: (await earlierVersions(this.database, [achievement.id])).get(achievement.id) ?? [],
        },
      };
      // The address of the translation, which badges give in `related`: only asked for by name.
      const json = (lang === 'en' && translatedAchievementJson(facts)) || achievementJson(facts);
      const said = await this.statements.signedEndorsementsOf(achievementUrl(origin, achievement.publicId));
      const document = { '@context': context, ...json, ...said, ...relatedClass(json, ob2Href) };
      return send(request, reply, jsonAnswer(document, 'application/ld+json'));
    }
    const catalogue = await this.badges.catalogueOf(achievement.organisationId);
    const said = await this.statements.endorsementsOf(achievementUrl(origin, achievement.publicId));
    const view = {
      ...achievementPageView(
        achievement,
        catalogue,
        issuerView(organisation, parent),
        await this.frameworks.alignedCompetencies(achievement.alignments),
      ),
      endorsements: said.map((one) => endorsementView(one, origin)),
      ...(ob2Href && { ob2Href: `${ob2Href.slice(origin.length)}?download` }),
    };
    return send(
      request,
      reply,
      pageAnswer(renderAchievementPage(view, language, { origin, path: `/achievements/${id}` })),
    );
  }

  @Get(':id/image.svg')
  async svg(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const achievement = await this.badges.achievement(id);
    if (!achievement) return notFound(request, reply, 'fr');
    return send(request, reply, {
      body: badgePictureSvg(achievement.picture),
      contentType: 'image/svg+xml',
      cacheControl: oneDay,
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  }

  @Get(':id/image.png')
  async png(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const achievement = await this.badges.achievement(id);
    if (!achievement) return notFound(request, reply, 'fr');
    return send(request, reply, {
      body: this.pictures.png(achievement),
      contentType: 'image/png',
      cacheControl: oneDay,
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
  }
}

/** The live document also names its Open Badges 2.0 twin; badges, which are signed, do not. */
const relatedClass = (achievement: Json, ob2Href: string | undefined): Json =>
  ob2Href === undefined
    ? {}
    : {
        related: [
          ...((achievement.related ?? []) as Json[]),
          { id: ob2Href, type: ['Related'], version: 'Open Badges v2p0' },
        ],
      };
