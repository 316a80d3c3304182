import { Controller, Get } from '@nestjs/common';
import jsonwebtoken from 'jsonwebtoken';
import { authenticateApiClient, createApiClient, registerOrganisation, revokeApiClient } from '#people';
import { FixedClock } from '#platform';
import { Allow } from '../../apps/api/src/oauth/allow.js';
import { type Caller, CurrentCaller } from '../../apps/api/src/oauth/caller.js';
import { Tenancy } from '../../apps/api/src/oauth/tenancy.js';
import { type HttpApp, startHttpApp, testOrigin } from '../support/http-app.js';

@Controller('api/v1')
class ClosedController {
  @Get('me')
  @Allow()
  me(@CurrentCaller() caller: Caller): Caller {
    return caller;
  }

  @Get('awards')
  @Allow('award:read')
  awards(): string[] {
    return [];
  }

  @Get('forgotten')
  forgotten(): string {
    return 'never shown';
  }
}

const clock = new FixedClock(new Date('2026-11-22T10:00:00Z'));
let http: HttpApp;
let client: { clientId: string; secret: string };
let organisationId: string;

beforeAll(async () => {
  http = await startHttpApp({ controllers: [ClosedController], clock });
  const organisation = await registerOrganisation(http.owner.manager, {
    kind: 'structure',
    slug: 'maison-du-numerique',
    legalName: 'Maison du numérique',
  });
  organisationId = organisation.id;
  client = await createApiClient(http.owner.manager, {
    organisationId,
    name: 'Logiciel des ateliers',
    scopes: ['award:read', 'workshop:read'],
  });
}, 120_000);
afterAll(() => http?.close());

const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const askToken = (payload: string, headers: Record<string, string> = {}, remoteAddress = '192.0.2.1') =>
  http.app.inject({
    method: 'POST',
    url: '/oauth/token',
    remoteAddress,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload,
  });
const grant = { grant_type: 'client_credentials' };
const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const byForm = (more: Record<string, string> = {}) =>
  askToken(form({ ...grant, client_id: client.clientId, client_secret: client.secret, ...more }));
