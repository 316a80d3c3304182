import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { badgePictureAlt, type PublishedRecord, RecordReader } from '#badges';
import { renderPage } from '../pages/document.js';
import { RecordPage, recordWords } from '../pages/record-page.js';
import type { BadgeCardView } from '../pages/view-models.js';
import { notFound, pageAnswer, send } from './answer.js';
import { negotiateLanguage } from './negotiation.js';
import { signedForm } from './signed-form.js';

const headers = {
  Vary: 'Accept, Accept-Language',
  'X-Robots-Tag': 'noindex, nofollow',
  'Access-Control-Allow-Origin': '*',
};

/** A learner's record at its own address: a page, JSON-LD or a JWT. What is withdrawn looks like unknown (I9). */
@Controller('records')
export class RecordController {
  constructor(private readonly reader: RecordReader) {}

  @Get(':id')
  async record(
    @Param('id') address: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const { id, form, mediaType } = signedForm(address, request.headers);
    const record = form && (await this.reader.published(id));
    if (!record) return notFound(request, reply, language);
    if (form !== 'html') {
      const body = form === 'json' ? record.document : record.jwt;
      return send(request, reply, { body, contentType: mediaType, headers });
    }
    const page = RecordPage({
      record: {
        issuer: { name: record.issuerName, href: `/issuers/${record.issuerSlug}` },
        signedOn: record.signedAt.toISOString().slice(0, 10),
        standing: record.badges.filter(({ status }) => status === 'active').map(card),
        fallen: record.badges.filter(({ status }) => status !== 'active').map(card),
        jsonHref: `/records/${id}.json`,
        jwtHref: `/records/${id}.jwt`,
      },
      language,
    });
    const html = renderPage(page, { language, title: recordWords(language).kind });
    return send(request, reply, pageAnswer(html, headers));
  }
}

const card = ({
  publicId,
  achievement,
  name,
  picture,
}: PublishedRecord['badges'][number]): BadgeCardView => ({
  href: `/b/${publicId}`,
  title: name,
  picture: {
    svg: `/achievements/${achievement}/image.svg`,
    png: `/achievements/${achievement}/image.png`,
    alt: badgePictureAlt(picture),
  },
});
