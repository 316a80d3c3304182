import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '#people';
import { HttpRefusal } from '../http/problem.js';
import { isOfPrograms } from '../openapi/route-list.js';
import { AccessTokens } from './access-token.js';
import { type AccessRule, allowKey } from './allow.js';
import type { Caller } from './caller.js';
import { ClientDirectory } from './client-directory.js';

const challenge = (error?: string): string => `Bearer realm="insigne"${error ? `, error="${error}"` : ''}`;

const unauthorized = (code: string, message: string, error?: string) =>
  new HttpRefusal(401, code, message, { 'www-authenticate': challenge(error) });

/**
 * Reads the Bearer token (RFC 6750) of routes with `@Allow`. A route under /api/v1 or /vc-api without any rule is refused to
 * everybody, so that forgetting one opens nothing.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AccessTokens,
    private readonly clients: ClientDirectory,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(allowKey, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === undefined && isOfPrograms(request.routeOptions.url ?? ''))
      throw new Error(`No @Allow at ${request.method} ${request.routeOptions.url}`);
    if (rule === undefined || rule === 'everybody') return true;
    request.caller = await this.callerOf(request.headers.authorization);
    const missing = rule.filter((scope) => !request.caller!.scopes.includes(scope));
    if (missing.length > 0) throw insufficientScope(rule, missing);
    return true;
  }

  private async callerOf(authorization: string | undefined): Promise<Caller> {
    const [scheme, value, ...more] = (authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !value || more.length > 0)
      throw unauthorized('access_token_missing', 'This address needs an access token: see /api/docs.');
    const token = this.tokens.read(value);
    const client = token && (await this.clients.active(token.clientId));
    // A client moved to another organisation must not go on in the old one.
    if (!token || !client || client.organisationId !== token.organisationId)
      throw unauthorized(
        'access_token_invalid',
        'The access token is not valid or has expired. Get a new one from /oauth/token.',
        'invalid_token',
      );
    return {
      clientId: token.clientId,
      organisationId: token.organisationId,
      scopes: token.scopes.filter((scope) => client.scopes.includes(scope)),
    };
  }
}

const insufficientScope = (rule: Scope[], missing: Scope[]) =>
  new HttpRefusal(403, 'insufficient_scope', `The access token lacks: ${missing.join(', ')}.`, {
    'www-authenticate': `${challenge('insufficient_scope')}, scope="${rule.join(' ')}"`,
  });
