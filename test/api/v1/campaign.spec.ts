import { readProjectJson } from '#platform';
import { type Answer, type ApiWorld, anApiWorld, autumn, origin } from './api-world.js';

const expected = readProjectJson<{ awardsAutomatic: Record<string, number>; pathwayCompleted: string[] }>(
  'test',
  'vectors',
  'campaign',
  'campagne-2026-automne.expected.json',
);

let world: ApiWorld;
let token: string;
let base: string;

beforeAll(async () => {
  world = await anApiWorld();
  token = await world.token(world.structure);
  base = `/api/v1/organisations/${world.structure.slug}`;
}, 180_000);
afterAll(() => world?.close());

const analyse = (language = 'fr', body: Buffer = autumn): Promise<Answer> =>
  world.call(`POST ${base}/campaign-analyses?fileName=automne.csv`, {
    token,
    body,
    headers: { 'accept-language': language },
  });
const post = (digest: string, headers: Record<string, string> = {}, body: Buffer = autumn) =>
  world.call(
    `POST ${base}/campaign-imports?expectedDigest=${digest}&confirmStaff=true&fileName=automne.csv`,
    {
      token,
      body,
      headers,
    },
  );
const numberOf = async (table: string): Promise<number> =>
  Number((await world.api.query<{ count: string }[]>(`select count(*) from ${table}`))[0]!.count);

