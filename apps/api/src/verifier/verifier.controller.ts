import { Controller, Get, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadgeReader } from '#badges';
import { DomainError, type Language } from '#platform';
import type { BadgeReport } from '#verification';
import { HttpSettings } from '../http/settings.js';
import { SharedTries, type TryLimit } from '../http/shared-tries.js';
import { verifierScript } from '../pages/assets.js';
import { pageHeaders, renderPage } from '../pages/document.js';
import { negotiateLanguage } from '../public/negotiation.js';
import { FormRefused, type HandedForm, handedForm, recipientOf } from './handed-form.js';
import { meantBy } from './meant-by.js';
import { type Given, VerifiedPage, VerifierPage } from './verifier-page.js';
import { type ProblemCode, verifierWords } from './verifier-texts.js';
import { VerifyHandedIn } from './verify-handed-in.js';

const problemStatus: Record<ProblemCode, number> = {
  nothing_given: 400,
  file_too_large: 413,
  text_too_large: 413,
  form_broken: 400,
  address_unreachable: 200,
  badge_gone: 200,
  no_badge_in_picture: 200,
  not_a_badge: 200,
  paper_handed_in: 200,
  qr_without_address: 200,
  picture_too_large: 413,
  too_many_tries: 429,
};
const isProblem = (code: unknown): code is ProblemCode => Object.hasOwn(problemStatus, String(code));

/** Verifies any badge for anybody, without an account; nothing that is handed in is kept or logged. */
@Controller('verify')
export class VerifierController {
  private readonly tries: TryLimit;

  constructor(
    private readonly settings: HttpSettings,
    private readonly verifyHandedIn: VerifyHandedIn,
    private readonly badges: BadgeReader,
    tries: SharedTries,
  ) {
    // A room of learners behind one address may check their badges; nobody makes us ask others all day.
    this.tries = tries.limit({ name: 'verifier', size: 40, refillMs: 3_000 });
  }

  @Get()
  form(
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): FastifyReply {
    const language = negotiateLanguage(request.headers, lang);
    return this.showForm(reply, 200, language);
  }

  @Post()
  async verify(
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    if ((await this.tries.take(request.ip)) > 0)
      return this.showForm(reply.header('retry-after', '60'), 429, language, 'too_many_tries');
    let form: HandedForm | undefined;
    try {
      form = await handedForm(request);
      if (!form.file && form.text === '') return this.showForm(reply, 400, language, 'nothing_given', form);
      return this.showReport(reply, language, await this.report(form));
    } catch (error) {
      if (!(error instanceof DomainError && isProblem((error as { code?: string }).code))) throw error;
      const { code } = error as unknown as { code: ProblemCode };
      // What was not read to its end cannot be answered on this connection any more.
      if (error instanceof FormRefused) reply.header('connection', 'close');
      return this.showForm(reply, problemStatus[code], language, code, form);
    }
  }

  private async report(form: HandedForm): Promise<BadgeReport> {
    const given = form.file ? { file: form.file } : { text: await this.meant(form.text) };
    return this.verifyHandedIn.run(given, recipientOf(form));
  }

  private meant(text: string): Promise<string> {
    return meantBy(text, this.settings.origin, (code) => this.badges.publishedAtShortCode(code));
  }

  private showForm(
    reply: FastifyReply,
    status: number,
    language: Language,
    problem?: ProblemCode,
    given?: Given,
  ): FastifyReply {
    const page = VerifierPage({ language, problem, given, script: verifierScript().path });
    return this.send(
      reply,
      status,
      renderPage(page, { language, title: verifierWords(language).title, isIndexable: !problem }),
      !problem,
    );
  }

  private showReport(reply: FastifyReply, language: Language, report: BadgeReport): FastifyReply {
    const { id } = report.credential ?? {};
    const isOwn = typeof id === 'string' && id.startsWith(`${this.settings.origin}/b/`);
    const ownPage = isOwn && report.verdict !== 'not_authentic' ? `${id}?lang=${language}` : undefined;
    const page = VerifiedPage({ language, report, ownPage });
    return this.send(reply, 200, renderPage(page, { language, title: verifierWords(language).title }), false);
  }

  private send(reply: FastifyReply, status: number, html: string, isIndexable: boolean): FastifyReply {
    const headers = pageHeaders({ isIndexable });
    return reply
      .status(status)
      .headers({
        ...headers,
        // The page's own script reads the camera and fills the form; nothing is sent anywhere else.
        'content-security-policy': headers['content-security-policy']!.replace(
          "form-action 'none'",
          "form-action 'self'",
        ).concat("; script-src 'self'"),
        'permissions-policy': 'camera=(self), geolocation=(), microphone=()',
        'cache-control': 'no-store',
        vary: 'Accept-Language',
      })
      .send(html);
  }
}
