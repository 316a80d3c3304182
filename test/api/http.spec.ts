import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError, InvalidInput } from '#platform';
import { jsonSchema, querySchema } from '../../apps/api/src/http/json-schema.js';
import {
  keyAfter,
  linkNext,
  type PageRequest,
  pageOf,
  pageProperties,
  pageQuery,
} from '../../apps/api/src/http/paging.js';
import { AllowEverybody } from '../../apps/api/src/oauth/allow.js';
import { type HttpApp, startHttpApp, testOrigin } from '../support/http-app.js';

class ThingIsBusy extends DomainError {
  readonly code = 'thing_is_busy';
}
class WithoutRow extends DomainError {
  readonly code = 'without_row';
}

const thing = jsonSchema<{ name: string; count?: number }>({
  type: 'object',
  properties: { name: { type: 'string', maxLength: 20 }, count: { type: 'integer' } },
  required: ['name'],
  additionalProperties: false,
});
const filtered = querySchema<PageRequest & { open?: boolean }>({
  type: 'object',
  properties: { ...pageProperties, open: { type: 'boolean' } },
  additionalProperties: false,
});

@Controller('api/v1/things')
@AllowEverybody()
class ThingsController {
  @Post()
  @HttpCode(202)
  add(@Body({ schema: thing }) body: object): object {
    return body;
  }

  @Get()
  list(
    @Query({ schema: pageQuery }) { limit, after }: PageRequest,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): object {
    const [last] = keyAfter(after, ['number']) ?? [0];
    const rows = Array.from({ length: 7 }, (_, at) => ({ id: at + 1 })).filter(
      (row) => row.id > Number(last),
    );
    const page = pageOf(rows.slice(0, limit + 1), limit, (row) => [row.id]);
    linkNext(request, reply, testOrigin, page.next);
    return page;
  }

  @Get('filtered')
  filtered(@Query({ schema: filtered }) query: object): object {
    return query;
  }

  @Post('csv')
  csv(@Body() body: Buffer): object {
    return { bytes: body.length, isBuffer: Buffer.isBuffer(body) };
  }

  @Get('fail/:how')
  fail(@Param('how') how: string): never {
    if (how === 'domain') throw new ThingIsBusy('Thing 7 is busy', { details: { thing: 7 } });
    if (how === 'input') throw new InvalidInput([{ path: '/name', message: 'must be text' }]);
    if (how === 'row') throw new WithoutRow('Amélie Poulain is unknown');
    throw new Error('duplicate key: (Amélie Poulain, 0612345678)', { cause: new TypeError('inner') });
  }
}

let http: HttpApp;
let queueWorks = true;

beforeAll(async () => {
  http = await startHttpApp({
    controllers: [ThingsController],
    errors: [{ thing_is_busy: { status: 409, title: 'The thing is busy' } }],
    migrations: ['HttpIdempotency1700000006000'],
    options: {
      csvBodyLimit: 2_000_000,
      errorPage: (problem) => `<!doctype html><title>${problem.code}</title>`,
      checks: {
        queue: async () => {
          if (!queueWorks) throw new Error('no queue at redis://:secret@host');
        },
      },
    },
  });
}, 120_000);
afterAll(() => http?.close());

const get = (url: string, headers: Record<string, string> = {}) => http.app.inject({ url, headers });
const post = (url: string, payload: string | Buffer, type = 'application/json') =>
  http.app.inject({ method: 'POST', url, payload, headers: { 'content-type': type } });

describe('errors (RFC 9457)', () => {
  it('tell a domain error by its code, with the status and title of its area', async () => {
    const answer = await get('/api/v1/things/fail/domain');
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toEqual({
      type: 'about:blank',
      title: 'The thing is busy',
      status: 409,
      code: 'thing_is_busy',
      detail: 'Thing 7 is busy',
      instance: `urn:uuid:${answer.headers['x-correlation-id']}`,
      details: { thing: 7 },
    });
    expect(answer.statusCode).toBe(409);
  });

  it('list the faults of an invalid input', async () => {
    expect((await get('/api/v1/things/fail/input')).json()).toMatchObject({
      status: 400,
      code: 'invalid_input',
      faults: [{ path: '/name', message: 'must be text' }],
    });
  });

  it.each(['row', 'other'])('tell nothing of what nobody foresaw (%s)', async (how) => {
    const answer = await get(`/api/v1/things/fail/${how}`);
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal_error']);
    expect(answer.body).not.toMatch(/Amélie|0612345678|duplicate|\.ts/);
  });

  it.each([
    ['an unknown address', () => get('/api/v1/nowhere'), 404, 'not_found'],
    ['a broken percent sign', () => get('/api/v1/things/fail/%zz'), 400, 'malformed_request'],
    ['broken JSON', () => post('/api/v1/things', '{"name":'), 400, 'malformed_request'],
    [
      'a property of the prototype',
      () => post('/api/v1/things', '{"__proto__":{"x":1}}'),
      400,
      'malformed_request',
    ],
    [
      'another media type',
      () => post('/api/v1/things', '<a/>', 'application/xml'),
      415,
      'media_type_not_supported',
    ],
    [
      'a body over 1 MB',
      () => post('/api/v1/things', `{"name":"${'x'.repeat(1_100_000)}"}`),
      413,
      'body_too_large',
    ],
    [
      'a CSV over its limit',
      () => post('/api/v1/things/csv', 'x'.repeat(2_000_001), 'text/csv'),
      413,
      'body_too_large',
    ],
  ])('answer %s with a problem too', async (_, ask, status, code) => {
    const answer = await ask();
    expect([answer.statusCode, answer.json()]).toEqual([status, expect.objectContaining({ status, code })]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('show people a page outside the API, and programs a problem', async () => {
    const person = { accept: 'text/html,*/*' };
    expect((await get('/nowhere', person)).body).toBe('<!doctype html><title>not_found</title>');
    expect((await get('/api/v1/nowhere', person)).json().code).toBe('not_found');
    expect((await get('/nowhere')).json().code).toBe('not_found');
  });
});

describe('requests', () => {
  it('are taken as they are when they fit their schema', async () => {
    const answer = await post('/api/v1/things', '{"name":"Été","count":2}');
    expect([answer.statusCode, answer.json()]).toEqual([202, { name: 'Été', count: 2 }]);
  });

  it('are refused with every fault: unknown field, missing field, wrong type, no conversion', async () => {
    const answer = await post('/api/v1/things', '{"count":"2","owner":"me"}');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().faults).toEqual(
      expect.arrayContaining([
        { path: '', message: 'must not have the property "owner"' },
        { path: '', message: "must have required property 'name'" },
        { path: '/count', message: 'must be integer' },
      ]),
    );
    expect((await http.app.inject({ method: 'POST', url: '/api/v1/things' })).json().faults).toEqual([
      { path: '', message: 'must be object' },
    ]);
  });

  it('have their query turned into numbers and booleans, with defaults', async () => {
    expect((await get('/api/v1/things/filtered?open=true&limit=3')).json()).toEqual({ open: true, limit: 3 });
    expect((await get('/api/v1/things/filtered')).json()).toEqual({ limit: 50 });
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'open=maybe',
      'limit=1&limit=2',
      'page=2',
      'after=%00',
    ])
      expect([query, (await get(`/api/v1/things/filtered?${query}`)).json().code]).toEqual([
        query,
        'invalid_input',
      ]);
  });

  it('may carry CSV, which arrives as bytes', async () => {
    expect((await post('/api/v1/things/csv', 'nom;prénom\n', 'text/csv; charset=utf-8')).json()).toEqual({
      bytes: 12,
      isBuffer: true,
    });
  });
});

