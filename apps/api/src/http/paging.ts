import type { FastifyReply, FastifyRequest } from 'fastify';
import { InvalidInput } from '#platform';
import { querySchema } from './json-schema.js';

/** What a list is asked with: how many, and the cursor the page before gave. */
export interface PageRequest {
  limit: number;
  after?: string;
}

/** One page of a list. `next` is the cursor of the next page, null on the last one. */
export interface Page<T> {
  items: T[];
  next: string | null;
}

export const pageProperties = {
  limit: { type: 'integer', minimum: 1, maximum: 200, default: 50, description: 'How many items at most.' },
  after: {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{1,500}$',
    description: 'Cursor of the page before (its `next`).',
  },
} as const;

/** For `@Query({ schema: pageQuery })`; with filters, use `querySchema` and spread `pageProperties`. */
export const pageQuery = querySchema<PageRequest>({
  type: 'object',
  properties: pageProperties,
  additionalProperties: false,
});

/** JSON Schema of a page of such items, for the description of a route. */
export const pageSchema = (item: object): object => ({
  type: 'object',
  properties: {
    items: { type: 'array', items: item },
    next: { type: ['string', 'null'], description: 'Cursor of the next page, null on the last one.' },
  },
  required: ['items', 'next'],
  additionalProperties: false,
});

export type CursorKey = (string | number)[];

const cursorOf = (key: CursorKey): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The sort key after which the page starts, undefined for the first page.
 * @param types of the key's parts, as the query's columns have them
 * @throws InvalidInput (`invalid_input`) when the cursor was not made by us
 */
export function keyAfter(after: string | undefined, types: ('string' | 'number')[]): CursorKey | undefined {
  if (after === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (
      Array.isArray(key) &&
      key.length === types.length &&
      key.every((part, at) => typeof part === types[at])
    )
      return key;
  } catch {}
  throw new InvalidInput(
    [{ path: '/after', message: 'must be a cursor that a page before gave' }],
    'The query',
  );
}

/**
 * A page out of rows that were asked with `limit + 1`.
 * @param keyOf sort key of a row, of the types `keyAfter` expects
 */
export function pageOf<T>(rows: T[], limit: number, keyOf: (row: T) => CursorKey): Page<T> {
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? cursorOf(keyOf(items.at(-1)!)) : null };
}

/** Adds `Link: <…>; rel="next"` (RFC 8288) for a page that has one after it. */
export function linkNext(
  request: FastifyRequest,
  reply: FastifyReply,
  origin: string,
  next: string | null,
): void {
  if (next === null) return;
  const address = new URL(request.url, origin);
  address.searchParams.set('after', next);
  reply.header('link', `<${address.href}>; rel="next"`);
}
