import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  BadgeReader,
  DecideEndorsement,
  digestOfSecret,
  EndorsementLinkInvalid,
  EndorsementRefused,
  GiveEndorsement,
  type OpenQuestion,
} from '#badges';
import { Clock, type Language, textIn } from '#platform';
import { Fetcher } from '#verification';
import { HttpSettings } from '../http/settings.js';
import { SharedTries, type TryLimit } from '../http/shared-tries.js';
import { isForeign } from '../operations/operator-session.js';
import { sendFormPage } from '../pages/form-page.js';
import { negotiateLanguage } from '../public/negotiation.js';
import { verifyBrought } from '../v1/brought-endorsement.js';
import { DonePage, EndorsePage, type FormValues, PlainEndorsePage, WithdrawPage } from './endorse-pages.js';
import { endorseStylesheet, endorseWords, refusalText } from './endorse-texts.js';

type Form = Record<string, string | string[] | undefined> | undefined;
const fieldOf = (form: Form, name: string): string | undefined => {
  const value = form?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** Where somebody without account answers a question, once, and takes the answer back. Plain words, no script. */
@Controller('endorse')
export class EndorseController {
  // A secret cannot be guessed; this keeps somebody who tries from filling the log, and words from coming in floods.
  private readonly tries: TryLimit;

  constructor(
    private readonly settings: HttpSettings,
    private readonly clock: Clock,
    private readonly give: GiveEndorsement,
    private readonly decide: DecideEndorsement,
    private readonly badges: BadgeReader,
    private readonly fetcher: Fetcher,
    tries: SharedTries,
  ) {
    this.tries = tries.limit({ name: 'endorsement link', size: 20, refillMs: 3_000 });
  }

  @Get('style.css')
  style(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
    return endorseStylesheet;
  }

  @Get('withdraw/:secret')
  async ask(
    @Param('secret') secret: string,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    return this.limited(request, reply, language, async () => {
      const open = await this.decide.withdrawable(digestOfSecret(secret));
      if (!open) throw new EndorsementLinkInvalid();
      const address = `/endorse/withdraw/${encodeURIComponent(secret)}?lang=${language}`;
      const { withdrawTitle } = endorseWords(language);
      const page = WithdrawPage({ comment: open.comment, address, language });
      return sendFormPage(reply, 200, page, { language, title: withdrawTitle });
    });
  }

  @Post('withdraw/:secret')
  async withdraw(
    @Param('secret') secret: string,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    return this.limited(request, reply, language, async () => {
      if (isForeign(request) || !(await this.decide.withdrawBySecret(digestOfSecret(secret))))
        throw new EndorsementLinkInvalid();
      const { withdrawnTitle: title, withdrawnText: text } = endorseWords(language);
      return sendFormPage(reply, 200, PlainEndorsePage({ title, text, language }), { language, title });
    });
  }

  /** Only shows the form: whoever fetches the link for a preview does not use it up. */
  @Get(':token')
  async question(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    return this.limited(request, reply, language, async () =>
      this.form(reply, 200, language, token, await this.give.question(token)),
    );
  }

  @Post(':token')
  async answer(
    @Param('token') token: string,
    @Body() body: Form,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    return this.limited(request, reply, language, async () => {
      if (isForeign(request)) throw new EndorsementLinkInvalid();
      const question = await this.give.question(token);
      const signed = fieldOf(body, 'signed');
      const values: FormValues = {
        name: fieldOf(body, 'name'),
        url: fieldOf(body, 'url'),
        comment: fieldOf(body, 'comment'),
        ...(signed !== undefined && { signed }),
      };
      try {
        const secret = await this.take(token, question, values);
        const withdrawal = `${this.settings.origin}/endorse/withdraw/${secret}`;
        const { doneTitle } = endorseWords(language);
        const page = DonePage({ structure: question.organisationName, withdrawal, language });
        return sendFormPage(reply, 200, page, { language, title: doneTitle });
      } catch (error) {
        if (!(error instanceof EndorsementRefused)) throw error;
        return this.form(reply, 422, language, token, question, values, refusalText(error.why, language));
      }
    });
  }

  private async take(token: string, question: OpenQuestion, values: FormValues): Promise<string> {
    const { name = '', url, comment = '', signed } = values;
    if (signed === undefined) return this.give.fromOutside(token, { name, url, comment });
    const options = { fetcher: this.fetcher, now: this.clock.now(), origin: this.settings.origin };
    return this.give.brought(token, await verifyBrought(signed, question.subjectId, options));
  }

  private async form(
    reply: FastifyReply,
    status: number,
    language: Language,
    token: string,
    question: OpenQuestion,
    values?: FormValues,
    error?: string,
  ): Promise<FastifyReply> {
    const achievement = question.achievementId && (await this.badges.achievementById(question.achievementId));
    const name = achievement ? textIn(achievement.name, language) : question.organisationName;
    const page = EndorsePage({
      question,
      name,
      subjectHref: this.pathOf(question.subjectId),
      address: `/endorse/${encodeURIComponent(token)}?lang=${language}`,
      values,
      error,
      language,
    });
    return sendFormPage(reply, status, page, {
      language,
      title: endorseWords(language).title[question.target],
    });
  }

  /** Page of what is endorsed on this host. */
  private pathOf(subjectId: string): string {
    const { origin } = this.settings;
    if (subjectId.startsWith(`${origin}/`)) return subjectId.slice(origin.length);
    return `/issuers/${subjectId.slice(subjectId.lastIndexOf(':') + 1)}`;
  }

  private async limited(
    request: FastifyRequest,
    reply: FastifyReply,
    language: Language,
    work: () => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    const words = endorseWords(language);
    const waitMs = await this.tries.take(request.ip);
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
      const title = words.tooMany;
      return sendFormPage(reply, 429, PlainEndorsePage({ title, language }), { language, title });
    }
    try {
      const answer = await work();
      // What was refused counts: a signed credential may have sent us to other addresses.
      if (reply.statusCode !== 422) await this.tries.giveBack(request.ip);
      return answer;
    } catch (error) {
      if (!(error instanceof EndorsementLinkInvalid)) throw error;
      const { goneTitle: title, goneText: text } = words;
      return sendFormPage(reply, 404, PlainEndorsePage({ title, text, language }), { language, title });
    }
  }
}
