import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { type AuditHeadView, renderAuditDayPage, renderAuditPage } from '../pages/audit-pages.js';
import { jsonAnswer, notFound, pageAnswer, send } from './answer.js';
import { negotiateForm, negotiateLanguage } from './negotiation.js';

const formula = {
  lineHash: 'SHA-256(hash of the line before, 32 bytes || event as JSON, keys sorted, UTF-8)',
  genesis: '00'.repeat(32),
};

/** The daily heads of the audit chain, for people and as JSON: hashes and numbers of lines, nothing else. */
@Controller('audit')
export class AuditController {
  constructor(private readonly database: DataSource) {}

  @Get()
  async list(
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const heads = await this.heads();
    if (negotiateForm(request.headers)?.form !== 'html')
      return send(request, reply, jsonAnswer({ ...formula, heads }));
    return send(request, reply, pageAnswer(renderAuditPage(heads, negotiateLanguage(request.headers, lang))));
  }

  @Get('heads.json')
  async download(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<FastifyReply> {
    const answer = jsonAnswer({ ...formula, heads: await this.heads() });
    return send(request, reply, {
      ...answer,
      headers: {
        ...answer.headers,
        'Content-Disposition': 'attachment; filename="insigne-audit-heads.json"',
      },
    });
  }

  @Get(':day')
  async day(
    @Param('day') day: string,
    @Query('lang') lang: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const language = negotiateLanguage(request.headers, lang);
    const [head] = /^\d{4}-\d\d-\d\d$/.test(day) ? await this.heads(day) : [];
    if (!head) return notFound(request, reply, language);
    if (negotiateForm(request.headers)?.form !== 'html')
      return send(request, reply, jsonAnswer({ ...formula, ...head }));
    return send(request, reply, pageAnswer(renderAuditDayPage(head, language)));
  }

  /** Newest first. The one before the first line is no day's head. */
  private async heads(day?: string): Promise<AuditHeadView[]> {
    const rows: { day: string; seq: string; lines: string; hash: Buffer }[] = await this.database.query(
      `select day::text, seq, lines, hash from audit_head
       where day > (select min(day) from audit_head) and ($1::text is null or day::text = $1) order by day desc`,
      [day ?? null],
    );
    return rows.map(({ hash, seq, lines, ...head }) => ({
      ...head,
      seq: Number(seq),
      lines: Number(lines),
      hash: hash.toString('hex'),
    }));
  }
}
