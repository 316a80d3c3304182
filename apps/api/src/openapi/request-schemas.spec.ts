import type { RequestSchema } from '../http/json-schema.js';
import { apiRoutes } from '../v1/routes.js';
import { vcApiRoutes } from '../vc-api/routes.js';

const isRequestSchema = (schema: object | undefined): schema is RequestSchema<unknown> =>
  schema !== undefined && '~standard' in schema;

const named = [...apiRoutes, ...vcApiRoutes].flatMap(({ operationId, query, body }) =>
  [query, body?.schema].filter(isRequestSchema).map((schema) => ({ operationId, schema })),
);

// Schemas are compiled at their first use, so a mistake in one would show at somebody's first request.
describe('every schema of a request', () => {
  it.each(named)('compiles, and refuses what is no object: $operationId', ({ schema }) => {
    expect(schema['~standard'].validate('no object')).toMatchObject({ issues: expect.any(Array) });
  });

  it('is among those that were tried', () => {
    expect(named.length).toBeGreaterThan(20);
  });
});
