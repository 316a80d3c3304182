import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StatementReader } from '#badges';
import { HttpSettings } from '../http/settings.js';
import { renderPage } from '../pages/document.js';
import { endorsementWords } from '../pages/endorsement-texts.js';
import { EndorsementPage } from '../pages/endorsements.js';
import { notFound, pageAnswer, send } from './answer.js';
import { publishedEndorsementView } from './endorsement-view.js';
import { negotiateLanguage } from './negotiation.js';
import { idIn, signedForm } from './signed-form.js';

const headers = {
  Vary: 'Accept, Accept-Language',
  'X-Robots-Tag': 'noindex, nofollow',
  'Access-Control-Allow-Origin': '*',
};

/** An accepted endorsement at its own address: a page, JSON-LD or a JWT. What is not shown looks like unknown (I9). */
@Controller('endorsements')
export class EndorsementController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly reader: StatementReader,
  ) {}

  @Get(':id')
  async endorsement(
    @Param('id') address: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const found = await this.reader.endorsement(idIn(address));
    // What was brought from elsewhere has one form.
    const forms = (['json', 'jwt'] as const).filter((one) => found?.[one === 'json' ? 'document' : 'jwt']);
    const { form, mediaType } = signedForm(address, request.headers, forms);
    const body = form === 'json' ? found?.document : form === 'jwt' ? found?.jwt : undefined;
    if (!found || !form || (form !== 'html' && !body)) return notFound(request, reply, language);
    if (body) return send(request, reply, { body, contentType: mediaType, headers });
    const page = EndorsementPage({
      endorsement: publishedEndorsementView(found, this.settings.origin),
      language,
    });
    const html = renderPage(page, { language, title: endorsementWords(language).kind });
    return send(request, reply, pageAnswer(html, headers));
  }
}
