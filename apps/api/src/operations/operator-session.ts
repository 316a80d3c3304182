import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { type Operator, operatorOf, operatorSessionHours } from '#people';
import { sha256 } from '#platform';
import { HttpSettings } from '../http/settings.js';

const retriedCookie = 'insigne_retried';

const cookieValue = (request: FastifyRequest, cookie: string): string => {
  const found = (request.headers.cookie ?? '').split(/;\s*/).find((part) => part.startsWith(`${cookie}=`));
  return found?.slice(cookie.length + 1) ?? '';
};

/** An administrator's session: a secret in a cookie that scripts cannot read and other sites cannot send. */
@Injectable()
export class OperatorSessions {
  private readonly isHttps: boolean;
  private readonly cookie: string;

  constructor(
    private readonly database: DataSource,
    settings: HttpSettings,
  ) {
    this.isHttps = settings.origin.startsWith('https:');
    this.cookie = this.isHttps ? '__Host-insigne_operator' : 'insigne_operator';
  }

  secretOf(request: FastifyRequest): string {
    return cookieValue(request, this.cookie);
  }

  of(request: FastifyRequest): Promise<Operator | undefined> {
    return operatorOf(this.database, this.secretOf(request));
  }

  /** The token of every form: who cannot read the cookie cannot make it. */
  csrfOf(request: FastifyRequest): string {
    return sha256(`csrf ${this.secretOf(request)}`).toString('base64url');
  }

  isOwnForm(request: FastifyRequest, token: unknown): boolean {
    return (
      typeof token === 'string' &&
      timingSafeEqual(sha256(token), sha256(this.csrfOf(request))) &&
      !isForeign(request)
    );
  }

  start(reply: FastifyReply, secret: string): void {
    void reply.header('set-cookie', this.cookieOf(this.cookie, secret, operatorSessionHours * 3_600));
  }

  end(reply: FastifyReply): void {
    void reply.header('set-cookie', this.cookieOf(this.cookie, '', 0));
  }

  /** Leaves word for the next page how many were put back: said once, for a moment later it may no longer be so. */
  tellRetried(reply: FastifyReply, retried: number): void {
    void reply.header('set-cookie', this.cookieOf(retriedCookie, String(retried), 60));
  }

  /** What `tellRetried` left, which is gone then; undefined when there was nothing. */
  takeRetried(request: FastifyRequest, reply: FastifyReply): number | undefined {
    const told = cookieValue(request, retriedCookie);
    if (!/^\d{1,7}$/.test(told)) return undefined;
    void reply.header('set-cookie', this.cookieOf(retriedCookie, '', 0));
    return Number(told);
  }

  private cookieOf(name: string, value: string, seconds: number): string {
    const attributes = ['Path=/', `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict'];
    if (this.isHttps) attributes.push('Secure');
    return [`${name}=${value}`, ...attributes].join('; ');
  }
}

/** Did another site send this form? Browsers say so. */
export const isForeign = (request: FastifyRequest): boolean =>
  /^(cross-site|same-site)$/.test(String(request.headers['sec-fetch-site'] ?? ''));
