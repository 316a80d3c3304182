import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Scope } from '#people';

/** Who calls, as the access guard found it. */
export interface Caller {
  clientId: string;
  /** The organisation the client acts for. */
  organisationId: string;
  /** What the token grants and the client still has. */
  scopes: Scope[];
}

/** The caller of a route with `@Allow(…)`: `run(@CurrentCaller() caller: Caller)`. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
  if (!caller) throw new Error('This route has no caller: it needs @Allow');
  return caller;
});
