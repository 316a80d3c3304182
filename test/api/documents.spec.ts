import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ChangeStatus,
  PublishBadge,
  PublishStatusLists,
  ReissueCredentials,
  ReportCompromise,
  shortCode,
} from '#badges';
import { publicId } from '#platform';
import { PublicKeys } from '#signing';
import { anApiApp } from '../support/api-app.js';
import {
  anIssuanceWorld,
  aPerson,
  aSession,
  type IssuanceWorld,
  origin,
  plan,
} from '../support/issuance-world.js';

describe('badges on paper', () => {
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
  const html = { accept: 'text/html', 'accept-language': 'fr' };

  const aBadge = async (name: string, given: { publish?: boolean; withName?: boolean } = {}) => {
    const person = await aPerson(world.api, world.structure.id, name);
    await aSession(world, { people: [person] });
    const { outboxIds, awardIds } = await plan(world, [person]);
    await world.signCredentials.run(outboxIds[0]!);
    const [{ id }]: [{ id: string }] = await world.api.query(
      'select public_id as id from credential where award_id = $1',
      [awardIds[0]],
    );
    if (given.publish ?? true)
      await publishing.publish(awardIds[0]!, { withName: given.withName ?? true, by: 'test' });
    return { id, awardId: awardIds[0]!, certificate: `/b/${id}/certificate.pdf` };
  };
  const change = (id: string, kind: 'suspend' | 'revoke') =>
    new ChangeStatus(world.api).run({
      organisationId: world.structure.id,
      publicIds: [id],
      change: kind,
      reasonClass: kind === 'suspend' ? 'under_review' : 'issued_in_error',
      by: 'client:test',
    });

  it('is a certificate of a shown badge, the same bytes again, in two languages, named for people', async () => {
    const badge = await aBadge('Amina TÉMOIN');
    const made = await get(badge.certificate, { 'accept-language': 'fr' });
    expect([made.statusCode, made.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(made.rawPayload.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect(made.headers['content-disposition']).toMatch(
      /^inline; filename="La prise en main.*TEMOIN\.pdf"; filename\*=UTF-8''/,
    );
    expect(made.headers['x-robots-tag']).toBe('noindex, nofollow');
    const again = await get(badge.certificate, {
      'accept-language': 'fr',
      'if-none-match': String(made.headers.etag),
    });
    expect(again.statusCode).toBe(304);
    const english = await get(`${badge.certificate}?lang=en`);
    expect(english.rawPayload.toString('latin1')).toContain('/Lang (en)');
    expect(english.headers.etag).not.toBe(made.headers.etag);
  });

  it('looks like an unknown address for a badge that is not shown, or no longer', async () => {
    const hidden = await aBadge('Lou CACHÉ', { publish: false });
    const shown = await aBadge('Lou MONTRÉ');
    const sheet = `/cv.pdf?badges=${shown.id},${hidden.id}`;
    expect((await get(shown.certificate)).statusCode).toBe(200);
    await publishing.withdraw(shown.awardId, 'test');
    const faces = await Promise.all(
      [
        hidden.certificate,
        shown.certificate,
        `/b/${publicId()}/certificate.pdf`,
        '/b/x/certificate.pdf',
        sheet,
        `/v/${shortCode(hidden.id)}`,
        '/v/0000-0000-0000',
        '/v/nonsense',
      ].map(async (url) => {
        const { statusCode, body } = await get(url, html);
        return JSON.stringify([statusCode, body]);
      }),
    );
    expect(new Set(faces).size).toBe(1);
    expect(faces[0]).toMatch(/^\[404,/);
  });

  it('has no certificate of a suspended or withdrawn badge, and says why', async () => {
    const badge = await aBadge('Séan RETIRÉ');
    await change(badge.id, 'suspend');
    const suspended = await get(badge.certificate, html);
    expect([suspended.statusCode, suspended.body]).toEqual([
      409,
      expect.stringContaining('Ce badge est suspendu'),
    ]);
    await change(badge.id, 'revoke');
    const gone = await get(badge.certificate, html);
    expect([gone.statusCode, gone.body]).toEqual([410, expect.stringContaining('Ce badge a été retiré')]);
    expect(gone.body).toContain(`href="/b/${badge.id}"`);
    expect(gone.body).not.toContain('RETIRÉ');
    const problem = await get(badge.certificate);
    expect(problem.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(problem.json()).toMatchObject({ status: 410, code: 'badge_withdrawn' });
    const sheet = await get(`/cv.pdf?badges=${badge.id}`);
    expect(sheet.json()).toMatchObject({ status: 409, code: 'badges_left_out' });
  });

  it('is a sheet for a CV of one person alone, shown with the name', async () => {
    const [one, other] = [await aBadge('Amina EXEMPLE'), await aBadge('Olena EXEMPLE')];
    const nameless = await aBadge('Sans NOM', { withName: false });
    const sheet = await get(`/cv.pdf?badges=${one.id}&lang=fr`);
    expect([sheet.statusCode, sheet.headers['content-type']]).toEqual([200, 'application/pdf']);
    expect(sheet.headers['content-disposition']).toContain('Badges - Amina EXEMPLE.pdf');
    expect((await get(`/cv.pdf?badges=${one.id},${one.id}&lang=fr`)).headers.etag).toBe(sheet.headers.etag);
    for (const [badges, status, code] of [
      [`${one.id},${other.id}`, 409, 'badges_of_several_people'],
      [nameless.id, 409, 'badge_shown_without_name'],
      ['', 400, 'badges_not_chosen'],
    ] as const)
      expect((await get(`/cv.pdf?badges=${badges}`)).json()).toMatchObject({ status, code });
    expect((await get(nameless.certificate)).statusCode).toBe(200);
    expect((await get(`/cv.pdf?badges=${one.id},${other.id}`, html)).body).toContain(
      'Ces badges sont à plusieurs personnes',
    );
  });

  it('has an address for a hand, which forgives what hands do', async () => {
    const badge = await aBadge('Ana ADRESSE');
    const code = shortCode(badge.id);
    for (const typed of [
      code,
      code.toUpperCase(),
      code.replaceAll('-', ''),
      code.replaceAll('0', 'o').replaceAll('1', 'L'),
    ]) {
      const answer = await get(`/v/${typed}`);
      expect([answer.statusCode, answer.headers.location]).toEqual([302, `/b/${badge.id}`]);
    }
  });

  it('is linked from the page of a badge that stands, the sheet only where the name is shown', async () => {
    const [named, nameless] = [await aBadge('Zoé LIEN'), await aBadge('Max LIEN', { withName: false })];
    const page = (await get(`/b/${named.id}`, html)).body;
    expect(page).toContain(`href="${named.certificate}?lang=fr"`);
    expect(page).toContain(`/cv.pdf?badges=${named.id}&amp;lang=fr`);
    const other = (await get(`/b/${nameless.id}`, html)).body;
    expect(other).toContain(nameless.certificate);
    expect(other).not.toContain('/cv.pdf');
  });

  it('keeps the day of the award on page and in LinkedIn’s form when a stolen key makes it be signed again', async () => {
    const badge = await aBadge('Amina DATES');
    const faces = async () => {
      const page = (await get(`/b/${badge.id}`, html)).body;
      const { awardedDate, validFrom } = (await get(`/b/${badge.id}.json`)).json<Record<string, string>>();
      return {
        told: page.includes('5 octobre 2026'),
        linkedIn: /issueYear=(\d+)&amp;issueMonth=(\d+)/.exec(page)?.slice(1),
        awardedDate,
        validFrom,
      };
    };
    const before = await faces();
    const day = { told: true, linkedIn: ['2026', '10'], awardedDate: '2026-10-05T09:00:00Z' };
    expect(before).toMatchObject(day);
    const organisationId = world.structure.id;
    const keys = await new PublicKeys(world.api).active(organisationId);
    const keyIds = Object.values(keys).map(({ id }) => id);
    // Lists are dated by the second: one signed again in the same second would be no newer.
    await world.worker.query('select pg_sleep(1.1)');
    await new ReportCompromise(world.worker).run({ organisationId, keyIds, since: new Date(0), by: 'cli' });
    const again = await new ReissueCredentials(world.api).run({
      organisationId,
      origin,
      all: false,
      by: 'cli',
    });
    for (const id of again.outboxIds) await world.signCredentials.run(id);
    await new PublishStatusLists(world.worker, world.keyStore, origin).publishDue();
    const after = await faces();
    expect(after).toMatchObject(day);
    expect(after.validFrom).not.toBe(before.validFrom);
  });
});
