import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import {
  achievementJson,
  BadgeReader,
  badgeClass,
  badgePictureAlt,
  cryptographicKey,
  IssuerWithoutEmail,
  issuerProfile2,
  OpenBadges2,
  revocationList,
  statusListMaxAgeSeconds,
} from '#badges';
import type { Organisation } from '#people';
import { isPublicId } from '#platform';
import { PublicKeys } from '#signing';
import { HttpSettings } from '../http/settings.js';
import { type Answer, notFound, notStanding, problem, send } from './answer.js';
import { named } from './file-name.js';
import { organisationWithParent, profileOf } from './issuer-view.js';
import { negotiateLanguage, negotiateLinkedData } from './negotiation.js';
import { signedSoon } from './signed-soon.js';

const badgeHeaders = { 'X-Robots-Tag': 'noindex, nofollow' };

/** Open Badges 2.0: each document at the address that is its `id` (ADR 0021). Unpublished looks like unknown (I9). */
@Controller()
export class Ob2Controller {
  constructor(
    private readonly settings: HttpSettings,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly openBadges2: OpenBadges2,
    private readonly keys: PublicKeys,
  ) {}

  @Get('b/:id/ob2.json')
  async assertion(
    @Param('id') id: string,
    @Query('download') download: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge) return notFound(request, reply, negotiateLanguage(request.headers));
    const isDownload = download !== undefined;
    const type = negotiateLinkedData(request.headers);
    if (type === 'text/html' && !isDownload) return seeOther(reply, `/b/${id}`);
    const { organisation } = (await organisationWithParent(this.database.manager, {
      id: badge.organisationId,
    }))!;
    if (organisation.email === null) return problem(reply, 404, new IssuerWithoutEmail());
    if (badge.status !== 'active') return notStanding(request, reply, badge, this.settings.origin);
    const body = await this.openBadges2.assertion(badge, organisation.slug);
    return send(
      request,
      reply,
      linkedData(body, type, {
        ...badgeHeaders,
        'Content-Disposition': named('open-badge-2.json', { isDownload }),
      }),
    );
  }

  /** The signed form, as a compact JWS. Who asks first waits a moment while the worker signs it. */
  @Get('b/:id/ob2.jws')
  async signed(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge) return notFound(request, reply, negotiateLanguage(request.headers));
    const { organisation } = (await organisationWithParent(this.database.manager, {
      id: badge.organisationId,
    }))!;
    if (organisation.email === null) return problem(reply, 404, new IssuerWithoutEmail());
    if (badge.status !== 'active') return notStanding(request, reply, badge, this.settings.origin);
    const jws = await signedSoon(() => this.openBadges2.signed(id));
    return send(request, reply, {
      body: jws,
      contentType: 'application/jose',
      headers: {
        ...badgeHeaders,
        'Access-Control-Allow-Origin': '*',
        'Content-Disposition': named('open-badge-2.jws', { isDownload: true }),
      },
    });
  }

  @Get('issuers/:slug/ob2.json')
  async issuer(
    @Param('slug') slug: string,
    @Query('download') download: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await organisationWithParent(this.database.manager, { slug });
    if (!found) return notFound(request, reply, negotiateLanguage(request.headers));
    const type = negotiateLinkedData(request.headers);
    if (type === 'text/html' && download === undefined) return seeOther(reply, `/issuers/${slug}`);
    const { organisation, parent } = found;
    if (organisation.email === null) return problem(reply, 404, new IssuerWithoutEmail());
    const { origin } = this.settings;
    const profile = profileOf(origin, organisation, parent);
    const keyIds = (await this.keys.all(organisation.id))
      .filter(({ algorithm, compromisedSince }) => algorithm === 'RS256' && !compromisedSince)
      .map((key) => key.id);
    const document = issuerProfile2(origin, { slug, email: organisation.email, profile, keyIds });
    return send(request, reply, linkedData(document, type));
  }

  @Get('issuers/:slug/ob2/:file')
  async ofIssuer(
    @Param('slug') slug: string,
    @Param('file') file: string,
    @Query('download') download: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const name = /^(.+)\.json$/.exec(file)?.[1];
    const found = name && (await organisationWithParent(this.database.manager, { slug }));
    const achievement =
      found && name !== 'revoked' ? await this.openBadges2.issuable(found.organisation.id, name) : null;
    if (!found || (name !== 'revoked' && !achievement))
      return notFound(request, reply, negotiateLanguage(request.headers));
    const { organisation } = found;
    const type = negotiateLinkedData(request.headers);
    if (organisation.email === null) return problem(reply, 404, new IssuerWithoutEmail());
    const { origin } = this.settings;
    if (!achievement) {
      const list = revocationList(origin, slug, await this.openBadges2.revoked(organisation.id));
      return send(request, reply, {
        ...linkedData(list, type === 'text/html' ? 'application/ld+json' : type),
        cacheControl: `public, max-age=${statusListMaxAgeSeconds}`,
      });
    }
    if (type === 'text/html' && download === undefined)
      return seeOther(reply, `/achievements/${achievement.publicId}`);
    const creator = (await this.creatorOf(achievement.organisationId))!;
    const json = achievementJson({
      origin,
      achievement: {
        ...achievement,
        creator: { slug: creator.slug, name: creator.publicName },
        pictureAlt: badgePictureAlt(achievement.picture),
      },
    });
    return send(request, reply, linkedData(badgeClass(origin, slug, achievement.publicId, json), type));
  }

  /** A key that was reported stolen is not handed out: what it signed proves nothing in this version. */
  @Get('issuers/:slug/keys/:keyId/ob2.json')
  async key(
    @Param('slug') slug: string,
    @Param('keyId') keyId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const found = await organisationWithParent(this.database.manager, { slug });
    const key = found && (await this.keys.find(keyId));
    const isOurs = key && key.issuerId === found.organisation.id && key.algorithm === 'RS256';
    if (!isOurs || key.compromisedSince) return notFound(request, reply, 'fr');
    const type = negotiateLinkedData(request.headers);
    const document = cryptographicKey(this.settings.origin, slug, key);
    return send(request, reply, linkedData(document, type === 'text/html' ? 'application/ld+json' : type));
  }

  private async creatorOf(id: string): Promise<Organisation | undefined> {
    return (await organisationWithParent(this.database.manager, { id }))?.organisation;
  }
}

/** JSON-LD that programs of any site may read. */
const linkedData = (value: unknown, contentType: string, headers: Record<string, string> = {}): Answer => ({
  body: typeof value === 'string' ? value : JSON.stringify(value),
  contentType: contentType === 'text/html' ? 'application/ld+json' : contentType,
  headers: { 'Access-Control-Allow-Origin': '*', Vary: 'Accept', ...headers },
});

const seeOther = (reply: FastifyReply, path: string): FastifyReply =>
  reply.status(303).headers({ Location: path, Vary: 'Accept', 'Cache-Control': 'no-cache' }).send();
