import { curlExample, tokenExample } from './curl-example.js';
import type { RouteDescription } from './route.js';

const origin = 'http://localhost:4180';
const route = (given: Partial<RouteDescription>): RouteDescription => ({
  method: 'GET',
  path: '/api/v1/things',
  operationId: 'x',
  tag: 'x',
  summary: 'x',
  scopes: ['award:read'],
  responses: {},
  ...given,
});

describe('commands to try an operation', () => {
  it('carry the token', () => {
    expect(curlExample(route({}), { origin })).toBe(
      `curl 'http://localhost:4180/api/v1/things' \\\n  -H "Authorization: Bearer $TOKEN"`,
    );
  });

  it('take the parts of the address from the shell', () => {
    const things = route({ path: '/api/v1/things/{id}/parts/{part}', scopes: 'everybody' });
    expect(curlExample(things, { origin })).toBe(
      `curl 'http://localhost:4180/api/v1/things/'"$ID"'/parts/'"$PART"`,
    );
  });

  it('quote a body for the shell', () => {
    const things = route({ method: 'POST', body: { schema: {}, example: { name: "L'eau" } } });
    expect(curlExample(things, { origin }).split(' \\\n  ').slice(2)).toEqual([
      '-H "Idempotency-Key: $(uuidgen)"',
      "-H 'Content-Type: application/json'",
      `-d '{"name":"L'\\''eau"}'`,
    ]);
  });

  it('send a file where the body is one', () => {
    const things = route({ method: 'POST', body: { schema: {}, mediaType: 'text/csv' } });
    expect(curlExample(things, { origin })).toContain('--data-binary @file');
  });

  it('get a token first', () => {
    expect(tokenExample(origin)).toContain('http://localhost:4180/oauth/token');
  });
});
