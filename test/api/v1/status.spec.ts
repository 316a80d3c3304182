import { BadgeReader, ChangeStatus, PublishBadge, PublishStatusLists, reasonsFor } from '#badges';
import { uuid } from '#platform';
import { aFile } from '../../../libs/workshops/src/campaign/world.spec-support.js';
import { aPlannedRoom, origin } from '../../support/issuance-world.js';
import { type ApiWorld, anApiWorld } from './api-world.js';

const acts = { revocation: 'revoke', suspension: 'suspend', reinstatement: 'reinstate' } as const;

describe('taking a badge back', () => {
  let world: ApiWorld;
  let token: string;

  beforeAll(async () => {
    world = await anApiWorld();
    token = await world.token(world.structure);
  }, 180_000);
  afterAll(() => world?.close());

  /** A signed badge that its learner shows. */
  const aShownBadge = async () => {
    const { awardIds } = await aPlannedRoom(world, 1);
    await world.signAll();
    const awardId = awardIds[0]!;
    const address = await new PublishBadge(world.api).publish(awardId, { withName: false, by: 'test' });
    const [row]: [{ list: string; index: number }] = await world.api.query(
      `select l.public_id as list, c.status_index as index from credential c
       join status_list l on l.id = c.status_list_id where c.award_id = $1`,
      [awardId],
    );
    return { awardId, page: `/b/${address}`, ...row };
  };
  const post = (awardId: string, what: string, body: unknown, headers?: Record<string, string>) =>
    world.call(`POST /api/v1/awards/${awardId}/${what}`, { token, body, headers });
  const page = async (url: string, language = 'fr') =>
    (await world.app.inject({ url, headers: { accept: 'text/html', 'accept-language': language } })).body;

  it('shows on its page at the next look, with the date and the class of the reason, in both languages', async () => {
    const badge = await aShownBadge();
    expect(await page(badge.page)).toContain('Badge authentique');
    expect(await post(badge.awardId, 'revocation', { reason: 'fraud' })).toMatchObject({
      status: 200,
      body: { state: 'revoked', reason: 'fraud', version: 1, isListed: false },
    });
    const fr = await page(badge.page);
    expect(fr).toMatch(/Badge retiré/);
    expect(fr).toContain('conditions non remplies');
    expect(await page(badge.page, 'en')).toContain('conditions not met');
    expect(fr).not.toContain('Badge authentique');
  });

  it('tells a suspension apart from a revocation, and lifts it', async () => {
    const badge = await aShownBadge();
    await post(badge.awardId, 'suspension', { reason: 'under_review' });
    const suspended = await page(badge.page);
    expect(suspended).toContain('Badge suspendu');
    expect(suspended).toContain('Il ne compte pas pour le moment.');
    expect(suspended).not.toContain('Badge retiré');
    expect(await post(badge.awardId, 'reinstatement', { reason: 'review_closed' })).toMatchObject({
      status: 200,
      body: { state: 'active', since: null, reason: null, version: 2 },
    });
    expect(await page(badge.page)).toContain('Badge authentique');
  });

  it('leads to the badge that replaces it, once its learner shows that one', async () => {
    const [old, newer] = [await aShownBadge(), await aShownBadge()];
    await world.api.query(
      'delete from publication where credential_id in (select id from credential where award_id = $1)',
      [newer.awardId],
    );
    const ids: { id: string; award_id: string }[] = await world.api.query(
      'select id, award_id from credential where award_id = any($1)',
      [[old.awardId, newer.awardId]],
    );
    const idOf = (awardId: string) => ids.find((row) => row.award_id === awardId)!.id;
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [idOf(old.awardId)],
      change: 'supersede',
      reasonClass: 'superseded',
      by: 'client:test',
      replacedBy: new Map([[idOf(old.awardId), idOf(newer.awardId)]]),
    });
    const hidden = await page(old.page);
    expect(hidden).toContain('Badge remplacé');
    expect(hidden).not.toContain(newer.page);
    await new PublishBadge(world.api).publish(newer.awardId, { withName: false, by: 'test' });
    expect(await page(old.page)).toContain(`href="${newer.page}"`);
  });

  it('is kept with who did it, what and when', async () => {
    const badge = await aShownBadge();
    await post(badge.awardId, 'suspension', { reason: 'under_review' });
    await post(badge.awardId, 'revocation', { reason: 'learner_request' });
    const { body } = await world.call(`GET /api/v1/awards/${badge.awardId}/status`, { token });
    expect(body.history).toEqual([
      expect.objectContaining({ change: 'suspend', from: 'active', to: 'suspended', version: 1 }),
      expect.objectContaining({ change: 'revoke', from: 'suspended', to: 'revoked', version: 2 }),
    ]);
    for (const { by } of body.history) expect(by).toMatch(/^client:/);
  });

  it('is refused with a stable code when it cannot be', async () => {
    const badge = await aShownBadge();
    expect(await post(badge.awardId, 'reinstatement', { reason: 'review_closed' })).toMatchObject({
      status: 409,
      body: { code: 'credential_not_suspended' },
    });
    expect(
      await post(badge.awardId, 'suspension', { reason: 'under_review', expectedVersion: 3 }),
    ).toMatchObject({ status: 409, body: { code: 'status_changed_meanwhile' } });
    await post(badge.awardId, 'revocation', { reason: 'issued_in_error' });
    expect(await post(badge.awardId, 'reinstatement', { reason: 'review_closed' })).toMatchObject({
      status: 409,
      body: { code: 'credential_revoked' },
    });
    for (const body of [{}, { reason: 'he lied' }, { reason: 'fraud', note: 'he lied' }])
      expect(await post(badge.awardId, 'revocation', body)).toMatchObject({
        status: 400,
        body: { code: 'invalid_input' },
      });
  });

  it('takes the reasons of its act alone, and names them when it is another', async () => {
    const badge = await aShownBadge();
    for (const [what, reason] of [
      ['revocation', 'review_closed'],
      ['revocation', 'under_review'],
      ['revocation', 'superseded'],
      ['suspension', 'review_closed'],
      ['suspension', 'key_compromised'],
      ['reinstatement', 'fraud'],
    ] as const) {
      const allowed = reasonsFor[acts[what]];
      expect(await post(badge.awardId, what, { reason })).toMatchObject({
        status: 400,
        body: {
          code: 'invalid_input',
          faults: [{ path: '/reason', message: `must be one of ${JSON.stringify(allowed)}` }],
        },
      });
    }
    expect((await world.call(`GET /api/v1/awards/${badge.awardId}/status`, { token })).body.version).toBe(0);
    for (const reason of reasonsFor.suspend)
      for (const lifted of reasonsFor.reinstate) {
        expect((await post(badge.awardId, 'suspension', { reason })).status).toBe(200);
        expect((await post(badge.awardId, 'reinstatement', { reason: lifted })).status).toBe(200);
      }
  });

  it('tells in the description of the API which reasons each act takes', async () => {
    const { paths, components } = (await world.app.inject({ url: '/api/v1/openapi.json' })).json();
    const whole = (schema: { $ref?: string }) =>
      schema.$ref ? components.schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
    for (const [what, act] of Object.entries(acts)) {
      const { schema } = paths[`/api/v1/awards/{id}/${what}`].post.requestBody.content['application/json'];
      expect(whole(whole(schema).properties.reason).enum).toEqual(reasonsFor[act]);
    }
  });

  it('reads what was done before with a reason that its act no longer takes', async () => {
    const badge = await aShownBadge();
    const [{ id }]: [{ id: string }] = await world.api.query(
      'select id from credential where award_id = $1',
      [badge.awardId],
    );
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [id],
      change: 'revoke',
      reasonClass: 'review_closed',
      by: 'client:test',
    });
    const { body } = await world.call(`GET /api/v1/awards/${badge.awardId}/status`, { token });
    expect(body).toMatchObject({ state: 'revoked', reason: 'review_closed' });
    expect(await page(badge.page, 'en')).toContain('check completed');
  });

  it('is for good whatever its reason: the same register, imported again, does not give it anew', async () => {
    const base = `/api/v1/organisations/${world.structure.slug}`;
    const names = ['INVENTÉ', 'SPÉCIMEN', 'MODÈLE', 'EXEMPLE', 'FICTIF'];
    const send = async (body: Buffer) => {
      const { digest } = (await world.call(`POST ${base}/campaign-analyses`, { token, body })).body;
      return (await world.call(`POST ${base}/campaign-imports?expectedDigest=${digest}`, { token, body }))
        .body;
    };
    const known: string[] = [];
    for (const [index, reason] of reasonsFor.revoke.entries()) {
      const body = aFile([{ 'N° séance': `R${index}`, Nom: names[index]! }]);
      expect(await send(body)).toMatchObject({ state: 'imported', awards: { planned: { 'B-CE-1': 1 } } });
      await world.signAll();
      const rows: { id: string }[] = await world.api.query(
        'select id from award where organisation_id = $1 and id <> all($2) order by id desc limit 1',
        [world.structure.id, known],
      );
      const awardId = rows[0]!.id;
      known.push(awardId);
      expect((await post(awardId, 'revocation', { reason })).status).toBe(200);
      expect((await world.call(`GET /api/v1/awards/${awardId}`, { token })).body.state).toBe('revoked');
      expect(await send(body)).toMatchObject({ state: 'already_imported', awards: { planned: {} } });
    }
  });

  it('answers a stranger’s client as for an unknown award', async () => {
    const badge = await aShownBadge();
    const foreign = await world.token(world.otherStructure);
    for (const id of [badge.awardId, uuid()])
      for (const what of ['revocation', 'suspension', 'reinstatement'])
        expect(
          await world.call(`POST /api/v1/awards/${id}/${what}`, {
            token: foreign,
            body: { reason: 'learner_request' },
          }),
        ).toMatchObject({ status: 404, body: { code: 'award_not_found' } });
    expect((await world.call(`GET /api/v1/awards/${badge.awardId}/status`, { token })).body.version).toBe(0);
  });

  it('happens once however often a request is repeated', async () => {
    const badge = await aShownBadge();
    const key = { 'idempotency-key': uuid() };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => post(badge.awardId, 'revocation', { reason: 'fraud' }, key)),
    );
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    const { body } = await world.call(`GET /api/v1/awards/${badge.awardId}/status`, { token });
    expect(body.history).toHaveLength(1);
  });

  describe('in the signed list', () => {
    const list = (id: string, headers: Record<string, string> = {}, query = '') =>
      world.app.inject({ url: `/status/${id}${query}`, headers });

    it('is told as the kept bytes, with a strong ETag, for less than a minute, without a cookie', async () => {
      const badge = await aShownBadge();
      const answer = await list(badge.list, { 'accept-encoding': 'gzip, br' });
      const kept = await new BadgeReader(world.api).statusList(badge.list);
      expect(answer.body).toBe(kept!.document);
      expect(answer.headers.etag).toMatch(/^"[0-9a-f]{40}-vc"$/);
      expect(answer.headers['cache-control']).toBe(
        'public, max-age=50, s-maxage=2, stale-if-error=129600, no-transform',
      );
      expect(answer.headers['content-type']).toBe('application/vc');
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      for (const name of ['set-cookie', 'content-encoding', 'vary'])
        expect(answer.headers[name]).toBeUndefined();
      const again = await list(badge.list, { 'if-none-match': String(answer.headers.etag) });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    });

    it('is the same for every badge of the list: the status asks for no address of one badge (T-43)', async () => {
      const [one, two] = [await aShownBadge(), await aShownBadge()];
      expect(one.list).toBe(two.list);
      const credential = JSON.parse((await world.app.inject({ url: `${one.page}.json` })).body);
      const { statusListCredential, statusListIndex } = credential.credentialStatus;
      expect(statusListCredential).toBe(`${origin}/status/${one.list}`);
      expect(statusListIndex).toBe(String(one.index));
      const plain = await list(one.list);
      const indexed = await list(one.list, {}, `?index=${one.index}`);
      expect([indexed.body, indexed.headers.etag]).toEqual([plain.body, plain.headers.etag]);
    });

    it('tells suspensions apart from revocations beside it, also for badges that nobody is shown', async () => {
      const [revoked, suspended, lifted] = [await aShownBadge(), await aShownBadge(), await aShownBadge()];
      const document = async ({ page: address }: { page: string }) =>
        JSON.parse((await world.app.inject({ url: `${address}.json` })).body);
      const documents = await Promise.all([revoked, suspended, lifted].map(document));
      await post(revoked.awardId, 'revocation', { reason: 'fraud' });
      for (const one of [suspended, lifted])
        await post(one.awardId, 'suspension', { reason: 'under_review' });
      const lists = new PublishStatusLists(world.worker, world.keyStore, origin);
      for (let i = 0; i < 1_000 && (await lists.publishDue()) === 0; i += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      await post(lifted.awardId, 'reinstatement', { reason: 'review_closed' });
      for (const { awardId } of [revoked, suspended, lifted])
        await new PublishBadge(world.api).withdraw(awardId, 'test');
      const beside = await list(`${suspended.list}/suspended`);
      expect(beside.json().suspended).toContain(suspended.index);
      expect(beside.json().lifted).toContain(lifted.index);
      expect([...beside.json().suspended, ...beside.json().lifted]).not.toContain(revoked.index);
      expect(beside.headers['cache-control']).toBe('public, max-age=5, stale-if-error=129600');
      const codes = await Promise.all(
        documents.map(async (credential) => {
          const { body } = await world.call('POST /api/v1/verifications', { token, body: { credential } });
          const status = body.checks.find(({ name }: { name: string }) => name === 'status');
          return [body.verdict, status.code];
        }),
      );
      expect(codes).toEqual([
        ['withdrawn', 'revoked'],
        ['withdrawn', 'suspended'],
        ['cannot_check', 'status_changing'],
      ]);
      expect((await list(`${'0'.repeat(26)}/suspended`)).statusCode).toBe(404);
    });

    it('has other bytes and another ETag after a revocation', async () => {
      const badge = await aShownBadge();
      const before = await list(badge.list);
      await post(badge.awardId, 'revocation', { reason: 'issued_in_error' });
      const lists = new PublishStatusLists(world.worker, world.keyStore, origin);
      for (let i = 0; i < 1_000 && (await lists.publishDue()) === 0; i += 1)
        await new Promise((resolve) => setTimeout(resolve, 100));
      const after = await list(badge.list, { 'if-none-match': String(before.headers.etag) });
      expect(after.statusCode).toBe(200);
      expect(after.headers.etag).not.toBe(before.headers.etag);
      const { body } = await world.call(`GET /api/v1/awards/${badge.awardId}/status`, { token });
      expect(body.isListed).toBe(true);
      const report = await world.call('POST /api/v1/verifications', {
        token,
        body: { credential: JSON.parse((await world.app.inject({ url: `${badge.page}.json` })).body) },
      });
      expect(report.body.verdict).toBe('withdrawn');
    });
  });
});
