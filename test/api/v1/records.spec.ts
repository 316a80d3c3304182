import { readFileSync } from 'node:fs';
import { compactVerify, importJWK } from 'jose';
import { ChangeStatus, PublishBadge } from '#badges';
import { ajv2019, projectFile } from '#platform';
import type { JsonObject } from '#signing';
import { aPerson, aPlannedRoom, aSession, plan } from '../../support/issuance-world.js';
import { type ApiWorld, anApiWorld, origin } from './api-world.js';

const consent = { on: '2026-11-20', how: 'said' };

describe('records over HTTP', () => {
  let world: ApiWorld;
  let token: string;
  let base: string;
  let publishing: PublishBadge;

  beforeAll(async () => {
    world = await anApiWorld();
    token = await world.token(world.structure);
    base = `/api/v1/organisations/${world.structure.slug}`;
    publishing = new PublishBadge(world.api);
  });
  afterAll(() => world?.close());

  const page = async (url: string, accept: string) => world.app.inject({ url, headers: { accept } });
  const show = (awardId: string) => publishing.publish(awardId, { withName: false, by: 'test' });

  /** Somebody with two badges, both shown. */
  const aLearner = async () => {
    const { people, awardIds } = await aPlannedRoom(world, 1);
    await aSession(world, { people, workshop: 'CE-2' });
    const more = await plan(world, people);
    await world.signAll();
    const awards = [...awardIds, ...more.awardIds];
    for (const award of awards) await show(award);
    return { person: people[0]!, awards };
  };
  const make = (body: object) => world.call(`POST ${base}/records`, { token, body });
  const aRecord = async () => {
    const learner = await aLearner();
    const { status, body } = await make({ ...learner, consent });
    expect(status).toBe(201);
    await world.signAll();
    return { ...learner, id: body.id as string, path: (body.address as string).slice(origin.length) };
  };

  it('gather the chosen badges with their own proofs, valid for 1EdTech’s schema, in both forms', async () => {
    const { path, awards, id } = await aRecord();
    const record = (await page(path, 'application/ld+json')).json() as JsonObject & {
      credentialSubject: { verifiableCredential: JsonObject[] };
    };
    const schema = JSON.parse(
      readFileSync(
        projectFile('schemas', 'standards', 'clr-v2p0', 'clr_v2p0_clrcredential_schema.json'),
        'utf8',
      ),
    ) as object;
    const check = ajv2019().compile(schema);
    check(record);
    expect(check.errors ?? []).toEqual([]);
    expect(record).toMatchObject({ type: ['VerifiableCredential', 'ClrCredential'], partial: true });
    const rows: { document: string }[] = await world.api.query(
      "select signed_document(credential) as document from credential where award_id = any($1) and state = 'signed' order by array_position($1, award_id)",
      [awards],
    );
    expect(record.credentialSubject.verifiableCredential).toEqual(
      rows.map((row) => JSON.parse(row.document)),
    );
    const jwt = (await page(`${path}.jwt`, '*/*')).body;
    const header = JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()) as { kid: string };
    const jwk = (await page(header.kid.slice(origin.length), 'application/json')).json();
    const { payload } = await compactVerify(jwt, await importJWK(jwk, 'RS256'));
    expect(JSON.parse(new TextDecoder().decode(payload))).toMatchObject({ jti: origin + path });
    for (const credential of [record, jwt]) {
      const report = await world.call('POST /api/v1/verifications', { token, body: { credential } });
      const failed = (report.body.checks as { name: string; outcome: string }[]).filter(
        (c) => c.outcome === 'failed',
      );
      expect(failed).toEqual([]);
    }
    const { body } = await world.call(`GET /api/v1/records/${id}`, { token });
    expect(body).toMatchObject({ awards, consent, isShown: true, withdrawnAt: null });
  });

  it('have a page that says which badges stand today', async () => {
    const { path, awards } = await aRecord();
    const before = (await page(`${path}?lang=en`, 'text/html')).body;
    expect(before).toContain('These badges stand today');
    expect(before).not.toContain('do not stand');
    const [credential]: { id: string }[] = await world.api.query(
      'select id from credential where award_id = $1',
      [awards[0]],
    );
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [credential!.id],
      change: 'revoke',
      reasonClass: 'issued_in_error',
      by: 'test',
    });
    expect((await page(`${path}?lang=en`, 'text/html')).body).toContain('These badges do not stand any more');
  });

  it('take no badge that is hidden, revoked, of somebody else or not signed', async () => {
    const { person, awards } = await aLearner();
    const [other, planned] = [await aLearner(), await aPlannedRoom(world, 1)];
    const why = async (body: object) => (await make({ consent, ...body })).body.details?.why;
    expect(await why({ person, awards: [other.awards[0]] })).toBe('awards');
    expect(await why({ person: planned.people[0], awards: planned.awardIds })).toBe('not_issued');
    expect(await why({ person, awards, consent: { on: '2099-01-01', how: 'said' } })).toBe('consent');
    await publishing.withdraw(awards[0]!, 'test');
    expect(await why({ person, awards })).toBe('not_shown');
    const [credential]: { id: string }[] = await world.api.query(
      'select id from credential where award_id = $1',
      [awards[1]],
    );
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [credential!.id],
      change: 'suspend',
      reasonClass: 'under_review',
      by: 'test',
    });
    expect(await why({ person, awards: [awards[1]] })).toBe('withdrawn');
    expect((await make({ person, awards: [], consent })).body.code).toBe('invalid_input');
  });

  it('are unknown while a badge in them is hidden, and for good once withdrawn', async () => {
    const { path, awards, id } = await aRecord();
    await publishing.withdraw(awards[0]!, 'test');
    expect((await page(path, 'application/ld+json')).statusCode).toBe(404);
    await show(awards[0]!);
    expect((await page(path, 'application/ld+json')).statusCode).toBe(200);
    for (let again = 0; again < 2; again += 1) {
      const { status, body } = await world.call(`POST /api/v1/records/${id}/withdrawal`, { token });
      expect([status, body.isShown]).toEqual([200, false]);
    }
    for (const form of ['application/ld+json', 'application/vc+jwt', 'text/html'])
      expect((await page(path, form)).statusCode).toBe(404);
    const [row]: { state: string; payload: string; document: string | null; status: string }[] =
      await world.api.query(
        `select s.state, s.payload, s.document, e.state as status from learner_record r
       join statement s on s.id = r.statement_id join status_entry e on e.credential_id = s.id where r.id = $1`,
        [id],
      );
    expect(row).toEqual({ state: 'void', payload: '', document: null, status: 'revoked' });
  });

  it('are nobody else’s to read, list or withdraw', async () => {
    const { id } = await aRecord();
    const other = await world.token(world.otherStructure);
    for (const what of [
      `GET /api/v1/records/${id}`,
      `POST /api/v1/records/${id}/withdrawal`,
      'GET /api/v1/records/x',
    ])
      expect((await world.call(what, { token: other })).body.code).toBe('record_not_found');
    const list = await world.call(`GET ${base}/records?limit=1`, { token });
    expect(list.body.items).toHaveLength(1);
    const stranger = await aPerson(world.api, world.structure.id, 'Nour EXEMPLE');
    expect((await make({ person: stranger, awards: [id], consent })).body.details.why).toBe('awards');
  });

  it('stand beside the sheet for a CV, whose address names what is shown with the name and counts', async () => {
    const { person, awards } = await aLearner();
    const sheet = async (lang = '') => {
      const { status, body } = await world.call(`GET ${base}/persons/${person}/cv-sheet${lang}`, { token });
      expect(status).toBe(200);
      return body;
    };
    const [one, two] = awards as [string, string];
    expect(await sheet()).toEqual({
      address: null,
      badges: [],
      leftOut: awards.map((award) => ({ award, why: 'without_name' })),
    });
    await publishing.publish(one, { withName: true, by: 'test' });
    await publishing.publish(two, { withName: true, by: 'test' });
    const both = await sheet('?lang=en');
    expect(both.badges.map(({ award }: { award: string }) => award)).toEqual(awards);
    const pdf = await world.app.inject({ url: both.address.slice(origin.length) });
    expect([pdf.statusCode, pdf.rawPayload.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    await publishing.withdraw(one, 'test');
    const [{ id: credential }]: [{ id: string }] = await world.api.query(
      'select id from credential where award_id = $1',
      [two],
    );
    await new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      credentialIds: [credential],
      change: 'suspend',
      reasonClass: 'fraud',
      by: 'test',
    });
    expect((await sheet()).leftOut).toEqual([
      { award: one, why: 'hidden' },
      { award: two, why: 'suspended' },
    ]);
    for (const nobody of ['x', awards[0]])
      expect(await world.call(`GET ${base}/persons/${nobody}/cv-sheet`, { token })).toMatchObject({
        status: 404,
        body: { code: 'person_unknown' },
      });
    const other = await world.token(world.otherStructure);
    const theirs = `/api/v1/organisations/${world.otherStructure.slug}/persons/${person}/cv-sheet`;
    expect((await world.call(`GET ${theirs}`, { token: other })).body.code).toBe('person_unknown');
  });
});
