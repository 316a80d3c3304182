import { execFileSync } from 'node:child_process';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { Validator } from '@seriousme/openapi-schema-validator';
import { readProjectJson } from '#platform';
import { configureHttp, routeDifferences } from '../../apps/api/src/http/configure-http.js';
import { jsonSchema } from '../../apps/api/src/http/json-schema.js';
import { pageQuery, pageSchema } from '../../apps/api/src/http/paging.js';
import { Allow } from '../../apps/api/src/oauth/allow.js';
import type { RouteDescription } from '../../apps/api/src/openapi/route.js';
import { type HttpApp, startHttpApp, testOrigin } from '../support/http-app.js';

const newThing = jsonSchema({
  title: 'NewThing',
  type: 'object',
  properties: { name: { $ref: '#/$defs/name' } },
  required: ['name'],
  additionalProperties: false,
  $defs: { name: { type: 'string' } },
});
const thing = {
  title: 'Thing',
  type: 'object',
  properties: { id: { type: 'string' }, name: { type: 'string' } },
};

@Controller('api/v1/things')
class ThingsController {
  @Get()
  @Allow('workshop:read')
  list(@Query({ schema: pageQuery }) _: object): object {
    return { items: [], next: null };
  }

  @Get(':id')
  @Allow('workshop:read')
  one(@Param('id') id: string): object {
    return { id };
  }

  @Post()
  @Allow('workshop:write')
  add(@Body({ schema: newThing }) body: object): object {
    return body;
  }
}

const base = { tag: 'Things', scopes: ['workshop:read'] } satisfies Partial<RouteDescription>;
const routes: RouteDescription[] = [
  {
    ...base,
    method: 'GET',
    path: '/api/v1/things',
    operationId: 'listThings',
    summary: 'Things, oldest first.',
    query: pageQuery,
    responses: {
      200: { description: 'A page.', schema: pageSchema(thing), headers: { Link: 'The next page.' } },
    },
  },
  {
    ...base,
    method: 'GET',
    path: '/api/v1/things/{id}',
    operationId: 'getThing',
    summary: 'One thing <b>& more</b>.',
    params: { id: 'Id of the thing.' },
    responses: { 200: { description: 'The thing.', schema: thing, example: { id: '1', name: 'Une' } } },
    errors: ['organisation_not_found'],
  },
  {
    ...base,
    method: 'POST',
    path: '/api/v1/things',
    operationId: 'addThing',
    summary: 'Adds a thing.',
    scopes: ['workshop:write'],
    body: { schema: newThing, example: { name: 'Une' } },
    responses: { 201: { description: 'The thing.', schema: thing } },
  },
];

let http: HttpApp;
beforeAll(async () => {
  http = await startHttpApp({ controllers: [ThingsController], routes });
}, 120_000);
afterAll(() => http?.close());

const document = async () => (await http.app.inject({ url: '/api/v1/openapi.json' })).json();

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  );
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, and everything it refers to is in it', async () => {
    const description = await document();
    expect(await new Validator().validate(description)).toEqual({ valid: true });
    expect(description.openapi).toBe('3.1.0');
    const found = references(description);
    expect(found.length).toBeGreaterThan(5);
    for (const reference of found)
      expect(description.components.schemas).toHaveProperty([reference.replace('#/components/schemas/', '')]);
  });

  it('says who may call, what to send, what comes back and which errors', async () => {
    const { paths, components } = await document();
    expect(paths['/api/v1/things'].post).toMatchObject({
      operationId: 'addThing',
      security: [{ oauth2: ['workshop:write'] }],
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/NewThing' } } } },
      responses: {
        201: { description: 'The thing.' },
        403: { description: 'An error with the code insufficient_scope.' },
        409: { description: 'An error with the code request_in_progress.' },
      },
    });
    expect(paths['/api/v1/things'].post.parameters).toMatchObject([
      { name: 'Idempotency-Key', in: 'header' },
    ]);
    expect(paths['/api/v1/things'].get.parameters).toMatchObject([{ name: 'limit' }, { name: 'after' }]);
    expect(paths['/api/v1/things/{id}'].get.parameters).toMatchObject([
      { name: 'id', in: 'path', required: true },
    ]);
    expect(components.schemas['NewThing.name']).toEqual({ type: 'string' });
    expect(components.securitySchemes.oauth2.flows.clientCredentials.tokenUrl).toBe(
      `${testOrigin}/oauth/token`,
    );
  });

  it('describes every error as problem.schema.json does', async () => {
    const { title, $schema, ...problem } = readProjectJson<Record<string, unknown>>(
      'schemas',
      'problem.schema.json',
    );
    expect((await document()).components.schemas.Problem).toMatchObject(problem);
  });

  it('may be read from any site', async () => {
    const { headers } = await http.app.inject({ url: '/api/v1/openapi.json' });
    expect(headers['access-control-allow-origin']).toBe('*');
  });
});

