import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Metrics } from '../http/metrics.js';
import { IssueAccessToken } from './issue-access-token.js';
import { OAuthRefusal, readTokenRequest } from './token-request.js';

/** The token endpoint of OAuth 2 (RFC 6749, section 3.2). */
@Controller('oauth')
export class TokenController {
  constructor(
    private readonly issueAccessToken: IssueAccessToken,
    private readonly metrics: Metrics,
  ) {}

  @Post('token')
  async token(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { authorization, 'content-type': type } = request.headers;
    reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' });
    try {
      const answer = await this.issueAccessToken.run(readTokenRequest(body, authorization, type), request.ip);
      await reply.status(200).send(answer);
    } catch (error) {
      if (!(error instanceof OAuthRefusal)) throw error;
      this.metrics.tokenRefusals.inc({ reason: error.error });
      const { error: code, description, status, headers } = error;
      await reply.status(status).headers(headers).send({ error: code, error_description: description });
    }
  }
}