describe('a campaign, from its file to a public badge', () => {
  let digest: string;

  it('tells what would happen in the language that is asked for, and writes nothing', async () => {
    const before = await numberOf('person');
    const fr = await analyse();
    const en = await analyse('en');
    digest = fr.body.digest;
    expect(fr.status).toBe(200);
    expect(fr.headers['content-language']).toBe('fr');
    expect(fr.body.counts).toMatchObject({ rows: 64, people: 15, sessions: 9, heldCases: 1 });
    expect(fr.body.rows).toHaveLength(64);
    expect(fr.body.unknownStaff.map((one: { name: string }) => one.name)).not.toEqual([]);
    expect(en.body.digest).toBe(digest);
    const [told, tells] = [fr, en].map(
      ({ body }) => body.rows.flatMap((row: { issues: object[] }) => row.issues)[0].message,
    );
    expect(told).not.toBe(tells);
    expect(await numberOf('person')).toBe(before);
    expect(await numberOf('campaign_import')).toBe(0);
  });

  it('refuses to import anything else than what was told', async () => {
    const refused = await post('0'.repeat(64));
    expect(refused).toMatchObject({ status: 409, body: { code: 'analysis_changed' } });
    expect(refused.body.details.report.digest).toBe(digest);
    expect(await numberOf('campaign_import')).toBe(0);
  });

  it('answers a file without our columns with its report, and writes nothing', async () => {
    const file = Buffer.from('a;b;c\n1;2;3\n');
    const refused = await post(digest, { 'accept-language': 'fr' }, file);
    expect(refused).toMatchObject({ status: 422, body: { code: 'campaign_refused' } });
    expect(refused.body.detail).toBe(refused.body.details.report.refusal.message);
    expect(refused.body.details.report.refusal.remedy).toMatch(/\p{L}/u);
    expect(await numberOf('campaign_import')).toBe(0);
  });

  it('takes CSV only', async () => {
    const refused = await world.call(`POST ${base}/campaign-analyses`, { token, body: { a: 1 } });
    expect(refused).toMatchObject({ status: 415, body: { code: 'media_type_not_supported' } });
  });

  it('imports it once when the same request comes twice at once', async () => {
    const key = { 'idempotency-key': 'automne-2026' };
    const [one, two] = await Promise.all([post(digest, key), post(digest, key)]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(one.body).toEqual(two.body);
    expect([one, two].filter(({ headers }) => headers['idempotency-replayed'])).toHaveLength(1);
    expect(await numberOf('campaign_import')).toBe(1);
    const { awards, state, written } = one.body;
    expect(state).toBe('imported');
    expect(written).toMatchObject({ sessions: 9, heldCases: 1 });
    const byWorkshop = Object.entries(expected.awardsAutomatic).map(([code, count]) => [`B-${code}`, count]);
    expect(awards.planned).toEqual({
      ...Object.fromEntries(byWorkshop),
      'B-CLIC': expected.pathwayCompleted.length,
    });
  });

  it('changes nothing when the file comes again without a key', async () => {
    const { body } = await analyse();
    const again = await post(body.digest);
    expect(again).toMatchObject({ status: 200, body: { state: 'already_imported' } });
    expect(again.body.awards.planned).toEqual({});
  });

  it('queues the signing of what it planned', async () => {
    const [{ waiting }] = await world.api.query<[{ waiting: number }]>(
      'select count(*)::int as waiting from outbox where enqueued_at is not null',
    );
    expect(waiting).toBeGreaterThan(0);
  });

  it('lists the awards page by page with the facts they rest on', async () => {
    const first = await world.call(`GET ${base}/awards?limit=40`, { token });
    expect(first.body.items).toHaveLength(40);
    expect(first.headers.link).toBe(
      `<${origin}${base}/awards?limit=40&after=${first.body.next}>; rel="next"`,
    );
    const second = await world.call(`GET ${base}/awards?limit=40&after=${first.body.next}`, { token });
    expect([second.body.items.length, second.body.next]).toEqual([18, null]);
    const ids = [...first.body.items, ...second.body.items].map(({ id }) => id);
    expect(new Set(ids).size).toBe(58);
    const one = await world.call(`GET ${base}/awards?badge=B-CE-1&limit=200`, { token });
    expect(one.body.items).toHaveLength(11);
    expect(one.body.items[0].reasons.map(({ code }: { code: string }) => code)).toEqual([
      'present',
      'acquired',
    ]);
    const alone = await world.call(`GET /api/v1/awards/${one.body.items[0].id}`, { token });
    expect(alone.body).toEqual(one.body.items[0]);
  });

  it('does not publish what is not signed, and says how far signing is', async () => {
    const { body } = await world.call(`GET ${base}/awards?badge=B-EREP`, { token });
    const refused = await world.call(`PUT /api/v1/awards/${body.items[0].id}/publication`, {
      token,
      body: { withName: true },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'award_not_issued' } });
    expect((await world.call(`GET ${base}/issuance`, { token })).body).toMatchObject({
      planned: 58,
      signed: 0,
      refused: 0,
    });
    await world.signAll();
    expect((await world.call(`GET ${base}/issuance`, { token })).body).toMatchObject({
      planned: 0,
      signed: 58,
      refused: 0,
    });
  }, 120_000);

  it('shows a badge, verifies it, and hides it again', async () => {
    const { body } = await world.call(`GET ${base}/awards?badge=B-EREP`, { token });
    const [award] = body.items;
    const shown = await world.call(`PUT /api/v1/awards/${award.id}/publication`, {
      token,
      body: { withName: false },
    });
    expect(shown.status).toBe(200);
    const path = new URL(shown.body.address).pathname;
    const page = await world.call(`GET ${path}`, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect((await world.call(`GET /api/v1/awards/${award.id}`, { token })).body.publication).toBe(
      shown.body.address,
    );
    const credential = (await world.call(`GET ${path}`, { headers: { accept: 'application/ld+json' } })).text;
    const jwt = (await world.call(`GET ${path}`, { headers: { accept: 'application/vc+jwt' } })).text;
    for (const form of [credential, JSON.parse(credential), jwt]) {
      const report = await world.call('POST /api/v1/verifications', { token, body: { credential: form } });
      const names = report.body.checks.map(({ name }: { name: string }) => name);
      expect([report.body.verdict, names.slice(-2)]).toEqual(['authentic', ['identity', 'refresh']]);
    }
    const forged = await world.call('POST /api/v1/verifications', {
      token,
      body: { credential: credential.replace('"name":"', '"name":"Faux ') },
    });
    expect(forged.body.verdict).toBe('not_authentic');
    const hidden = await world.call(`DELETE /api/v1/awards/${award.id}/publication`, { token });
    expect([hidden.status, hidden.text]).toEqual([204, '']);
    expect((await world.call(`GET ${path}`)).status).toBe(404);
  });

  it('resolves the held case, once, and plans the award it was holding', async () => {
    const open = await world.call(`GET ${base}/held-cases?state=open`, { token });
    expect(open.body.items).toHaveLength(1);
    const [held] = open.body.items;
    expect(held.people).toHaveLength(2);
    const resolve = (body: object) =>
      world.call(`POST ${base}/held-cases/${held.id}/resolution`, { token, body });
    expect(await resolve({ decision: 'same_person' })).toMatchObject({
      status: 422,
      body: { code: 'held_case_needs_row' },
    });
    const right = held.rows.find(({ assessments }: { assessments: { outcome: string }[] }) =>
      assessments.every(({ outcome }) => outcome === 'acquired'),
    );
    const done = await resolve({ decision: 'same_person', keepRow: right.row });
    expect(done).toMatchObject({ status: 200, body: { awards: { planned: { 'B-CE-3': 1 } } } });
    expect(await resolve({ decision: 'discard' })).toMatchObject({
      status: 409,
      body: { code: 'held_case_already_resolved' },
    });
    const resolved = await world.call(`GET ${base}/held-cases?state=resolved`, { token });
    expect(resolved.body.items).toHaveLength(1);
  });
});
