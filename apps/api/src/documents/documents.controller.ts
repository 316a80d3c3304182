import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { BadgeReader, type PublishedBadge, readShortCode } from '#badges';
import { FrameworkReader } from '#frameworks';
import { isPublicId, type Language } from '#platform';
import { HttpSettings } from '../http/settings.js';
import { type Answer, notFound, send } from '../public/answer.js';
import { negotiateForm, negotiateLanguage } from '../public/negotiation.js';
import { BadgeDocuments, type MadeDocument, mostOnSheet } from './badge-documents.js';
import { disposition } from './document-content.js';
import { type Refusal, renderRefusalPage } from './refusal-page.js';

const headers = { Vary: 'Accept, Accept-Language', 'X-Robots-Tag': 'noindex, nofollow' };

const pdfAnswer = ({ body, name }: MadeDocument): Answer => ({
  body,
  contentType: 'application/pdf',
  headers: { ...headers, 'Content-Disposition': disposition(name) },
});

/** Says why there is no document: a page for people, a problem (RFC 9457) for programs. */
function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  language: Language,
  refusal: Refusal,
): FastifyReply {
  reply.status(refusal.status).headers({ ...headers, 'Cache-Control': 'private, no-store' });
  if (negotiateForm(request.headers)?.form === 'html')
    return reply
      .header('Content-Type', 'text/html; charset=utf-8')
      .send(renderRefusalPage(refusal, language));
  const { status, code, title, text, href } = refusal;
  return reply.header('Content-Type', 'application/problem+json').send(
    JSON.stringify({
      type: 'about:blank',
      title: title.en,
      status,
      code,
      detail: text.map((line) => line.en).join(' '),
      ...(href && { details: { href } }),
    }),
  );
}

/** Badges on paper: a certificate of one, a sheet of several, and the short addresses that they carry. */
@Controller()
export class DocumentsController {
  private readonly documents: BadgeDocuments;

  constructor(
    settings: HttpSettings,
    database: DataSource,
    private readonly badges: BadgeReader,
    frameworks: FrameworkReader,
  ) {
    this.documents = new BadgeDocuments(settings, database, badges, frameworks);
  }

  /** One page of A4; nothing for a badge that is hidden, a page that says so for one that does not stand. */
  @Get('b/:id/certificate.pdf')
  async certificate(
    @Param('id') id: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const badge = isPublicId(id) ? await this.badges.published(id) : null;
    if (!badge) return notFound(request, reply, language);
    if (badge.status !== 'active')
      return refuse(request, reply, language, {
        status: badge.status === 'suspended' ? 409 : 410,
        code: badge.status === 'suspended' ? 'badge_suspended' : 'badge_withdrawn',
        title:
          badge.status === 'suspended'
            ? { fr: 'Ce badge est suspendu', en: 'This badge is suspended' }
            : { fr: 'Ce badge a été retiré', en: 'This badge has been withdrawn' },
        text: [
          { fr: 'Il n’a donc pas de certificat.', en: 'So it has no certificate.' },
          { fr: 'Sa page dit pourquoi et depuis quand.', en: 'Its page says why and since when.' },
        ],
        href: `/b/${badge.publicId}`,
        action: { fr: 'Voir la page du badge', en: 'See the badge’s page' },
      });
    return send(request, reply, pdfAnswer(await this.documents.certificate(badge, language)));
  }

  /**
   * The chosen badges of one person, in the order of the address: `?badges=id,id`. Every badge must be shown with its
   * name, and be that of the same person: the sheet would otherwise tell of two badges that they belong together.
   */
  @Get('cv.pdf')
  async sheet(
    @Query('badges') list: string | string[] | undefined,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const ids = [
      ...new Set(
        [list ?? []]
          .flat()
          .flatMap((one) => one.split(','))
          .filter((one) => one !== ''),
      ),
    ];
    if (ids.length === 0 || ids.length > mostOnSheet)
      return refuse(request, reply, language, {
        status: 400,
        code: 'badges_not_chosen',
        title: { fr: 'Choisissez vos badges', en: 'Choose your badges' },
        text: [
          {
            fr: `L’adresse doit nommer de 1 à ${mostOnSheet} badges.`,
            en: `The address must name 1 to ${mostOnSheet} badges: ?badges=id,id.`,
          },
        ],
      });
    const found = await Promise.all(ids.map((id) => (isPublicId(id) ? this.badges.published(id) : null)));
    const badges = found.filter((badge) => badge !== null);
    if (badges.length < ids.length) return notFound(request, reply, language);
    const refusal = await this.refusalOf(badges, language);
    if (refusal) return refuse(request, reply, language, refusal);
    return send(
      request,
      reply,
      pdfAnswer(await this.documents.sheet(badges, badges[0]!.recipientName, language)),
    );
  }

  private async refusalOf(badges: PublishedBadge[], language: Language): Promise<Refusal | undefined> {
    if (badges.some(({ recipientName }) => recipientName === null))
      return {
        status: 409,
        code: 'badge_shown_without_name',
        title: { fr: 'Un badge est montré sans nom', en: 'A badge is shown without a name' },
        text: [
          {
            fr: 'Cette feuille porte le nom de la personne.',
            en: 'This sheet carries the name of the person.',
          },
          {
            fr: 'Montrez chaque badge avec votre nom, ou retirez-le de la liste.',
            en: 'Show every badge with your name, or leave it off the list.',
          },
        ],
      };
    const holders = await this.badges.holdersOf(badges.map(({ publicId }) => publicId));
    if (new Set(holders.values()).size > 1)
      return {
        status: 409,
        code: 'badges_of_several_people',
        title: { fr: 'Ces badges sont à plusieurs personnes', en: 'These badges belong to several people' },
        text: [
          {
            fr: 'Une feuille réunit les badges d’une seule personne.',
            en: 'A sheet gathers the badges of one person.',
          },
          { fr: 'Faites une feuille par personne.', en: 'Make one sheet a person.' },
        ],
      };
    const standing = badges.filter(({ status }) => status === 'active');
    if (standing.length === badges.length) return undefined;
    const gone = await Promise.all(
      badges
        .filter(({ status }) => status !== 'active')
        .map((badge) => this.documents.titleOf(badge, language)),
    );
    const rest = standing.map(({ publicId }) => publicId).join(',');
    return {
      status: 409,
      code: 'badges_left_out',
      title: { fr: 'Certains badges ne comptent plus', en: 'Some badges no longer count' },
      text: [
        { fr: 'Ils ne vont pas sur la feuille\u00a0:', en: 'They are left off the sheet:' },
        ...gone.map((name) => ({ fr: name, en: name })),
      ],
      ...(rest !== '' && {
        href: `/cv.pdf?badges=${rest}&lang=${language}`,
        action: { fr: 'Faire la feuille sans eux', en: 'Make the sheet without them' },
      }),
    };
  }

  /** The short address on paper leads to the badge's page; any other looks like an unknown badge. */
  @Get('v/:code')
  async short(
    @Param('code') typed: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const code = readShortCode(typed);
    const id = code && (await this.badges.publishedAtShortCode(code));
    if (!id) return notFound(request, reply, negotiateLanguage(request.headers, lang));
    return reply
      .status(302)
      .headers({ ...headers, 'Cache-Control': 'no-cache', Location: `/b/${id}` })
      .send();
  }
}
