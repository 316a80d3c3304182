import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ChangeStatus, PublishBadge, TooYoungToPublish } from '#badges';
import { publicId } from '#platform';
import { anApiApp } from '../support/api-app.js';
import {
  anIssuanceWorld,
  aPerson,
  aPlannedRoom,
  aSession,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';

describe('what strangers see', () => {
  let world: IssuanceWorld;
  let app: NestFastifyApplication;
  let publishing: PublishBadge;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    app = await anApiApp(world);
    publishing = new PublishBadge(world.api);
  });
  afterAll(async () => {
    await app?.close();
    await world?.close();
  });

  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  const html = { accept: 'text/html' };

  /** A signed badge of one person; shown when asked. */
  const aBadge = async (given: { name?: string; publish?: boolean; withName?: boolean } = {}) => {
    const person = await aPerson(
      world.api,
      world.structure.id,
      given.name ?? `Lou EXEMPLE${publicId().slice(0, 6)}`,
    );
    await aSession(world, { people: [person] });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await world.signCredentials.run(outboxIds[0]!);
    const [row]: [{ public_id: string; document: string; jwt: string; status_list_id: string }] =
      await world.api.query(
        'select public_id, signed_document(credential) as document, signed_jwt(credential) as jwt, status_list_id from credential where award_id = $1',
        [awardIds[0]],
      );
    if (given.publish ?? true)
      await publishing.publish(awardIds[0]!, { withName: given.withName ?? false, by: 'test' });
    return { awardId: awardIds[0]!, url: `/b/${row.public_id}`, ...row };
  };

  it('is the same for a private, an unknown and a malformed address', async () => {
    const hidden = await aBadge({ publish: false });
    for (const accept of ['text/html', 'application/ld+json', 'application/vc+jwt', '*/*']) {
      const answers = await Promise.all(
        [hidden.url, `${hidden.url}.json`, `/b/${publicId()}`, '/b/nonsense', `/b/${'z'.repeat(60)}`].map(
          (url) => get(url, { accept }),
        ),
      );
      const faces = answers.map(
        ({ statusCode, body, headers: { date: _d, 'x-correlation-id': _c, ...headers } }) =>
          JSON.stringify({ statusCode, body, headers }),
      );
      expect(answers[0]!.statusCode).toBe(404);
      expect(new Set(faces).size).toBe(1);
      expect(answers[0]!.headers['cache-control']).toBe('private, no-store');
    }
  });

  it('is nothing of a badge that was planned but not signed', async () => {
    const { awardIds } = await aPlannedRoom(world, 1);
    await expect(publishing.publish(awardIds[0]!, { withName: true, by: 'test' })).rejects.toMatchObject({
      code: 'award_not_issued',
    });
  });

  it('is the signed bytes, the JWT or a page, by negotiation at one address', async () => {
    const badge = await aBadge();
    const json = await get(badge.url, { accept: 'application/ld+json' });
    const jwt = await get(badge.url, { accept: 'application/vc+jwt' });
    const page = await get(badge.url, html);
    expect([json.body, jwt.body]).toEqual([badge.document, badge.jwt]);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect([json, jwt, page].map((answer) => answer.headers.vary)).toEqual(
      Array(3).fill('Accept, Accept-Language'),
    );
    expect(new Set([json, jwt, page].map((answer) => answer.headers.etag)).size).toBe(3);
    expect((await get(`${badge.url}.json`)).body).toBe(badge.document);
    expect((await get(`${badge.url}.jwt`)).body).toBe(badge.jwt);
  });

  it('has a strong ETag that answers "not modified"', async () => {
    const badge = await aBadge();
    const { etag } = (await get(badge.url)).headers;
    expect(etag).toMatch(/^"[^"]+"$/);
    const again = await get(badge.url, { 'if-none-match': `"other", ${etag}` });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  });

  it('says in French or English that the badge is authentic, without any script', async () => {
    const { url } = await aBadge();
    const fr = await get(url, { ...html, 'accept-language': 'fr' });
    const en = await get(`${url}?lang=en`, html);
    expect(fr.body).toContain('Badge authentique');
    expect(en.body).toContain('Authentic badge');
    for (const { body, headers } of [fr, en]) {
      expect(body).not.toMatch(/<script/i);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'/);
      expect(headers['x-robots-tag']).toBe('noindex, nofollow');
    }
  });

  it('has the name only when the learner shows it, and then escaped', async () => {
    const quiet = await aBadge({ name: 'Amina TÉMOIN' });
    expect((await get(quiet.url, html)).body).not.toContain('TÉMOIN');
    const open = await aBadge({ name: 'Zoé <img src=x onerror=alert(1)>', withName: true });
    const { body } = await get(open.url, html);
    expect(body).toContain('Zoé &lt;img');
    expect(body).not.toContain('<img src=x');
  });

  it('is gone at the next look when the learner hides the badge', async () => {
    const badge = await aBadge();
    expect((await get(badge.url)).statusCode).toBe(200);
    await publishing.withdraw(badge.awardId, 'test');
    expect((await get(badge.url)).statusCode).toBe(404);
  });

  it('is what counts now for whoever holds the signed badge, shown or hidden, revoked or not', async () => {
    const badge = await aBadge({ publish: false });
    const { refreshService } = JSON.parse(badge.document) as { refreshService: { id: string } };
    expect(refreshService).toEqual({
      id: expect.stringMatching(new RegExp(`^${origin}/refresh/${badge.public_id}/[0-9a-f]{32}$`)),
      type: '1EdTechCredentialRefresh',
    });
    const url = new URL(refreshService.id).pathname;
    const json = await get(url);
    expect([json.body, (await get(url, { accept: 'application/vc+jwt' })).body]).toEqual([
      badge.document,
      badge.jwt,
    ]);
    expect(json.headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/ld\+json/),
      'cache-control': 'no-cache',
      'access-control-allow-origin': '*',
      'x-robots-tag': 'noindex, nofollow',
      vary: 'Accept',
    });
    expect(json.headers.link).toBeUndefined();
    const known = await get(url, { 'if-none-match': String(json.headers.etag) });
    const head = await app.inject({ method: 'HEAD', url });
    expect([known.statusCode, head.statusCode, head.body]).toEqual([304, 200, '']);
    expect((await get(badge.url)).statusCode).toBe(404);
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      publicIds: [badge.public_id],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'client:test',
    });
    expect((await get(url)).body).toBe(badge.document);
  });

  it('says nothing of a badge to who does not hold it, nor at the address of another', async () => {
    const [one, other] = [await aBadge(), await aBadge({ publish: false })];
    const secretOf = ({ document }: { document: string }): string =>
      (JSON.parse(document) as { refreshService: { id: string } }).refreshService.id.slice(-32);
    expect(secretOf(one)).not.toBe(secretOf(other));
    const answers = await Promise.all(
      [
        `${one.public_id}/${secretOf(other)}`,
        `${other.public_id}/${secretOf(other).toUpperCase().replace(/\d/g, 'A')}`,
        `${publicId()}/${secretOf(one)}`,
        `${one.public_id}/nonsense`,
        `nonsense/${secretOf(one)}`,
      ].map((path) => get(`/refresh/${path}`)),
    );
    const faces = answers.map(
      ({ statusCode, body, headers: { date: _d, 'x-correlation-id': _c, ...rest } }) =>
        JSON.stringify({ statusCode, body, rest }),
    );
    expect([answers[0]!.statusCode, new Set(faces).size]).toEqual([404, 1]);
    expect((await get(one.url, html)).body).not.toContain(secretOf(one));
  });

  it('says "withdrawn" as soon as our own register does', async () => {
    const badge = await aBadge();
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      publicIds: [badge.public_id],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'client:test',
    });
    const { body } = await get(badge.url, html);
    expect(body).not.toContain('Badge authentique');
    expect(body).toMatch(/Badge retiré/);
  });

  it('never says "authentic" when the status list cannot be read', async () => {
    const badge = await aBadge();
    const [{ document }]: [{ document: string }] = await world.api.query(
      'select document from status_list where id = $1',
      [badge.status_list_id],
    );
    await world.api.query('update status_list set document = null where id = $1', [badge.status_list_id]);
    const { body } = await get(badge.url, html);
    await world.api.query('update status_list set document = $2 where id = $1', [
      badge.status_list_id,
      document,
    ]);
    expect(body).not.toContain('Badge authentique');
    expect((await get(badge.url, html)).body).toContain('Badge authentique');
  });

  it.each([
    `payload = replace(payload, 'Atelier Exemple', 'Autre Atelier')`,
    `payload = ''`,
    `proof = replace(proof, '"proofValue":"z', '"proofValue":"z2')`,
    `document = replace(signed_document(credential), 'Atelier Exemple', 'Autre Atelier')`,
  ])('never says "authentic" of what somebody altered in the database: %s', async (assignment) => {
    const badge = await aBadge();
    expect((await get(badge.url, html)).body).toContain('Badge authentique');
    await world.api.query(`update credential set ${assignment} where public_id = $1`, [badge.public_id]);
    const { statusCode, body } = await get(badge.url, html);
    expect(statusCode).toBe(200);
    expect(body).not.toContain('Badge authentique');
  });

  it('has a card for other sites while it stands and is shown, the 404 of everything else otherwise', async () => {
    const badge = await aBadge({ withName: true, name: 'Séan PREVIEW' });
    const page = (await get(badge.url, html)).body;
    const card = /property="og:image" content="([^"]+)"/.exec(page)![1]!;
    expect(card).toBe(`${origin}${badge.url}/card.png?lang=fr`);
    expect(page).toContain('name="twitter:card" content="summary_large_image"');
    const answer = await get(new URL(card).pathname);
    expect(answer.headers['content-type']).toBe('image/png');
    expect(answer.headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(answer.rawPayload.readUInt32BE(16)).toBe(1200);
    expect(answer.rawPayload.readUInt32BE(20)).toBe(630);
    expect(answer.rawPayload.length).toBeLessThan(300_000);
    const again = await get(`${badge.url}/card.png`, { 'if-none-match': String(answer.headers.etag) });
    expect(again.statusCode).toBe(304);
    const unknown = await get(`/b/${publicId()}/card.png`);
    const hidden = await get(`${(await aBadge({ publish: false })).url}/card.png`);
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      publicIds: [badge.public_id],
      change: 'suspend',
      reasonClass: 'under_review',
      by: 'client:test',
    });
    for (const gone of [hidden, await get(`${badge.url}/card.png`), await get('/b/nonsense/card.png')])
      expect([gone.statusCode, gone.body]).toEqual([404, unknown.body]);
  });

  it('is not a child: nobody under 15 can publish', async () => {
    const year = new Date().getUTCFullYear() - 14;
    const person = await aPerson(world.api, world.structure.id, 'Petite EXEMPLE', year);
    await aSession(world, { people: [person] });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await world.signCredentials.run(outboxIds[0]!);
    await expect(publishing.publish(awardIds[0]!, { withName: false, by: 'test' })).rejects.toThrow(
      TooYoungToPublish,
    );
  });

  it('is everything the badge points at: achievement, pictures, issuer, keys, status list', async () => {
    const badge = await aBadge();
    const credential = JSON.parse(badge.document) as {
      issuer: { id: string };
      proof: { verificationMethod: string }[];
      credentialStatus: { statusListCredential: string };
      credentialSubject: { achievement: { id: string; image: { id: string } } };
    };
    const path = (url: string) => new URL(url).pathname;
    const { achievement } = credential.credentialSubject;
    const json = await get(path(achievement.id), { accept: 'application/ld+json' });
    expect(json.json()).toMatchObject({ id: achievement.id, type: ['Achievement'] });
    expect((await get(path(achievement.id), html)).body).toContain('La prise en main');
    expect((await get(path(achievement.image.id))).rawPayload.subarray(1, 4).toString()).toBe('PNG');
    expect((await get(`${path(achievement.id)}/image.svg`)).headers['content-type']).toContain(
      'image/svg+xml',
    );
    const list = await get(path(credential.credentialStatus.statusListCredential));
    expect(list.json()).toMatchObject({ type: ['VerifiableCredential', 'BitstringStatusListCredential'] });
    const issuer = `/issuers/${world.structure.slug}`;
    const did = (await get(`${issuer}/did.json`)).json() as { id: string; assertionMethod: string[] };
    expect(did.id).toBe(credential.issuer.id);
    expect(did.assertionMethod).toContain(credential.proof[0]!.verificationMethod);
    const { kid } = JSON.parse(Buffer.from(badge.jwt.split('.')[0]!, 'base64url').toString()) as {
      kid: string;
    };
    expect((await get(path(kid))).json()).toMatchObject({ kty: 'RSA', kid });
    expect((await get(`${issuer}/jwks.json`)).json()).toMatchObject({
      keys: expect.arrayContaining([expect.objectContaining({ kid })]),
    });
    expect((await get(issuer, html)).body).toContain('Atelier Exemple');
    for (const face of [did, (await get(`${issuer}/jwks.json`)).json()])
      expect(JSON.stringify(face)).not.toMatch(/"d":/);
  });

  it('is the frameworks, for people and as JSON', async () => {
    expect((await get('/frameworks', html)).body).toContain('DigComp');
    expect((await get('/frameworks/crcn/2019', html)).body).toContain('Information et données');
    expect((await get('/frameworks/crcn/2019/5.2?lang=en', html)).body).toContain(
      'Getting started with the computer',
    );
    expect((await get('/frameworks/crcn/2019/3.2', html)).body).not.toContain('/achievements/');
    expect((await get('/frameworks/crcn/2019/5.2')).json()).toMatchObject({
      CFItem: { humanCodingScheme: '5.2' },
    });
    expect((await get('/frameworks/crcn/1900', html)).statusCode).toBe(404);
  });
});