describe('descriptions and routes', () => {
  it('are the same', () => {
    expect(routeDifferences(http.app)).toEqual([]);
  });

  it('are told apart, one sentence for each difference', async () => {
    const wrong: RouteDescription[] = [
      { ...routes[0]!, scopes: ['award:read'] },
      { ...routes[1]!, path: '/api/v1/thing/{id}' },
      { ...routes[2]!, operationId: 'other' },
      routes[2]!,
    ];
    const other = await startHttpApp({ controllers: [ThingsController], routes: wrong });
    const differences = routeDifferences(other.app);
    await other.close();
    expect(differences.sort()).toEqual([
      'GET /api/v1/thing/{id} is described but does not exist',
      'GET /api/v1/things is described with award:read, its @Allow says workshop:read',
      'GET /api/v1/things/{id} is not described',
      'POST /api/v1/things is described twice',
    ]);
  }, 120_000);

  it('must not name an error without a status, nor leave a parameter unexplained', async () => {
    for (const change of [{ errors: ['unheard_of'] }, { params: {} }]) {
      const other = await startHttpApp({
        controllers: [ThingsController],
        routes: [{ ...routes[1]!, ...change }],
      });
      const { statusCode } = await other.app.inject({ url: '/api/v1/openapi.json' });
      await other.close();
      expect(statusCode).toBe(500);
    }
  }, 120_000);
});

describe('the page that describes the API', () => {
  const page = (url: string) => http.app.inject({ url, headers: { 'accept-language': 'fr' } });

  it('lists operations, parameters, schemas, errors and commands, in French and English, without script', async () => {
    const [fr, en] = [await page('/api/docs'), await page('/api/docs?lang=en')];
    expect(fr.headers['content-security-policy']).toContain("default-src 'none'");
    expect(fr.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(fr.body).toContain('<html lang="fr"');
    expect(en.body).toContain('<html lang="en"');
    expect(fr.body).toContain('Importer des campagnes');
    expect(en.body).toContain('Import campaigns');
    for (const text of [
      'id="addThing"',
      'insufficient_scope',
      'Id of the thing.',
      '&quot;NewThing&quot;',
      '/oauth/token',
    ])
      expect(fr.body).toContain(text);
    for (const { body } of [fr, en]) expect(body).not.toMatch(/<script|<b>&|style=/);
    expect(fr.body).toContain('One thing &lt;b>&amp; more');
  });

  it('brings its own stylesheet', async () => {
    const style = await page('/api/docs/style.css');
    expect(style.headers['content-type']).toMatch(/^text\/css/);
  });

  it('shows commands that a shell understands', async () => {
    const { body } = await page('/api/docs');
    const commands = [...body.matchAll(/<pre[^>]*><code>(curl[\s\S]*?)<\/code>/g)].map((match) =>
      match[1]!.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<'),
    );
    expect(commands).toHaveLength(4);
    for (const command of commands) execFileSync('sh', ['-n', '-c', command]);
  });
});

it('The frame can be set up once only before the app starts', () => {
  expect(() => configureHttp(http.app)).toThrow();
});
