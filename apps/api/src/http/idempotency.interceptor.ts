import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type OnModuleDestroy,
  type OnModuleInit,
  SetMetadata,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { canonicalJson, logger, sha256 } from '#platform';
import type { Caller } from '../oauth/caller.js';
import { IdempotencyStore } from './idempotency-store.js';
import { HttpRefusal } from './problem.js';

const log = logger('idempotency');
const sweepEveryMs = 3_600_000;
const writesNothingKey = 'insigne:writes-nothing';

/**
 * A POST that changes nothing: repeating it is safe anyway, so its answer, which may quote names, is never kept.
 * @param how `reads` alone, or does and `undoes` (ADR 0012), which locks what it looks at as a writer does
 */
export const WritesNothing = (how: 'reads' | 'undoes') => SetMetadata(writesNothingKey, how);

/** What the route of a request does instead of writing; undefined when it writes. */
export const writesNothing = (context: ExecutionContext): 'reads' | 'undoes' | undefined =>
  Reflect.getMetadata(writesNothingKey, context.getHandler());

/** What makes two requests the same: method, address, media type and body. */
export function requestHash(method: string, url: string, type: string | undefined, body: unknown): string {
  const content = Buffer.isBuffer(body) ? sha256(body).toString('hex') : canonicalJson(body ?? null);
  return sha256(canonicalJson([method, url, type ?? null, content])).toString('hex');
}

/**
 * `Idempotency-Key` on POST: the first request with a key runs, every other one with the same content gets the same
 * answer, for 24 hours, also when its process died before it could give it. An answer that is an error is not kept, and
 * nothing that such a request did: it can be tried again.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor, OnModuleInit, OnModuleDestroy {
  private sweeper?: NodeJS.Timeout;

  constructor(private readonly store: IdempotencyStore) {}

  onModuleInit(): void {
    this.sweeper = setInterval(() => {
      this.store.forgetOld().catch(() => log.warn('old answers could not be removed'));
    }, sweepEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeper);
  }

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest & { caller?: Caller }>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || !request.caller) return next.handle();
    if (writesNothing(context)) return next.handle();
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
      throw new HttpRefusal(
        400,
        'idempotency_key_malformed',
        'Idempotency-Key has 1 to 200 visible ASCII characters',
      );

    const at = { clientId: request.caller.clientId, key };
    const hash = requestHash(request.method, request.url, request.headers['content-type'], request.body);
    const answer = await this.store.once(at, hash, async () => {
      const body: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      const headers = Object.fromEntries(
        ['location', 'link'].flatMap((name) =>
          reply.hasHeader(name) ? [[name, String(reply.getHeader(name))]] : [],
        ),
      );
      return { status: reply.statusCode, body: body ?? null, headers };
    });
    if (answer.isReplayed)
      reply.status(answer.status).header('idempotency-replayed', 'true').headers(answer.headers);
    return of(answer.body ?? undefined);
  }
}
