import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Resvg } from '@resvg/resvg-js';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { compactVerify, importSPKI } from 'jose';
import jsonld from 'jsonld';
import extractChunks from 'png-chunks-extract';
import { PNG } from 'pngjs';
import {
  ChangeStatus,
  PublishBadge,
  SignOb2Editions,
  type StatusChangeKind,
  type StatusReason,
} from '#badges';
import { unbakeAll } from '#baking';
import { createApiClient } from '#people';
import { projectFile, publicId } from '#platform';
import { bundledContexts } from '#signing';
import { Ob2Worker } from '../../apps/worker/src/ob2-worker.js';
import { anApiApp } from '../support/api-app.js';
import {
  anIssuanceWorld,
  aPerson,
  aSession,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';

type Json = Record<string, unknown>;

interface JsonLd {
  expand(document: Json, options: { documentLoader: unknown; safe: true }): Promise<unknown[]>;
}

/** What a judge of others reads: the schemas of Open Badges 1.1, which is what 2.0 has of official ones. */
function official(name: 'issuer' | 'badgeclass'): (value: unknown) => string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  const { $schema: _draft, ...schema } = JSON.parse(
    readFileSync(projectFile('schemas', 'standards', 'ob-v1p1', `${name}.json`), 'utf8'),
  ) as Json;
  const check = ajv.compile(schema);
  return (value) => (check(value) ? [] : (check.errors ?? []).map((e) => `${e.instancePath} ${e.message}`));
}

