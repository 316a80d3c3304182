import { compactVerify, importJWK } from 'jose';
import { ChangeStatus, DecideEndorsement, PublishBadge } from '#badges';
import type { JsonObject } from '#signing';
import { Fetcher, FetchFailed } from '#verification';
import { aPlannedRoom } from '../../support/issuance-world.js';
import { anOutsideEndorsement } from '../../support/outside-endorsement.js';
import { anEndorsement } from '../../vectors/statements.js';
import { aWeb, signed } from '../../vectors/world.js';
import { type ApiWorld, anApiWorld, origin } from './api-world.js';

const words = 'Nous retrouvons ce savoir-faire chez les personnes qui ont ce badge.';

describe('endorsements over HTTP', () => {
  let world: ApiWorld;
  let token: string;
  let otherToken: string;
  let base: string;
  let did: string;

  beforeAll(async () => {
    world = await anApiWorld();
    token = await world.token(world.structure);
    otherToken = await world.token(world.otherStructure);
    base = `/api/v1/organisations/${world.structure.slug}`;
    did = `did:web:localhost%3A4180:issuers:${world.structure.slug}`;
  });
  afterAll(() => world?.close());

  const form = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    world.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams(fields).toString(),
    });
  const page = async (url: string, accept = 'text/html') => world.app.inject({ url, headers: { accept } });
  const ask = async () => {
    const { status, body } = await world.call(`POST ${base}/endorsement-requests`, {
      token,
      body: { target: 'issuer' },
    });
    expect(status).toBe(201);
    return {
      id: body.id as string,
      path: (body.link as string).slice(origin.length),
      link: body.link as string,
    };
  };
  const accept = (id: string) =>
    world.call(`POST /api/v1/endorsements/${id}/acceptance`, { token, body: {} });
  const issuerPage = async () => (await page(`/issuers/${world.structure.slug}?lang=fr`)).body;

  it('are given without account on a page without script, and shown only once accepted and signed', async () => {
    const { id, path } = await ask();
    const asked = await page(`${path}?lang=fr`);
    expect(asked.statusCode).toBe(200);
    expect(asked.body).not.toContain('<script');
    expect(asked.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    const given = await form(path, { name: 'Ville Exemple', url: 'https://ville.example', comment: words });
    expect(given.statusCode).toBe(200);
    expect(given.body).toMatch(/\/endorse\/withdraw\/[\w-]{43}/);
    expect(await issuerPage()).not.toContain(words);
    expect((await accept(id)).body).toMatchObject({ state: 'accepted', isShown: false, form: 'received' });
    await world.signAll();
    const { body } = await world.call(`GET /api/v1/endorsements/${id}`, { token });
    expect(body).toMatchObject({ isShown: true });
    const shown = await issuerPage();
    expect(shown).toContain(words);
    expect(shown).toContain('Nous n’avons pas vérifié qui les a écrites');
  });

  it('say what to correct, keep what was typed, and keep the link open', async () => {
    const { path } = await ask();
    const refused = await form(`${path}?lang=en`, {
      name: 'Ville <b>Exemple</b>',
      comment: `${words} www.spam.example`,
    });
    expect(refused.statusCode).toBe(422);
    expect(refused.body).toContain('Take links out of the text');
    expect(refused.body).toContain('Ville &lt;b>Exemple');
    expect((await form(path, { name: 'Ville Exemple', comment: words })).statusCode).toBe(200);
    expect((await form(path, { name: 'Ville Exemple', comment: words })).statusCode).toBe(404);
    expect((await page(path)).statusCode).toBe(404);
  });

  it('are not taken from a form on another site', async () => {
    const { path } = await ask();
    const foreign = await form(
      path,
      { name: 'Ville Exemple', comment: words },
      { 'sec-fetch-site': 'cross-site' },
    );
    expect(foreign.statusCode).toBe(404);
    expect((await page(path)).statusCode).toBe(200);
  });

  it('are taken back with the address that was told, by a button and not by opening it', async () => {
    const { id, path } = await ask();
    const given = await form(path, { name: 'Ville Exemple', comment: words });
    const [withdrawal] = /\/endorse\/withdraw\/[\w-]{43}/.exec(given.body)!;
    expect((await page(withdrawal)).body).toContain(words);
    expect((await world.call(`GET /api/v1/endorsements/${id}`, { token })).body.state).toBe('given');
    expect((await form(withdrawal, {})).statusCode).toBe(200);
    expect((await form(withdrawal, {})).statusCode).toBe(404);
    const { body } = await world.call(`GET /api/v1/endorsements/${id}`, { token });
    expect(body).toMatchObject({ state: 'withdrawn', comment: null, endorserName: null });
  });

  it('of an organisation with an account carry its own signature, as JSON-LD and as a JWT that jose verifies', async () => {
    const { id, link } = await ask();
    const { slug } = world.otherStructure;
    const given = await world.call(`POST /api/v1/organisations/${slug}/given-endorsements`, {
      token: otherToken,
      body: { link, comment: words },
    });
    expect(given).toMatchObject({ status: 201, body: { id, state: 'given', form: 'own-key' } });
    const theirs = await world.call(`POST /api/v1/endorsements/${id}/acceptance`, {
      token: otherToken,
      body: {},
    });
    expect(theirs.body.code).toBe('endorsement_not_found');
    await accept(id);
    await world.signAll();
    const { body } = await world.call(`GET /api/v1/endorsements/${id}`, { token: otherToken });
    const address = (body.address as string).slice(origin.length);
    const json = await page(address, 'application/ld+json');
    expect(json.headers['content-type']).toMatch(/^application\/ld\+json/);
    expect(json.json()).toMatchObject({
      type: ['VerifiableCredential', 'EndorsementCredential'],
      issuer: { id: `did:web:localhost%3A4180:issuers:${slug}` },
      credentialSubject: { id: did, endorsementComment: words },
    });
    const jwt = (await page(`${address}.jwt`)).body;
    const header = JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as { kid: string };
    const jwk = (await page(header.kid.slice(origin.length), 'application/json')).json();
    const { payload } = await compactVerify(jwt, await importJWK(jwk, 'RS256'));
    const claims = JSON.parse(new TextDecoder().decode(payload)) as JsonObject;
    expect(claims).toMatchObject({
      iss: `did:web:localhost%3A4180:issuers:${slug}`,
      jti: body.address,
      sub: did,
    });
    const profile = (await page(`/issuers/${world.structure.slug}`, 'application/ld+json')).json();
    // Beside it stand words received from outside, which no program is told of here.
    expect(profile).toMatchObject({ id: did, endorsement: [json.json()], endorsementJwt: [jwt] });
    const report = await world.call('POST /api/v1/verifications', {
      token,
      body: { credential: json.json() },
    });
    expect(
      (report.body.checks as { name: string; outcome: string }[]).filter((c) => c.outcome === 'failed'),
    ).toEqual([]);
    const withdrawn = await world.call(`POST /api/v1/endorsements/${id}/withdrawal`, { token: otherToken });
    expect(withdrawn.body).toMatchObject({ state: 'withdrawn', isShown: false });
    expect((await page(address, 'application/ld+json')).statusCode).toBe(404);
  });

  it('that were signed elsewhere are taken when they hold, and refused when a word was changed or they are of others', async () => {
    const { id, path } = await ask();
    const outside = await anOutsideEndorsement(did, words);
    const forged = {
      ...outside,
      credentialSubject: { ...(outside.credentialSubject as object), endorsementComment: `${words} !` },
    };
    const refusedFor = async (credential: object | string) =>
      (
        await form(`${path}?lang=en`, {
          signed: typeof credential === 'string' ? credential : JSON.stringify(credential),
        })
      ).body;
    expect(await refusedFor(forged)).toContain('The signature does not hold');
    expect(await refusedFor(await anOutsideEndorsement('https://elsewhere.example/x', words))).toContain(
      'is about something else',
    );
    expect(await refusedFor('no credential')).toContain('no EndorsementCredential');
    expect((await form(path, { signed: JSON.stringify(outside) })).statusCode).toBe(200);
    expect((await accept(id)).body).toMatchObject({ form: 'brought', isShown: true, comment: words });
    const { body } = await world.call(`GET /api/v1/endorsements/${id}`, { token });
    const address = (body.address as string).slice(origin.length);
    expect((await page(`${address}.json`)).body).toBe(JSON.stringify(outside));
    expect((await page(`${address}.jwt`)).statusCode).toBe(404);
    expect((await page(`${address}?lang=en`)).body).toContain('did:key:');
  });

  describe('signed by a stranger whose server is slow', () => {
    const fetcher = () => world.app.get(Fetcher);
    let real: Fetcher['fetch'];
    let during: () => Promise<unknown>;
    beforeEach(async () => {
      real = fetcher().fetch;
      const web = await aWeb();
      during = async () => undefined;
      fetcher().fetch = async (url) => {
        await during();
        return web.fetch(url);
      };
    });
    afterEach(() => {
      fetcher().fetch = real;
    });
    const brought = async () => {
      const { id, path } = await ask();
      const { credentialStatus: _, ...endorsement } = anEndorsement({
        credentialSubject: { id: did, type: ['EndorsementSubject'], endorsementComment: words },
      });
      const sent = await form(path, { signed: JSON.stringify(await signed(endorsement)) });
      expect(sent.statusCode).toBe(200);
      return id;
    };
    const acceptOnce = (id: string, key: string) =>
      world.call(`POST /api/v1/endorsements/${id}/acceptance`, {
        token,
        body: {},
        headers: { 'idempotency-key': key },
      });

    it('hold neither a transaction nor a turn up while the server is asked', async () => {
      const ids = [await brought(), await brought(), await brought(), await brought()];
      const open: number[] = [];
      let arrived = () => {};
      const all = new Promise<void>((resolve) => {
        arrived = () => void (open.length === ids.length && resolve());
      });
      during = async () => {
        const [row] = await world.worker.query(
          `select count(*)::int as open from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and state like 'idle in transaction%'`,
        );
        open.push(row.open);
        arrived();
        // One client has three turns: were these inside them, the fourth would never be asked for.
        await all;
      };
      const answers = await Promise.all(ids.map((id) => acceptOnce(id, `slow-${id}`)));
      expect(answers).toMatchObject(Array(4).fill({ status: 200, body: { isShown: true } }));
      expect(open).toEqual(Array(4).fill(0));
      const again = await acceptOnce(ids[0]!, `slow-${ids[0]}`);
      expect([again.status, open.length]).toEqual([200, 4]);
    });

    it('are not shown when they were taken back, or stopped to hold, meanwhile', async () => {
      const id = await brought();
      during = async () => {
        during = async () => undefined;
        await world.call(`POST /api/v1/endorsements/${id}/withdrawal`, { token });
      };
      expect(await acceptOnce(id, 'late')).toMatchObject({
        status: 409,
        body: { code: 'endorsement_state_conflict' },
      });
      const another = await brought();
      during = () => Promise.reject(new FetchFailed('fetch_failed', 'gone'));
      expect(await acceptOnce(another, 'gone')).toMatchObject({
        status: 422,
        body: { code: 'endorsement_refused' },
      });
      const { body } = await world.call(`GET /api/v1/endorsements/${another}`, { token });
      expect(body).toMatchObject({ state: 'given', isShown: false });
    });
  });

  it('look like nothing to a stranger before they are shown, and to another organisation always', async () => {
    const { id, path } = await ask();
    await form(path, { name: 'Ville Exemple', comment: words });
    const { body } = await world.call(`GET /api/v1/endorsements/${id}`, { token });
    const address = (body.address as string).slice(origin.length);
    for (const url of [
      address,
      `${address}.json`,
      '/endorsements/nonsense',
      '/endorsements/0000000000000000000000000a',
    ])
      expect((await page(url, 'application/json')).statusCode).toBe(404);
    for (const what of ['GET /api/v1/endorsements/', 'POST /api/v1/endorsements/']) {
      const url = what.startsWith('GET') ? `${what}${id}` : `${what}${id}/withdrawal`;
      expect((await world.call(url, { token: otherToken })).body.code).toBe('endorsement_not_found');
    }
    const list = await world.call(`GET ${base}/endorsements?limit=2`, { token });
    expect(list.body.items).toHaveLength(2);
    expect(list.body.next).not.toBeNull();
  });

  it('of one badge are found by programs from the badge’s own address: accepted, signed and standing ones only', async () => {
    const { awardIds } = await aPlannedRoom(world, 1);
    await world.signAll();
    const publishing = new PublishBadge(world.api);
    const badge = await publishing.publish(awardIds[0]!, { withName: false, by: 'test' });
    const list = `/b/${badge}/endorsements.json`;
    const told = async () => (await world.call(`GET ${list}`)).body;
    const said = async (give: (link: string) => Promise<unknown>) => {
      const { body } = await world.call(`POST ${base}/endorsement-requests`, {
        token,
        body: { target: 'badge', award: awardIds[0] },
      });
      await give(body.link as string);
      return body.id as string;
    };
    const ourPartner = (link: string) =>
      world.call(`POST /api/v1/organisations/${world.otherStructure.slug}/given-endorsements`, {
        token: otherToken,
        body: { link, comment: words },
      });
    const agreed = async (id: string) => {
      const body = { learnerAgreed: true };
      expect((await world.call(`POST /api/v1/endorsements/${id}/acceptance`, { token, body })).status).toBe(
        200,
      );
      await world.signAll();
    };
    const nothing = { badge: `${origin}/b/${badge}`, endorsement: [], endorsementJwt: [] };
    const link = `<${origin}${list}>; rel="related https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement"`;
    for (const accept of ['application/ld+json', 'application/vc+jwt', 'text/html'])
      expect((await page(`/b/${badge}`, accept)).headers.link).toContain(link);
    expect(await told()).toEqual(nothing);

    const own = await said(ourPartner);
    expect(await told()).toEqual(nothing);
    await agreed(own);
    // Words without account stand on the page, but the structure itself signed them.
    const received = await said((to) =>
      form(to.slice(origin.length), { name: 'Ville Exemple', comment: words }),
    );
    await agreed(received);
    const { body: shown } = await world.call(`GET /api/v1/endorsements/${own}`, { token });
    const address = (shown.address as string).slice(origin.length);
    const one = {
      ...nothing,
      endorsement: [(await page(`${address}.json`)).json()],
      endorsementJwt: [(await page(`${address}.jwt`)).body],
    };
    expect(await told()).toEqual(one);
    expect(one.endorsement[0]).toMatchObject({ credentialSubject: { id: nothing.badge } });
    const outside = await anOutsideEndorsement(nothing.badge, words);
    await agreed(await said((to) => form(to.slice(origin.length), { signed: JSON.stringify(outside) })));
    expect(await told()).toEqual({ ...one, endorsement: [outside, ...one.endorsement] });

    const first = await world.app.inject({ url: list });
    expect(first.headers).toMatchObject({
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
      'x-robots-tag': 'noindex, nofollow',
    });
    const known = { 'if-none-match': String(first.headers.etag) };
    expect((await world.app.inject({ url: list, headers: known })).statusCode).toBe(304);
    await world.call(`POST /api/v1/endorsements/${own}/withdrawal`, { token });
    expect((await world.app.inject({ url: list, headers: known })).json()).toEqual({
      ...nothing,
      endorsement: [outside],
    });

    const unknown = await page('/b/0000000000000000000000000a/endorsements.json', 'application/json');
    await publishing.withdraw(awardIds[0]!, 'test');
    const hidden = await page(list, 'application/json');
    expect([hidden.statusCode, hidden.body]).toEqual([404, unknown.body]);
    await publishing.publish(awardIds[0]!, { withName: false, by: 'test' });
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      publicIds: [badge],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'cli',
    });
    expect(await world.call(`GET ${list}`)).toMatchObject({ status: 410, body: { revoked: true } });
    expect((await page(`/b/${badge}.json`)).headers.link).toBeUndefined();
  });

  it('cannot be forced on us: a fifty-first open question is refused', async () => {
    const open: { open: number }[] = await world.api.query(
      "select count(*)::int as open from endorsement where state in ('asked', 'given')",
    );
    for (let left = 50 - open[0]!.open; left > 0; left -= 1) await ask();
    const { body } = await world.call(`POST ${base}/endorsement-requests`, {
      token,
      body: { target: 'issuer' },
    });
    expect(body.code).toBe('endorsement_too_many_open');
    expect(world.app.get(DecideEndorsement)).toBeInstanceOf(DecideEndorsement);
  });
});