const token = async (): Promise<string> => (await byForm()).json().access_token;
const get = (url: string, bearer?: string) =>
  http.app.inject({ url, headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` } });

describe('getting an access token (RFC 6749, section 4.4)', () => {
  it('gives one for fifteen minutes to a client that posts its secret', async () => {
    const answer = await byForm();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', pragma: 'no-cache' });
    expect(answer.json()).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'award:read workshop:read',
    });
    const { header, payload } = jsonwebtoken.decode(answer.json().access_token, { complete: true })!;
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(payload).toMatchObject({
      iss: testOrigin,
      aud: `${testOrigin}/api/v1`,
      sub: client.clientId,
      org: organisationId,
      scope: 'award:read workshop:read',
    });
    expect(JSON.stringify(payload)).not.toContain('Logiciel');
  });

  it('takes Basic authentication, with percent-encoded parts', async () => {
    expect((await askToken(form(grant), basic(client.clientId, client.secret))).statusCode).toBe(200);
    const encoded = client.clientId.replace(/[-_]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
    expect((await askToken(form(grant), basic(encoded, client.secret))).statusCode).toBe(200);
  });

  it('narrows to the scopes asked for, and refuses those the client does not have', async () => {
    expect((await byForm({ scope: 'award:read' })).json().scope).toBe('award:read');
    const refused = await byForm({ scope: 'award:read award:issue' });
    expect(refused.statusCode).toBe(400);
    expect(refused.json()).toMatchObject({ error: 'invalid_scope' });
  });

  it.each([
    ['no grant type', form({ client_id: 'x' }), {}, 400, 'invalid_request'],
    ['another grant type', form({ grant_type: 'password' }), {}, 400, 'unsupported_grant_type'],
    ['no client', form(grant), {}, 401, 'invalid_client'],
    ['a parameter given twice', `${form(grant)}&scope=a&scope=b`, {}, 400, 'invalid_request'],
    [
      'two ways of authentication',
      form({ ...grant, client_secret: 'x' }),
      basic('a', 'x'),
      400,
      'invalid_request',
    ],
    ['Basic that is not base64', form(grant), { authorization: 'Basic é' }, 400, 'invalid_request'],
    ['Basic with a broken percent sign', form(grant), basic('a', '%zz'), 400, 'invalid_request'],
    [
      'JSON',
      '{"grant_type":"client_credentials"}',
      { 'content-type': 'application/json' },
      400,
      'invalid_request',
    ],
    [
      'an unknown client',
      form({ ...grant, client_id: 'client-x', client_secret: 'x' }),
      {},
      401,
      'invalid_client',
    ],
    [
      'NUL in the client',
      form({ ...grant, client_id: '\u0000', client_secret: 'x' }),
      {},
      401,
      'invalid_client',
    ],
  ])('refuses %s', async (_, payload, headers, status, error) => {
    const answer = await askToken(payload, headers);
    expect([answer.statusCode, answer.json().error]).toEqual([status, error]);
    expect(answer.headers['cache-control']).toBe('no-store');
    if (status === 401) expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
  });

  it('stops guesses at a secret after twenty, from that address alone, and not the owner elsewhere', async () => {
    const guess = () =>
      askToken(form({ ...grant, client_id: client.clientId, client_secret: 'guess' }), {}, '192.0.2.66');
    // Tries come back by the database's clock, one in an hour here, so that a slow machine gives none back.
    await http.owner.query('delete from wrong_try');
    const slowed = () => http.owner.query(`update wrong_try set full_at = full_at + interval '1 hour'`);
    const answers = [];
    for (let i = 0; i < 20; i += 1) answers.push((await guess()).statusCode);
    await slowed();
    const more = await Promise.all(Array.from({ length: 10 }, guess));
    expect(answers).toEqual(Array.from({ length: 20 }, () => 401));
    expect(more.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 10 }, () => 429));
    expect(Number(more[0]!.headers['retry-after'])).toBeGreaterThan(3_000);
    expect((await byForm()).statusCode).toBe(200);
    await http.owner.query(`update wrong_try set full_at = now() - interval '1 hour'`);
    expect((await guess()).statusCode).toBe(401);
    await http.owner.query('delete from wrong_try');
  }, 120_000);
});

describe('calling with an access token (RFC 6750)', () => {
  it('knows who calls and for which organisation', async () => {
    expect((await get('/api/v1/me', await token())).json()).toEqual({
      clientId: client.clientId,
      organisationId,
      scopes: ['award:read', 'workshop:read'],
    });
  });

  it('answers 401 with a challenge when there is no token', async () => {
    const answer = await get('/api/v1/awards');
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'access_token_missing']);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="insigne"');
  });

  it('answers 403 with the scope that is missing', async () => {
    const narrow = (await byForm({ scope: 'workshop:read' })).json().access_token;
    const answer = await get('/api/v1/awards', narrow);
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'insufficient_scope']);
    expect(answer.headers['www-authenticate']).toBe(
      'Bearer realm="insigne", error="insufficient_scope", scope="award:read"',
    );
  });

  it('refuses tokens that are not ours, changed, for others, of another algorithm or expired', async () => {
    const secret = 'a secret of the tests, long enough for HS256';
    const now = Math.floor(clock.now().getTime() / 1000);
    const claims = { sub: client.clientId, org: organisationId, scope: 'award:read', iat: now };
    const right = {
      issuer: testOrigin,
      audience: `${testOrigin}/api/v1`,
      header: { alg: 'HS256', typ: 'at+jwt' },
    };
    const sign = (change: object, more: object = {}, key = secret) =>
      jsonwebtoken.sign({ ...claims, exp: now + 60, ...more }, key, { ...right, ...change });
    expect((await get('/api/v1/awards', sign({}))).statusCode).toBe(200);
    const [head, body, signature] = sign({}).split('.');
    const forged = [
      sign({}, {}, 'another secret, as long as the right one is'),
      sign({ issuer: 'https://elsewhere.example' }),
      sign({ audience: testOrigin }),
      sign({ header: { alg: 'HS256', typ: 'JWT' } }),
      sign({ algorithm: 'HS512', header: { alg: 'HS512', typ: 'at+jwt' } }),
      sign({}, { exp: now - 1 }),
      jsonwebtoken.sign(claims, secret, { ...right, algorithm: 'HS256' }),
      sign({}, { sub: 'client-unknown' }),
      sign({}, { org: '0199c0de-0000-7000-8000-000000000000' }),
      `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`,
      `${head}.${Buffer.from(JSON.stringify({ ...claims, scope: 'award:issue' })).toString('base64url')}.${signature}`,
      'not-a-token',
    ];
    for (const one of forged) {
      const answer = await get('/api/v1/awards', one);
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'access_token_invalid']);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    }
  });

  it('refuses a token after its fifteen minutes', async () => {
    const bearer = await token();
    clock.instant = new Date(clock.instant.getTime() + 899_000);
    expect((await get('/api/v1/me', bearer)).statusCode).toBe(200);
    clock.instant = new Date(clock.instant.getTime() + 2_000);
    expect((await get('/api/v1/me', bearer)).statusCode).toBe(401);
  });

  it('refuses a revoked client within two seconds, whatever its token says', async () => {
    const other = await createApiClient(http.owner.manager, {
      organisationId,
      name: 'x',
      scopes: ['award:read'],
    });
    const payload = form({ ...grant, client_id: other.clientId, client_secret: other.secret });
    const bearer = (await askToken(payload)).json().access_token;
    expect((await get('/api/v1/me', bearer)).statusCode).toBe(200);
    await revokeApiClient(http.owner.manager, other.clientId);
    clock.instant = new Date(clock.instant.getTime() + 2_000);
    expect((await get('/api/v1/me', bearer)).statusCode).toBe(401);
    expect((await askToken(payload)).json()).toMatchObject({ error: 'invalid_client' });
    expect(await authenticateApiClient(http.owner.manager, other.clientId, other.secret)).toBeNull();
  });

  it('takes a scope away from tokens already given when the client loses it', async () => {
    const other = await createApiClient(http.owner.manager, {
      organisationId,
      name: 'x',
      scopes: ['award:read'],
    });
    const payload = form({ ...grant, client_id: other.clientId, client_secret: other.secret });
    const bearer = (await askToken(payload)).json().access_token;
    await http.owner.query("UPDATE api_client SET scopes = '{}' WHERE client_id = $1", [other.clientId]);
    clock.instant = new Date(clock.instant.getTime() + 2_000);
    expect((await get('/api/v1/awards', bearer)).statusCode).toBe(403);
  });

  it('keeps a route closed that has no access rule', async () => {
    const answer = await get('/api/v1/forgotten', await token());
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'internal_error']);
    expect(answer.body).not.toContain('never shown');
  });
});

describe('acting in an organisation', () => {
  it('reaches its own and those below, and sees all others as unknown', async () => {
    const add = (slug: string, kind: 'programme' | 'region' | 'structure', parentId?: string) =>
      registerOrganisation(http.owner.manager, { slug, kind, legalName: slug, parentId });
    const programme = await add('programme', 'programme');
    const region = await add('region', 'region', programme.id);
    const below = await add('below', 'structure', region.id);
    const beside = await add('beside', 'structure', programme.id);
    const tenancy = http.app.get(Tenancy);
    const caller: Caller = { clientId: 'client-x', organisationId: region.id, scopes: [] };

    expect((await tenancy.organisationOf(caller, region.id)).slug).toBe('region');
    expect((await tenancy.organisationOf(caller, below.id.toUpperCase())).slug).toBe('below');
    expect((await tenancy.organisationOf(caller, 'below')).id).toBe(below.id);
    expect(await tenancy.organisationIds(caller)).toEqual([region.id, below.id]);
    const others = [
      programme.id,
      beside.id,
      'beside',
      'nobody',
      '0199c0de-0000-7000-8000-000000000000',
      "'; --",
      '\u0000',
    ];
    for (const other of others)
      await expect(tenancy.organisationOf(caller, other)).rejects.toMatchObject({
        code: 'organisation_not_found',
        message: 'No such organisation',
      });
  });
});
