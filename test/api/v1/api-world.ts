import { readFileSync } from 'node:fs';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { allScopes, createApiClient, type Organisation, registerOrganisation } from '#people';
import { ajv2019, Clock, projectFile } from '#platform';
import { ApiModule } from '../../../apps/api/src/api.module.js';
import { configureHttp } from '../../../apps/api/src/http/configure-http.js';
import { httpAdapter } from '../../../apps/api/src/http/http-adapter.js';
import { Components } from '../../../apps/api/src/openapi/components.js';
import { openApiRoutes } from '../../../apps/api/src/openapi/openapi.controller.js';
import { errorsOf, type RouteDescription, schemaOf } from '../../../apps/api/src/openapi/route.js';
import { badgeRoutes } from '../../../apps/api/src/public/badge-routes.js';
import { errorPage } from '../../../apps/api/src/public/error-page.js';
import { apiRoutes } from '../../../apps/api/src/v1/routes.js';
import { vcApiRoutes } from '../../../apps/api/src/vc-api/routes.js';
import { anIssuanceWorld, type IssuanceWorld, origin } from '../../support/issuance-world.js';

export { origin };
export const allRoutes: RouteDescription[] = [...openApiRoutes, ...apiRoutes, ...vcApiRoutes, ...badgeRoutes];
export const autumn = readFileSync(projectFile('test', 'vectors', 'campaign', 'campagne-2026-automne.csv'));

/** Never before the campaign of the fixture, so that the tests do not depend on the day they run. */
class NotBeforeTheCampaign extends Clock {
  now(): Date {
    return new Date(Math.max(Date.now(), Date.parse('2026-11-22T09:00:00Z')));
  }
}

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into answers of every shape
  body: any;
  text: string;
  headers: Record<string, string | string[] | number | undefined>;
}

export interface Request {
  token?: string;
  /** A Buffer is sent as text/csv, a text as JSON text, anything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** The whole api process on a database of its own, with a structure and one of another programme. */
export interface ApiWorld extends IssuanceWorld {
  app: NestFastifyApplication;
  otherStructure: Organisation;
  /** An access token from /oauth/token for a new client. */
  token(organisation: Organisation, scopes?: string[]): Promise<string>;
  /** Asks the API; what it answers must be what the description says. `call('GET /api/v1/…')` */
  call(what: string, request?: Request): Promise<Answer>;
  /** Signs everything that was planned, as the worker would. */
  signAll(): Promise<void>;
}

/** @param at the origin, for a world that listens there */
export async function anApiWorld(at = origin): Promise<ApiWorld> {
  const world = await anIssuanceWorld(undefined, at);
  const config = {
    DATABASE_URL: world.urls.url,
    INSIGNE_ORIGIN: at,
    PORT: 4180,
    HOST: '127.0.0.1',
    tokenSecret: 'a secret of the tests, long enough for HS256',
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.with(config, new NotBeforeTheCampaign()),
    httpAdapter(),
    { logger: false, abortOnError: false },
  );
  configureHttp(app, { errorPage });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  const otherStructure = await anotherProgramme(world);
  return {
    ...world,
    app,
    otherStructure,
    token: (organisation, scopes = allScopes) => tokenFor(world, app, organisation, scopes),
    call: (what, request) => call(app, what, request),
    signAll: async () => {
      const rows: { id: string }[] = await world.api.query('select id from outbox where done_at is null');
      for (const { id } of rows) await world.signPromised.run(id);
    },
    close: async () => {
      await app.close();
      await world.close();
    },
  };
}

const anotherProgramme = ({ api }: IssuanceWorld): Promise<Organisation> =>
  api.transaction(async (tx) => {
    const programme = await registerOrganisation(tx, {
      kind: 'programme',
      slug: 'autre-programme',
      legalName: 'Autre Programme',
    });
    return registerOrganisation(tx, {
      kind: 'structure',
      parentId: programme.id,
      slug: 'autre-structure',
      legalName: 'Autre Structure',
    });
  });

async function tokenFor(
  { api }: IssuanceWorld,
  app: NestFastifyApplication,
  { id: organisationId }: Organisation,
  scopes: string[],
): Promise<string> {
  const client = await createApiClient(api.manager, { organisationId, name: 'test', scopes });
  const answer = await app.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${client.clientId}:${client.secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    payload: 'grant_type=client_credentials',
  });
  return answer.json().access_token;
}

/** The description of the route that an address belongs to. */
const routeOf = (method: string, url: string): RouteDescription | undefined =>
  allRoutes.find(
    (route) =>
      route.method === method &&
      new RegExp(`^${route.path.replace(/\{[A-Za-z]+\}/g, '[^/?]+')}(\\?|$)`).test(url),
  );

const schemas = ajv2019();
const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

async function call(
  app: NestFastifyApplication,
  what: string,
  { token, body, headers = {} }: Request = {},
): Promise<Answer> {
  const [method, url] = what.split(' ') as ['GET', string];
  const isJson = body !== undefined && !Buffer.isBuffer(body);
  const { statusCode, payload, ...answer } = await app.inject({
    method,
    url,
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': isJson ? 'application/json' : 'text/csv' }),
      ...headers,
    },
    ...(body !== undefined && { payload: isJson ? textOf(body) : (body as Buffer) }),
  });
  const isProblem = /json/.test(String(answer.headers['content-type'] ?? ''));
  const parsed: unknown = isProblem && payload !== '' ? JSON.parse(payload) : undefined;
  const route = routeOf(method, url);
  if (route) compareWithDescription(route, statusCode, parsed);
  return { status: statusCode, body: parsed, text: payload, headers: answer.headers };
}

/** Every answer of every test is held against what the description of its route promises. */
function compareWithDescription(route: RouteDescription, status: number, body: unknown): void {
  const { code } = (body ?? {}) as { code?: string };
  if (status >= 400 && (code !== undefined || !route.responses[status])) {
    if (!errorsOf(route).includes(code!)) throw new Error(`${route.operationId} does not tell of ${code}`);
    return;
  }
  const answer = route.responses[status];
  if (!answer) throw new Error(`${route.operationId} does not tell of ${status}`);
  if (!answer.schema) return;
  const components = new Components();
  // As it stands in the OpenAPI document, with its references.
  const schema = { ...(components.embed(schemaOf(answer.schema)) as object), components };
  if (!schemas.validate(schema, body))
    throw new Error(`${route.operationId} answers otherwise than described: ${schemas.errorsText()}`);
}

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');

/** A JWT that says it holds a badge, and whose signature nobody made. */
export const unsoundJwt = [
  part({ alg: 'RS256' }),
  part({ type: ['VerifiableCredential', 'OpenBadgeCredential'] }),
  'c2ln',
].join('.');