describe('the other forms of a badge', () => {
  let world: IssuanceWorld;
  let app: NestFastifyApplication;
  let worker: Ob2Worker;
  let publishing: PublishBadge;
  let token: string;
  let slug: string;

  beforeAll(async () => {
    world = await anIssuanceWorld();
    slug = world.structure.slug;
    app = await anApiApp(world);
    publishing = new PublishBadge(world.api);
    worker = new Ob2Worker(new SignOb2Editions(world.worker, world.keyStore, origin));
    worker.onApplicationBootstrap();
    await emailOfIssuer('contact@structure.example');
    const { clientId, secret } = await createApiClient(world.api.manager, {
      organisationId: world.structure.id,
      name: 'forms',
      scopes: ['award:read', 'publication:write', 'organisation:write'],
    });
    const answer = await app.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: {
        authorization: `Basic ${btoa(`${clientId}:${secret}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      payload: 'grant_type=client_credentials',
    });
    token = answer.json<{ access_token: string }>().access_token;
  });
  afterAll(async () => {
    await worker?.onApplicationShutdown();
    await app?.close();
    await world?.close();
  });

  const emailOfIssuer = (email: string | null) =>
    world.api.query('update organisation set email = $2 where id = $1', [world.structure.id, email]);
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ url: url.replace(origin, ''), headers });
  /** As a client does: comes back while it is told that the signed form is being made. */
  const signedForm = async ({ url }: { url: string }) => {
    for (let tries = 0; ; tries += 1) {
      const answer = await get(`${url}/ob2.jws`);
      if (answer.statusCode !== 503 || tries === 8) return answer;
      expect(answer.headers['retry-after']).toBe('5');
    }
  };
  const json = async (url: string) => (await get(url)).json<Json>();
  const call = (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) =>
    app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, payload });

  const aBadge = async (isShown = true) => {
    const person = await aPerson(world.api, world.structure.id, `Lou EXEMPLE${publicId().slice(0, 6)}`);
    await aSession(world, { people: [person] });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await world.signCredentials.run(outboxIds[0]!);
    const [row]: [{ id: string; public_id: string; document: string }] = await world.api.query(
      'select id, public_id, signed_document(credential) as document from credential where award_id = $1',
      [awardIds[0]],
    );
    if (isShown) await publishing.publish(awardIds[0]!, { withName: false, by: 'test' });
    return { awardId: awardIds[0]!, url: `${origin}/b/${row.public_id}`, credentialId: row.id, ...row };
  };
  const change = (credentialId: string, kind: StatusChangeKind, reasonClass: StatusReason) =>
    new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [credentialId],
      change: kind,
      reasonClass,
      by: 'cli',
    });

  /** Every statement of the document has a meaning in the Open Badges 2.0 context. */
  const expanded = (document: Json) =>
    (jsonld as unknown as JsonLd).expand(document, { documentLoader: bundledContexts.loader, safe: true });

  it('link to each other in Open Badges 2.0: assertion, class, issuer, key, each at the address that is its id', async () => {
    const badge = await aBadge();
    const assertion = await json(`${badge.url}/ob2.json`);
    const badgeClass = await json(assertion.badge as string);
    const issuer = await json(badgeClass.issuer as string);
    const list = await json(issuer.revocationList as string);
    const key = await json([issuer.publicKey].flat()[0] as string);
    expect([assertion, badgeClass, issuer, list, key].map(({ id, type }) => [type, id])).toEqual([
      ['Assertion', `${badge.url}/ob2.json`],
      ['BadgeClass', assertion.badge],
      ['Profile', badgeClass.issuer],
      ['RevocationList', issuer.revocationList],
      ['CryptographicKey', [issuer.publicKey].flat()[0]],
    ]);
    expect(key.owner).toBe(issuer.id);
    expect(list.issuer).toBe(issuer.id);
    for (const document of [assertion, badgeClass, issuer, list, key])
      expect(await expanded(document)).toHaveLength(1);
    const word = (name: string) => `https://w3id.org/openbadges#${name}`;
    const [read] = (await expanded(assertion)) as [Record<string, Json[]>];
    expect([read['@id'], read[word('badge')]]).toEqual([assertion.id, [{ '@id': assertion.badge }]]);
    expect(read[word('recipient')]![0]![word('identityHash')]).toEqual([
      { '@value': (assertion.recipient as Json).identity },
    ]);
    expect(read[word('verify')]![0]!['@type']).toContain(word('HostedBadge'));
    expect(read[word('issueDate')]).toEqual([expect.objectContaining({ '@value': assertion.issuedOn })]);
    expect(official('issuer')(issuer)).toEqual([]);
    // Version 2.0 made criteria an object and gave alignments longer names; the rest is as it was.
    const asIn11 = {
      ...badgeClass,
      criteria: (badgeClass.criteria as Json).id,
      alignment: (badgeClass.alignment as Json[]).map((one) => ({
        name: one.targetName,
        url: one.targetUrl,
      })),
    };
    expect(official('badgeclass')(asIn11)).toEqual([]);
    expect(official('issuer')({ ...issuer, url: 'nowhere' })).not.toEqual([]);
    expect(assertion).toMatchObject({
      recipient: { type: 'url', hashed: false, identity: expect.stringMatching(/^urn:uuid:/) },
      verification: { type: 'HostedBadge' },
      issuedOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      image: `${badge.url}.png`,
      related: [{ id: badge.url, version: 'Open Badges v3p0' }],
    });
    expect((await get(badgeClass.image as string)).headers['content-type']).toBe('image/png');
  });

  it('answer JSON-LD, JSON alone when nothing else is accepted, and lead people to the page', async () => {
    const { url } = await aBadge();
    const typeFor = async (accept?: string) => {
      const answer = await get(`${url}/ob2.json`, accept ? { accept } : {});
      return answer.headers.location ?? String(answer.headers['content-type']).split(';')[0];
    };
    expect(await typeFor()).toBe('application/ld+json');
    expect(await typeFor('*/*')).toBe('application/ld+json');
    expect(await typeFor('application/json')).toBe('application/json');
    expect(await typeFor('application/ld+json, application/json;q=0.9')).toBe('application/ld+json');
    expect(await typeFor('text/html,application/xhtml+xml,*/*;q=0.8')).toBe(url.replace(origin, ''));
    const { headers } = await get(`${url}/ob2.json`);
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-cache' });
    const again = await get(`${url}/ob2.json`, { 'if-none-match': headers.etag as string });
    expect(again.statusCode).toBe(304);
  });

  it('are signed once for all who ask, with the key that the issuer lists', async () => {
    const badge = await aBadge();
    const answers = await Promise.all([1, 2, 3].map(() => signedForm(badge)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect((await signedForm(badge)).body).toBe(answers[0]!.body);
    const [kept]: [{ count: number; events: number }] = await world.worker.query(
      `select count(*)::int, (select count(*)::int from audit_event where action = 'credential.signed_as_jws'
         and subject->>'credentialId' = $2) as events from ob2_edition where award_id = $1`,
      [badge.awardId, badge.credentialId],
    );
    expect(kept).toEqual({ count: 1, events: 1 });
    const payload = JSON.parse(
      Buffer.from(answers[0]!.body.split('.')[1]!, 'base64url').toString(),
    ) as Json & { verification: { creator: string } };
    const key = await json(payload.verification.creator);
    const { protectedHeader } = await compactVerify(
      answers[0]!.body,
      await importSPKI(key.publicKeyPem as string, 'RS256'),
    );
    expect(protectedHeader).toEqual({ alg: 'RS256' });
    const issuer = await json((await json(payload.badge as string)).issuer as string);
    expect([issuer.publicKey].flat()).toContain(key.id);
    expect(payload).toMatchObject({
      id: expect.stringMatching(/^urn:uuid:/),
      verification: { type: 'SignedBadge' },
    });
    expect(await expanded(payload)).toHaveLength(1);
    const another = importSPKI((await json(payload.verification.creator)).publicKeyPem as string, 'RS256');
    await expect(compactVerify(`${answers[0]!.body.slice(0, -6)}AAAAAA`, await another)).rejects.toThrow();
  });

  it('are bound to an e-mail address at the learner’s wish, which only its hash tells', async () => {
    const badge = await aBadge();
    const unbound = (await signedForm(badge)).body;
    const bound = await call('PUT', `/api/v1/awards/${badge.awardId}/recipient`, {
      email: '  Lou@Example.ORG ',
    });
    expect(bound.statusCode).toBe(204);
    const { recipient } = (await json(`${badge.url}/ob2.json`)) as { recipient: Record<string, string> };
    const digest = createHash('sha256').update(`lou@example.org${recipient.salt}`, 'utf8').digest('hex');
    expect(recipient).toEqual({
      type: 'email',
      hashed: true,
      identity: `sha256$${digest}`,
      salt: recipient.salt,
    });
    expect(recipient.salt).toMatch(/^[0-9a-f]{32}$/);
    const signed = (await signedForm(badge)).body;
    const claims = JSON.parse(Buffer.from(signed.split('.')[1]!, 'base64url').toString()) as Json;
    expect(signed).not.toBe(unbound);
    expect(claims.recipient).toEqual(recipient);
    const rows: unknown[] = await world.worker.query(
      `select from ob2_edition o where o::text ilike '%lou@%' union all
       select from audit_event e where e::text ilike '%lou@%'`,
    );
    expect(rows).toEqual([]);
    const forms = (await call('GET', `/api/v1/awards/${badge.awardId}/forms`)).json<Json>();
    expect(forms).toMatchObject({
      openBadges2: 'available',
      recipient: 'email',
      assertion: `${badge.url}/ob2.json`,
    });
    expect((await call('DELETE', `/api/v1/awards/${badge.awardId}/recipient`)).statusCode).toBe(204);
    expect(await json(`${badge.url}/ob2.json`)).toMatchObject({ recipient: { type: 'url' } });
    const wrong = await call('PUT', `/api/v1/awards/${badge.awardId}/recipient`, { email: 'nobody' });
    expect([wrong.statusCode, wrong.json<Json>().code]).toEqual([422, 'email_malformed']);
  });

  it('are gone with the reason once the badge is revoked, or suspended, and come back when that is lifted', async () => {
    const badge = await aBadge();
    const jws = (await signedForm(badge)).body;
    const { id } = JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as { id: string };
    const listed = async () =>
      ((await json(`/issuers/${slug}/ob2/revoked.json`)).revokedAssertions as { id: string }[]).find(
        (one) => one.id === id,
      );
    const forms = ['/ob2.json', '/ob2.jws', '.png', '.svg'];
    const seen = () => Promise.all(forms.map((form) => get(`${badge.url}${form}`)));
    expect(await listed()).toBeUndefined();
    await change(badge.credentialId, 'suspend', 'under_review');
    for (const answer of await seen()) {
      expect(answer.statusCode).toBe(410);
      expect(answer.json()).toMatchObject({
        id: `${badge.url}/ob2.json`,
        revoked: true,
        revocationReason: 'Suspendu : vérification en cours / Suspended: being checked',
        suspended: true,
      });
    }
    expect(await listed()).toMatchObject({
      revocationReason: expect.stringContaining('Suspended'),
      suspended: true,
    });
    await change(badge.credentialId, 'reinstate', 'review_closed');
    expect((await seen()).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    expect(await listed()).toBeUndefined();
    await change(badge.credentialId, 'revoke', 'issued_in_error');
    for (const answer of await seen())
      expect([answer.statusCode, answer.json<Json>().revocationReason]).toEqual([
        410,
        'Retiré : délivré par erreur / Revoked: issued in error',
      ]);
    expect(await listed()).toEqual({ id, revocationReason: expect.stringContaining('issued in error') });
  });

  it('are pictures with both versions in them, which other programs draw as the badge’s own picture', async () => {
    const badge = await aBadge();
    const png = await get(`${badge.url}.png`);
    const svg = await get(`${badge.url}.svg?lang=en&download`);
    const hosted = (await get(`${badge.url}/ob2.json`)).body;
    for (const { rawPayload } of [png, svg]) {
      const [ob3, ob2] = unbakeAll(rawPayload);
      expect(ob3).toEqual({ version: 'ob3', content: badge.document });
      expect([ob2!.version, JSON.parse(ob2!.content)]).toEqual(['ob2', JSON.parse(hosted)]);
    }
    // As a reader of others sees them: each text to the byte as at its own address.
    const texts = extractChunks(png.rawPayload)
      .filter(({ name }) => name === 'iTXt')
      .map((chunk) => Buffer.from(chunk.data).toString('utf8').split('\0\0\0\0\0'));
    expect(new Map(texts as [string, string][])).toEqual(
      new Map([
        ['openbadges', hosted],
        ['openbadgecredential', (await get(`${badge.url}.json`)).body],
      ]),
    );
    expect(texts).toHaveLength(2);
    const { achievement } = (JSON.parse(badge.document) as { credentialSubject: { achievement: Json } })
      .credentialSubject;
    const plain = PNG.sync.read((await get(`${(achievement.image as Json).id}`)).rawPayload);
    const { width, height, data } = PNG.sync.read(png.rawPayload);
    expect([width, height, data.equals(plain.data)]).toEqual([800, 800, true]);
    expect(new Resvg(svg.body).render().width).toBe(400);
    expect(png.headers).toMatchObject({ 'content-type': 'image/png', 'x-robots-tag': 'noindex, nofollow' });
    expect(png.headers['content-disposition']).toMatch(
      /^inline; filename="[ -~]+\.png"; filename\*=UTF-8''\S+\.png$/,
    );
    expect(svg.headers['content-disposition']).toMatch(/^attachment; filename="[ -~]+\.svg"/);
    const again = await get(`${badge.url}.png`, { 'if-none-match': png.headers.etag as string });
    expect(again.statusCode).toBe(304);
  });

  it('are nothing to strangers while the badge is not shown', async () => {
    const hidden = await aBadge(false);
    for (const form of ['/ob2.json', '/ob2.jws', '.png', '.svg']) {
      const [real, unknown] = await Promise.all([
        get(`${hidden.url}${form}`),
        get(`/b/${publicId()}${form}`),
      ]);
      expect([real.statusCode, real.body]).toEqual([404, unknown.body]);
    }
    const refused = await call('GET', `/api/v1/awards/${hidden.awardId}/forms`);
    expect([refused.statusCode, refused.json<Json>().code]).toEqual([409, 'badge_not_shown']);
    const asked: unknown[] = await world.api.query('select from ob2_edition where award_id = $1', [
      hidden.awardId,
    ]);
    expect(asked).toEqual([]);
  });

  it('are in Open Badges 3.0 alone where the structure has no public address, and the reason is told', async () => {
    const badge = await aBadge();
    await emailOfIssuer(null);
    try {
      for (const url of [`${badge.url}/ob2.json`, `${badge.url}/ob2.jws`, `/issuers/${slug}/ob2.json`]) {
        const answer = await get(url);
        expect([answer.statusCode, answer.json<Json>().code]).toEqual([404, 'issuer_without_email']);
      }
      const forms = (await call('GET', `/api/v1/awards/${badge.awardId}/forms`)).json<Json>();
      expect(forms.openBadges2).toBe('issuer_without_email');
      expect(forms).not.toHaveProperty('assertion');
      expect(unbakeAll((await get(`${badge.url}.png`)).rawPayload).map(({ version }) => version)).toEqual([
        'ob3',
      ]);
      const page = await get(`${badge.url}?lang=en`, { accept: 'text/html' });
      expect(page.body).not.toContain('/ob2.');
    } finally {
      await emailOfIssuer('contact@structure.example');
    }
  });

  it('exist from the moment the structure gives an address, and a new address changes nothing that was signed', async () => {
    const badge = await aBadge();
    await emailOfIssuer(null);
    const issuer = `/api/v1/organisations/${slug}`;
    const give = (email: unknown) => call('PATCH', issuer, { email } as object);
    expect((await get(`${badge.url}/ob2.json`)).statusCode).toBe(404);
    expect((await give('contact@structure.example')).json<Json>()).toMatchObject({
      slug,
      email: 'contact@structure.example',
    });
    const hosted = await get(`${badge.url}/ob2.json`);
    const signed = await signedForm(badge);
    expect([hosted.statusCode, signed.statusCode]).toEqual([200, 200]);
    const page = await get(`/issuers/${slug}?lang=en`, { accept: 'text/html' });
    expect(page.body).toContain('href="mailto:contact@structure.example"');
    const profile = await get(`/issuers/${slug}/ob2.json?download`, { accept: 'text/html' });
    expect(profile.json<Json>()).toMatchObject({ type: 'Profile', email: 'contact@structure.example' });

    await give('Accueil@structure.example');
    expect(await json(`/issuers/${slug}/ob2.json`)).toMatchObject({ email: 'accueil@structure.example' });
    expect((await get(`${badge.url}/ob2.json`)).body).toBe(hosted.body);
    expect((await signedForm(badge)).body).toBe(signed.body);

    for (const [email, status] of [
      ['accueil', 400],
      [null, 400],
      ['a@example.t1', 422],
    ] as const)
      expect([email, (await give(email)).statusCode]).toEqual([email, status]);
    const foreign = await call('PATCH', '/api/v1/organisations/programme-exemple', { email: 'a@b.example' });
    expect([foreign.statusCode, foreign.json<Json>().code]).toEqual([404, 'organisation_not_found']);
    expect(await json(`/issuers/${slug}/ob2.json`)).toMatchObject({ email: 'accueil@structure.example' });
    await emailOfIssuer('contact@structure.example');
  });

  it('are named by the achievement of whoever has an address, and name it', async () => {
    const badge = await aBadge();
    const { id } = (JSON.parse(badge.document) as { credentialSubject: { achievement: { id: string } } })
      .credentialSubject.achievement;
    const related = async () =>
      ((await json(`${id}.json`)).related as { id: string; version: string }[]).filter(({ id: one }) =>
        one.includes('/ob2/'),
      );
    const [twin] = await related();
    expect(twin).toMatchObject({ type: ['Related'], version: 'Open Badges v2p0' });
    const badgeClass = await json(twin!.id);
    expect(badgeClass).toMatchObject({ type: 'BadgeClass', id: twin!.id, related: [{ id }] });
    const page = await get(`${id}?lang=en`, { accept: 'text/html' });
    expect(page.body).toContain(`href="${twin!.id.slice(origin.length)}?download"`);
    expect(JSON.stringify(JSON.parse(badge.document))).not.toContain('/ob2/');
    const [{ email }]: [{ email: string }] = await world.api.query(
      `select email from organisation where slug = 'programme-exemple'`,
    );
    const give = (address: string | null) =>
      world.api.query(`update organisation set email = $1 where slug = 'programme-exemple'`, [address]);
    await give(null);
    expect(await related()).toEqual([]);
    await give(email);
  });

  it('are classes only of badges that the issuer may issue', async () => {
    const badge = await aBadge();
    const { badge: address } = await json(`${badge.url}/ob2.json`);
    const own = (address as string).split('/').at(-1)!;
    expect((await get(`/issuers/${slug}/ob2/${own}`)).statusCode).toBe(200);
    for (const file of [`${publicId()}.json`, own.replace('.json', ''), 'x.json'])
      expect((await get(`/issuers/${slug}/ob2/${file}`)).statusCode).toBe(404);
    const [stranger]: [{ slug: string }] = await world.api.query(
      `insert into organisation (id, kind, slug, legal_name, public_name, email)
       values (gen_random_uuid(), 'structure', 'elsewhere', 'Elsewhere', 'Elsewhere', 'a@b.example') returning slug`,
    );
    expect((await get(`/issuers/${stranger.slug}/ob2/${own}`)).statusCode).toBe(404);
  });

  it('are signed anew with another key when the key of the signed form was stolen, by two workers once', async () => {
    const badge = await aBadge();
    const creatorOf = (jws: string) =>
      (
        JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as {
          verification: { creator: string };
        }
      ).verification.creator;
    const stolen = creatorOf((await signedForm(badge)).body);
    const keyId = stolen.split('/').at(-2)!;
    await world.worker.query(
      'update signing_key set compromised_since = now(), compromise_recorded_at = now() where id = $1',
      [keyId],
    );
    expect((await get(stolen)).statusCode).toBe(404);
    const another = new Ob2Worker(new SignOb2Editions(world.worker, world.keyStore, origin));
    another.onApplicationBootstrap();
    try {
      const answers = await Promise.all([1, 2].map(() => signedForm(badge)));
      expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
      expect(answers[0]!.body).toBe(answers[1]!.body);
      const { owner, publicKeyPem } = await json(creatorOf(answers[0]!.body));
      await compactVerify(answers[0]!.body, await importSPKI(publicKeyPem as string, 'RS256'));
      expect(creatorOf(answers[0]!.body)).not.toBe(stolen);
      expect([(await json(owner as string)).publicKey].flat()).not.toContain(stolen);
    } finally {
      await another.onApplicationShutdown();
    }
    const kept: unknown[] = await world.worker.query(
      'select from ob2_edition where award_id = $1 and superseded_at is null and jws is not null',
      [badge.awardId],
    );
    expect(kept).toHaveLength(1);
  });

  it('cannot be written by the wrong process: the api signs nothing, the worker binds nobody', async () => {
    await expect(world.api.query(`update ob2_edition set jws = 'a.b.c', signed_at = now()`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(world.worker.query('update ob2_edition set email_hash = null, salt = null')).rejects.toThrow(
      /permission denied/,
    );
  });
});