describe('lists', () => {
  it('are read page after page by the Link header, each item once', async () => {
    const seen: number[] = [];
    let url: string | undefined = '/api/v1/things?limit=3';
    let pages = 0;
    while (url) {
      const answer = await get(url);
      seen.push(...answer.json().items.map((item: { id: number }) => item.id));
      const link = answer.headers.link as string | undefined;
      expect(link === undefined).toBe(answer.json().next === null);
      url = link?.match(/^<http:\/\/localhost:4180(.*)>; rel="next"$/)?.[1];
      pages += 1;
    }
    expect([pages, seen]).toEqual([3, [1, 2, 3, 4, 5, 6, 7]]);
  });

  it('refuse a cursor that we did not make', async () => {
    for (const after of [
      'abc',
      Buffer.from('["x"]').toString('base64url'),
      Buffer.from('[1,2]').toString('base64url'),
    ])
      expect((await get(`/api/v1/things?after=${after}`)).json().faults[0].path).toBe('/after');
  });
});

describe('headers', () => {
  it('forbid everything a browser could do with an answer of the API, and keep it out of caches', async () => {
    expect((await get('/api/v1/things')).headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it('carry a correlation id of ours, never the client’s', async () => {
    const answer = await get('/api/v1/things', { 'x-correlation-id': 'mine', 'request-id': 'mine' });
    expect(answer.headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('watching the service', () => {
  it('says that the process lives', async () => {
    expect((await get('/health')).json()).toMatchObject({ status: 'alive' });
  });

  it('says whether it can work, check by check, and nothing of the reasons', async () => {
    const ready = await get('/ready');
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: 'passed', migrations: 'passed', queue: 'passed' } },
    ]);
    queueWorks = false;
    const not = await get('/ready');
    queueWorks = true;
    expect([not.statusCode, not.json()]).toEqual([
      503,
      { status: 'not_ready', checks: { database: 'passed', migrations: 'passed', queue: 'failed' } },
    ]);
    expect(not.body).not.toContain('redis');
  });

  it('is not ready while a migration is missing', async () => {
    await http.owner.query(
      "UPDATE schema_migration SET name = 'x' || name WHERE name LIKE 'HttpIdempotency%'",
    );
    expect((await get('/ready')).json().checks).toMatchObject({ database: 'passed', migrations: 'failed' });
    await http.owner.query(
      "UPDATE schema_migration SET name = substr(name, 2) WHERE name LIKE 'xHttpIdempotency%'",
    );
  });

  it('measures requests by route template, never by address', async () => {
    await get('/api/v1/things/fail/domain');
    const { body, headers } = await get('/metrics');
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(body).toContain(
      'insigne_http_request_seconds_count{method="GET",route="/api/v1/things/fail/:how",status="409"}',
    );
    expect(body).toContain('process_cpu_seconds_total');
    expect(body).not.toContain('fail/domain');
  });

  it('shows metrics to this machine only, not through a proxy on it', async () => {
    const away = await http.app.inject({ url: '/metrics', remoteAddress: '192.0.2.1' });
    const proxied = await get('/metrics', { 'x-forwarded-for': '192.0.2.1' });
    expect([away.statusCode, proxied.statusCode]).toEqual([404, 404]);
  });
});

describe('with a token for metrics', () => {
  it('shows them to whoever has it, and to nobody else', async () => {
    const other = await startHttpApp({ metricsToken: 'letmein' });
    const ask = (authorization?: string) =>
      other.app.inject({
        url: '/metrics',
        remoteAddress: '192.0.2.1',
        headers: authorization ? { authorization } : {},
      });
    const statuses = [await ask(), await ask('Bearer letmei'), await ask('Bearer letmein')].map(
      (one) => one.statusCode,
    );
    await other.close();
    expect(statuses).toEqual([404, 404, 200]);
  }, 120_000);
});
