import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { InvalidInput } from '#platform';
import { keyAfter, linkNext, type Page, type PageRequest, pageOf } from '../http/paging.js';
import { HttpSettings } from '../http/settings.js';
import { isUuid } from './schemas.js';

const beforeAll = '00000000-0000-0000-0000-000000000000';

/**
 * The id after which the page starts, for lists in the order of their ids (which is that of their making).
 * @throws InvalidInput (`invalid_input`) when the cursor was not made by us
 */
export function idAfter({ after }: PageRequest): string {
  const [id] = (keyAfter(after, ['string']) ?? [beforeAll]) as [string];
  if (isUuid(id)) return id;
  throw new InvalidInput(
    [{ path: '/after', message: 'must be a cursor that a page before gave' }],
    'The query',
  );
}

/** A page of such a list out of `limit + 1` rows, each as `view` shows it. */
export function pageById<T extends { id: string }, V>(
  rows: T[],
  { limit }: PageRequest,
  view: (row: T) => V,
): Page<V> {
  const { items, next } = pageOf(rows, limit, (row) => [row.id]);
  return { items: items.map(view), next };
}

/** Gives every page that has one after it a `Link: <…>; rel="next"` (RFC 8288). */
@Injectable()
export class NextLink implements NestInterceptor {
  constructor(private readonly settings: HttpSettings) {}

  intercept(context: ExecutionContext, next: CallHandler<{ next?: unknown }>): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer) => {
        if (typeof answer?.next === 'string') linkNext(request, reply, this.settings.origin, answer.next);
        return answer;
      }),
    );
  }
}
