import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { SettleSigningFailure } from '#badges';
import { createOperatorLink, revokeOperatorAccess } from '#people';
import { DomainError, FixedClock } from '#platform';
import { anApiApp } from '../support/api-app.js';
import { anIssuanceWorld, aPlannedRoom, type IssuanceWorld } from '../support/issuance-world.js';

class KeyAway extends DomainError {
  readonly code = 'signing_key_unavailable';
}

describe('the operations page', () => {
  let world: IssuanceWorld;
  let app: NestFastifyApplication;
  let owner: pg.Client;
  const clock = new FixedClock(new Date());
  beforeAll(async () => {
    world = await anIssuanceWorld();
    app = await anApiApp(world, { clock });
    owner = new pg.Client({ connectionString: world.urls.ownerUrl });
    await owner.connect();
  }, 120_000);
  afterAll(async () => {
    await owner?.end();
    await app?.close();
    await world?.close();
  });
  beforeEach(() => {
    // Tries of one test are none of the next.
    clock.instant = new Date(clock.instant.getTime() + 3_600_000);
  });

  const get = (url: string, cookie = '', headers: Record<string, string> = {}) =>
    app.inject({ url, headers: { accept: 'text/html', 'accept-language': 'fr', cookie, ...headers } });
  const post = (
    url: string,
    form: Record<string, string> | [string, string][],
    cookie = '',
    headers: Record<string, string> = {},
  ) =>
    app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
      payload: new URLSearchParams(form).toString(),
    });
  const link = async (): Promise<string> => (await createOperatorLink(world.api)).token;
  const cookieOf = (answer: { headers: Record<string, unknown> }): string =>
    String(answer.headers['set-cookie']).split(';')[0]!;
  const entered = async (): Promise<{ cookie: string; csrf: string }> => {
    const cookie = cookieOf(await post('/operations/enter', { token: await link() }));
    const page = await get('/operations', cookie);
    expect(page.statusCode).toBe(200);
    return { cookie, csrf: /name="csrf" value="([^"]+)"/.exec(page.body)![1]! };
  };
  const aDeadLetter = async (size = 3): Promise<string> => {
    const { outboxIds } = await aPlannedRoom(world, size);
    const settle = new SettleSigningFailure(world.worker, {
      enqueue: () => Promise.resolve(),
    } as never);
    for (let i = 0; i < 5; i += 1) await settle.run(outboxIds[0]!, new KeyAway('away'));
    return outboxIds[0]!;
  };

  it('tells a stranger how to get in, and nothing of what is going on', async () => {
    await aDeadLetter();
    for (const cookie of [
      '',
      'insigne_operator=',
      `insigne_operator=${'a'.repeat(43)}`,
      'insigne_operator=%00',
    ]) {
      const answer = await get('/operations', cookie);
      expect(answer.statusCode).toBe(403);
      expect(answer.body).toContain('admin-link');
      expect(answer.body).not.toMatch(/Atelier Exemple|signing_key_unavailable|En attente/);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  it('opens to a link once; looking at the link, as previews do, does not use it up', async () => {
    const token = await link();
    for (let i = 0; i < 5; i += 1) expect((await get(`/operations/enter/${token}`)).statusCode).toBe(200);
    const both = await Promise.all([
      post('/operations/enter', { token }),
      post('/operations/enter', { token }),
    ]);
    expect(both.map((answer) => answer.statusCode).sort()).toEqual([303, 403]);
    const session = both.find((answer) => answer.statusCode === 303)!;
    expect((await get('/operations', cookieOf(session))).body).toContain('Délivrance des badges');
    expect((await get(`/operations/enter/${token}`)).body).toContain('Ce lien ne sert plus');
  });

  it('keeps the session from scripts and other sites, and stores neither token nor cookie', async () => {
    const token = await link();
    const answer = await post('/operations/enter', { token });
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^insigne_operator=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    const secret = cookieOf(answer).split('=')[1]!;
    const { rows } = await owner.query<{ all: string }>(
      `select coalesce((select json_agg(l)::text from operator_link l), '') || (select json_agg(s)::text from operator_session s)
         || (select json_agg(e)::text from audit_event e) as all`,
    );
    expect(rows[0]!.all).not.toContain(token);
    expect(rows[0]!.all).not.toContain(secret);
    const csp = String((await get('/operations', cookieOf(answer))).headers['content-security-policy']);
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).toContain("form-action 'self'");
    expect(csp).not.toContain('script-src');
  });

  it('sends the cookie over https alone where the service has https', async () => {
    const secure = await anApiApp(world, { origin: 'https://badges.example' });
    try {
      const answer = await secure.inject({
        method: 'POST',
        url: '/operations/enter',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        payload: `token=${await link()}`,
      });
      expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-insigne_operator=.*; Secure$/);
    } finally {
      await secure.close();
    }
  });

  it('lets nobody in with a link that is too old, or a session that was revoked', async () => {
    const token = await link();
    await owner.query(`update operator_link set expires_at = now() - interval '1 second'`);
    expect((await post('/operations/enter', { token })).statusCode).toBe(403);
    const { cookie } = await entered();
    expect(await revokeOperatorAccess(world.api.manager, 'cli')).toBeGreaterThan(0);
    expect((await get('/operations', cookie)).statusCode).toBe(403);
    const again = await entered();
    await owner.query(`update operator_session set expires_at = now() - interval '1 second'`);
    expect((await get('/operations', again.cookie)).statusCode).toBe(403);
  });

  it('takes no form from another page (T-52)', async () => {
    const outboxId = await aDeadLetter();
    const { cookie, csrf } = await entered();
    const other = await entered();
    const attempts = [
      post('/operations/retry', { all: '1' }, cookie),
      post('/operations/retry', { all: '1', csrf: '' }, cookie),
      post('/operations/retry', { all: '1', csrf: other.csrf }, cookie),
      post('/operations/retry', { all: '1', csrf }, cookie, { 'sec-fetch-site': 'cross-site' }),
      post('/operations/retry', { all: '1', csrf }),
      post('/operations/leave', {}, cookie),
    ];
    for (const answer of await Promise.all(attempts)) expect(answer.statusCode).toBe(403);
    const [row] = await world.api.query('select failed_at from outbox where id = $1', [outboxId]);
    expect(row.failed_at).not.toBeNull();
    expect(
      (await post('/operations/enter', { token: await link() }, '', { 'sec-fetch-site': 'cross-site' }))
        .statusCode,
    ).toBe(403);
    expect((await get('/operations', cookie)).statusCode).toBe(200);
  });

  it('shows what waits for a decision with its reason, in both languages, and puts it back', async () => {
    const outboxId = await aDeadLetter();
    const { cookie, csrf } = await entered();
    const page = await get('/operations', cookie);
    expect(page.body).toContain(outboxId);
    expect(page.body).toContain('clé de signature de la structure ne s');
    expect((await get('/operations?lang=en', cookie)).body).toContain('signing key does not open');
    const answer = await post('/operations/retry?lang=fr', { id: outboxId, csrf }, cookie);
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('/operations?lang=fr');
    const told = await get('/operations', `${cookie}; ${cookieOf(answer)}`);
    expect(told.body).toContain('1 relancé.');
    // Told once: looked at again, the page knows of it no more, and no address says it to others.
    expect(told.headers['set-cookie']).toMatch(/^insigne_retried=; .*Max-Age=0/);
    expect((await get('/operations?retried=1', cookie)).body).not.toContain('1 relancé.');
    const [row] = await world.api.query('select failed_at, retries from outbox where id = $1', [outboxId]);
    expect(row).toEqual({ failed_at: null, retries: 1 });
    const { rows } = await owner.query(
      `select actor from audit_event where action = 'signing.retried' and subject ->> 'outboxId' = $1`,
      [outboxId],
    );
    expect(rows).toEqual([{ actor: expect.stringMatching(/^operator:[0-9a-f]{16}$/) }]);
  });

  it('puts back several at once, and ids that are none change nothing', async () => {
    const letters = [await aDeadLetter(1), await aDeadLetter(1)];
    const { cookie, csrf } = await entered();
    const nothing = await post('/operations/retry', { id: "x' or 1=1 --", csrf }, cookie);
    expect(cookieOf(nothing)).toBe('insigne_retried=0');
    const answer = await post(
      '/operations/retry',
      [...letters.map((id): [string, string] => ['id', id]), ['csrf', csrf]],
      cookie,
    );
    expect(cookieOf(answer)).toBe('insigne_retried=2');
  });

  it('tells no name of a person', async () => {
    await aDeadLetter(2);
    const { cookie } = await entered();
    const { body } = await get('/operations', cookie);
    expect(body).toContain('Atelier Exemple');
    expect(body).not.toMatch(/Personne\d|EXEMPLE|FICTIVE/);
  });

  it('refreshes by itself only when asked', async () => {
    const { cookie } = await entered();
    expect((await get('/operations', cookie)).headers.refresh).toBeUndefined();
    const live = await get('/operations?live=1&lang=en', cookie);
    expect(live.headers.refresh).toBe('15; url=/operations?lang=en&live=1');
    expect(live.body).toContain('Stop refreshing');
  });

  it('lets the administrator leave', async () => {
    const { cookie, csrf } = await entered();
    const answer = await post('/operations/leave', { csrf }, cookie);
    expect(String(answer.headers['set-cookie'])).toContain('Max-Age=0');
    expect((await get('/operations', cookie)).statusCode).toBe(403);
  });

  it('slows down whoever guesses links', async () => {
    await owner.query('delete from wrong_try');
    const guess = () => get(`/operations/enter/${'a'.repeat(43)}`);
    for (let i = 0; i < 20; i += 1) expect((await guess()).statusCode).toBe(403);
    // So that a slow machine gives no try back meanwhile.
    await owner.query(`update wrong_try set full_at = full_at + interval '1 hour'`);
    const refused = await guess();
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000);
    expect((await post('/operations/enter', { token: await link() })).statusCode).toBe(429);
    await owner.query(`delete from wrong_try`);
    expect((await post('/operations/enter', { token: await link() })).statusCode).toBe(303);
  });

  it('is not for API clients: a bearer token opens nothing', async () => {
    const answer = await get('/operations', '', { authorization: 'Bearer abc.def.ghi' });
    expect(answer.statusCode).toBe(403);
  });
});
