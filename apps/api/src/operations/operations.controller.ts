import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { IssuanceQueue, OperationsReader, RetryIssuance } from '#badges';
import { endOperatorSession, isOperatorLink, type Operator, openOperatorSession } from '#people';
import type { Language } from '#platform';
import { HttpRefusal } from '../http/problem.js';
import { SharedTries, type TryLimit } from '../http/shared-tries.js';
import { sendFormPage } from '../pages/form-page.js';
import { negotiateLanguage } from '../public/negotiation.js';
import { EnterPage, OutsidePage, TooManyPage } from './enter-pages.js';
import { OperationsPage } from './operations-page.js';
import { operationsStylesheet } from './operations-stylesheet.js';
import { operationsWords } from './operations-texts.js';
import { isForeign, OperatorSessions } from './operator-session.js';

const refreshSeconds = 15;
const isUuid = (text: unknown): text is string =>
  typeof text === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

type Form = Record<string, string | string[] | undefined> | undefined;

/** The operators' page: what waits, runs and failed in the whole installation, and the way in. No script. */
@Controller('operations')
export class OperationsController {
  private readonly reader: OperationsReader;
  private readonly retryIssuance: RetryIssuance;
  // A token cannot be guessed; this only keeps somebody who tries from filling the log.
  private readonly tries: TryLimit;

  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly sessions: OperatorSessions,
    tries: SharedTries,
  ) {
    this.tries = tries.limit({ name: 'operator link', size: 20, refillMs: 3_000 });
    this.reader = new OperationsReader(database);
    this.retryIssuance = new RetryIssuance(database, queue);
  }

  @Get()
  async page(
    @Query() query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, query.lang);
    if (!(await this.sessions.of(request))) return this.outside(reply, language);
    const [operations, jobs] = await Promise.all([this.reader.read(), this.queue.countsNow()]);
    const isLive = query.live === '1';
    const retried = this.sessions.takeRetried(request, reply);
    if (isLive) reply.header('refresh', `${refreshSeconds}; url=/operations?lang=${language}&live=1`);
    const csrf = this.sessions.csrfOf(request);
    const view = { operations, engine: this.queue.engine.kind, jobs, csrf, isLive, retried };
    return sendFormPage(reply, 200, OperationsPage({ view, language }), {
      language,
      title: operationsWords(language).title,
    });
  }

  @Get('style.css')
  style(@Res({ passthrough: true }) reply: FastifyReply): string {
    reply.headers({ 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' });
    return operationsStylesheet;
  }

  /** Only shows a button: whoever fetches the link for a preview does not use it up. */
  @Get('enter/:token')
  async link(
    @Param('token') token: string,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const waitMs = await this.tries.take(request.ip);
    if (waitMs > 0) return this.tooMany(reply, language, waitMs);
    if (!(await isOperatorLink(this.database, token))) return this.outside(reply, language, true);
    await this.tries.giveBack(request.ip);
    const words = operationsWords(language);
    return sendFormPage(reply, 200, EnterPage({ token, language }), { language, title: words.enterTitle });
  }

  @Post('enter')
  async enter(
    @Body() body: Form,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const waitMs = await this.tries.take(request.ip);
    if (waitMs > 0) return this.tooMany(reply, language, waitMs);
    const session = isForeign(request)
      ? undefined
      : await openOperatorSession(this.database, String(body?.token ?? ''));
    if (!session) return this.outside(reply, language, true);
    await this.tries.giveBack(request.ip);
    this.sessions.start(reply, session.secret);
    return this.redirect(reply, `/operations?lang=${language}`);
  }

  @Post('retry')
  async retry(
    @Body() body: Form,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const operator = await this.operatorWithForm(request, body);
    if (!operator) return this.outside(reply, language);
    const ids = [body?.id ?? []].flat().filter(isUuid);
    const done =
      body?.all === '1'
        ? await this.retryIssuance.run('all', operator.actor)
        : await this.retryIssuance.run({ ids }, operator.actor);
    this.sessions.tellRetried(reply, done.batches + done.credentials);
    return this.redirect(reply, `/operations?lang=${language}`);
  }

  @Post('leave')
  async leave(
    @Body() body: Form,
    @Query('lang') lang: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    if (await this.operatorWithForm(request, body)) {
      await endOperatorSession(this.database, this.sessions.secretOf(request));
      this.sessions.end(reply);
    }
    return this.redirect(reply, `/operations?lang=${language}`);
  }

  /** @throws HttpRefusal (`form_refused`, 403) for a form that this session's page did not make */
  private async operatorWithForm(request: FastifyRequest, body: Form): Promise<Operator | undefined> {
    const operator = await this.sessions.of(request);
    if (operator && !this.sessions.isOwnForm(request, body?.csrf))
      throw new HttpRefusal(
        403,
        'form_refused',
        'The form does not come from this page. Open /operations again.',
      );
    return operator;
  }

  private outside(reply: FastifyReply, language: Language, isUsed = false): FastifyReply {
    const words = operationsWords(language);
    const title = isUsed ? words.usedTitle : words.outTitle;
    return sendFormPage(reply, 403, OutsidePage({ language, isUsed }), { language, title });
  }

  private tooMany(reply: FastifyReply, language: Language, waitMs: number): FastifyReply {
    reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
    return sendFormPage(reply, 429, TooManyPage({ language }), {
      language,
      title: operationsWords(language).tooMany,
    });
  }

  private redirect(reply: FastifyReply, address: string): FastifyReply {
    return reply.status(303).headers({ location: address, 'cache-control': 'no-store' }).send('');
  }
}
