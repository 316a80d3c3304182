import { loadCampaignWorld, readStarterCatalogue } from '#workshops';
import { type Answer, type ApiWorld, anApiWorld, unsoundJwt } from './api-world.js';

let world: ApiWorld;
let token: string;
let base: string;

beforeAll(async () => {
  world = await anApiWorld();
  token = await world.token(world.structure);
  base = `/api/v1/organisations/${world.structure.id}`;
}, 180_000);
afterAll(() => world?.close());

const get = (path: string) => world.call(`GET ${path}`, { token });
const post = (path: string, body: object): Promise<Answer> => world.call(`POST ${path}`, { token, body });
let names = 0;
const letters = [
  'ALPHA',
  'BRAVO',
  'CHARLIE',
  'DELTA',
  'ECHO',
  'FOXTROT',
  'GOLF',
  'HOTEL',
  'INDIA',
  'JULIETT',
];
const person = async (birthYear: number | null = 1990): Promise<string> => {
  const familyName = letters[names++]!;
  const { status, body } = await post(`${base}/persons`, {
    givenName: `Prénom${names}`,
    familyName,
    birthYear,
  });
  expect(status).toBe(201);
  return body.id;
};

describe('people', () => {
  it('are added once, and told without phone or e-mail', async () => {
    const given = { givenName: 'Ada', familyName: 'EXEMPLE', birthYear: 1980, phone: '06 39 98 00 55' };
    const [one, two] = [await post(`${base}/persons`, given), await post(`${base}/persons`, given)];
    expect(two.body).toEqual(one.body);
    const { body } = await get(`${base}/persons?limit=200`);
    expect(body.items).toContainEqual({
      id: one.body.id,
      givenName: 'Ada',
      familyName: 'EXEMPLE',
      birthYear: 1980,
    });
    expect(JSON.stringify(body)).not.toContain('3998');
  });

  it('who look like somebody known wait for a human’s word', async () => {
    const similar = { givenName: 'Adda', familyName: 'Exemple', birthYear: null };
    const held = await post(`${base}/persons`, similar);
    expect(held).toMatchObject({ status: 409, body: { code: 'person_probable_duplicate' } });
    const { persons } = held.body.details;
    expect(persons).toHaveLength(1);
    expect((await post(`${base}/persons`, { ...similar, distinctFrom: persons })).status).toBe(201);
  });
});

describe('a session recorded directly', () => {
  it('plans the awards it earns, by criteria and by competency', async () => {
    const [learner, other] = [await person(), await person()];
    const { criteria } = readStarterCatalogue().workshops.find(({ code }) => code === 'CE-1')!;
    const acquired = { outcome: 'acquired', assessorPersonId: world.assessorId };
    const { status, body } = await post(`${base}/sessions`, {
      code: 'D1',
      workshop: 'CE-1',
      heldOn: '2026-10-05',
      time: '09:30',
      staff: [{ personId: world.assessorId, role: 'lead' }],
      attendances: [
        { personId: learner, status: 'present' },
        { personId: other, status: 'present' },
      ],
      anonymous: 2,
      assessments: [
        ...criteria.map(({ code }) => ({ personId: learner, criterion: code, ...acquired })),
        { personId: other, competency: '5.2', ...acquired },
      ],
    });
    expect([status, body.awards.planned]).toEqual([201, { 'B-CE-1': 2 }]);
    const sessions = await get(`${base}/sessions`);
    expect(sessions.body.items).toContainEqual(
      expect.objectContaining({
        id: body.id,
        code: 'D1',
        workshop: 'CE-1',
        startsAt: '2026-10-05T07:30:00.000Z',
        present: 4,
        assessed: 2,
      }),
    );
    const again = await post(`${base}/sessions`, {
      code: 'd1',
      workshop: 'CE-1',
      heldOn: '2026-10-05',
      attendances: [],
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'session_code_taken' } });
  });

  it('is refused with every fault at once, and nothing is written', async () => {
    const learner = await person();
    const stranger = '01997b2c-7a00-7000-8000-000000000001';
    const seen = (given: object) => ({ outcome: 'acquired', assessorPersonId: world.assessorId, ...given });
    const refused = await post(`${base}/sessions`, {
      code: 'autre-structure-D2',
      workshop: 'NOPE',
      heldOn: '2999-01-01',
      staff: [
        { personId: stranger, role: 'lead' },
        { personId: world.assessorId, role: 'lead' },
        { personId: world.assessorId, role: 'lead' },
      ],
      attendances: [
        { personId: learner, status: 'absent' },
        { personId: learner, status: 'present' },
      ],
      assessments: [
        seen({ personId: stranger, competency: '5.2' }),
        seen({ personId: learner, competency: '9.9', assessorPersonId: learner }),
        seen({ personId: learner, competency: '9.9' }),
      ],
    });
    expect(refused).toMatchObject({ status: 400 });
    const { status, body } = await post(`${base}/sessions`, {
      code: 'autre-structure-D2',
      workshop: 'NOPE',
      heldOn: '2099-01-01',
      staff: [{ personId: stranger, role: 'lead' }],
      attendances: [
        { personId: learner, status: 'present' },
        { personId: learner, status: 'present' },
      ],
      assessments: [
        seen({ personId: stranger, competency: '5.2' }),
        seen({ personId: learner, competency: '9.9', assessorPersonId: learner }),
        seen({ personId: learner, competency: '9.9' }),
      ],
    });
    expect([status, body.code]).toEqual([422, 'session_refused']);
    expect(body.faults.map(({ path }: { path: string }) => path)).toEqual([
      '/workshop',
      '/code',
      '/heldOn',
      '/staff/0/personId',
      '/attendances/1/personId',
      '/assessments/0/personId',
      '/assessments/1/assessorPersonId',
      '/assessments/1/competency',
      '/assessments/2/competency',
      '/assessments/2',
    ]);
    const rows = await world.api.query("select 1 from session where code like '%D2'");
    expect(rows).toEqual([]);
  });

  it('is read against the people it names alone, however many the structure knows', async () => {
    const [one] = [await person(), await person()];
    const named = [one!, world.assessorId];
    const read = (people?: string[]) =>
      loadCampaignWorld(world.api.manager, world.structure.id, ['D1'], people);
    const [few, all] = [await read(named), await read()];
    expect(few.persons.map(({ id }) => id).sort()).toEqual([...named].sort());
    expect(new Set(few.mandates.map(({ personId }) => personId))).toEqual(new Set([world.assessorId]));
    expect(all.persons.length).toBeGreaterThan(few.persons.length);
    const { persons: _f, mandates: _m, aliases: _a, ...rest } = few;
    expect(all).toMatchObject(rest);
  });

  it('waits for an assessor’s mandate, which then plans the award', async () => {
    const [learner, assessor] = [await person(), await person(null)];
    const recorded = await post(`${base}/sessions`, {
      code: 'D3',
      workshop: 'EREP',
      heldOn: '2026-10-06',
      attendances: [{ personId: learner, status: 'present' }],
      assessments: [
        { personId: learner, competency: '2.4', outcome: 'acquired', assessorPersonId: assessor },
      ],
    });
    expect(recorded.body.awards).toMatchObject({
      planned: {},
      waitingForStaff: [{ personId: learner, badge: 'B-EREP' }],
    });
    const role = { personId: assessor, role: 'assessor', validFrom: '2026-10-01' };
    expect(await post(`${base}/memberships`, { ...role, validUntil: '2026-09-01' })).toMatchObject({
      status: 400,
      body: { code: 'invalid_input' },
    });
    const granted = await post(`${base}/memberships`, role);
    expect(granted).toMatchObject({ status: 201, body: { awards: { planned: { 'B-EREP': 1 } } } });
    const again = await post(`${base}/memberships`, role);
    expect(again.body).toMatchObject({ membership: granted.body.membership, awards: { planned: {} } });
    const members = await get(`${base}/memberships`);
    expect(members.body.items).toContainEqual(granted.body.membership);
  });
});

describe('professional facts', () => {
  it('are recorded once, by somebody else, of people of the structure', async () => {
    const animator = await person();
    const fact = {
      personId: animator,
      kind: 'animator-training',
      occurredOn: '2026-09-15',
      recordedByPersonId: world.assessorId,
    };
    for (let i = 0; i < 2; i += 1) expect((await post(`${base}/professional-facts`, fact)).status).toBe(200);
    const rows = await world.api.query('select 1 from professional_fact where person_id = $1', [animator]);
    expect(rows).toHaveLength(1);
    expect(await post(`${base}/professional-facts`, { ...fact, recordedByPersonId: animator })).toMatchObject(
      { status: 422, body: { code: 'professional_fact_refused' } },
    );
    const stranger = '01997b2c-7a00-7000-8000-000000000001';
    expect(await post(`${base}/professional-facts`, { ...fact, personId: stranger })).toMatchObject({
      status: 422,
      body: { code: 'person_not_found', details: { persons: [stranger] } },
    });
  });
});

describe('what can be read', () => {
  it('frameworks, their competencies and stable addresses', async () => {
    const { body } = await get('/api/v1/frameworks');
    const crcn = body.items.find(({ code }: { code: string }) => code === 'crcn');
    const path = new URL(crcn.uri).pathname;
    expect((await get(`/api/v1${path}`)).body.items).toHaveLength(5);
    const competency = await get(`/api/v1${path}/5.2`);
    expect(competency.body).toMatchObject({ code: '5.2', uri: `${crcn.uri}/5.2` });
    expect((await world.call(`GET ${new URL(competency.body.uri).pathname}`)).status).toBe(200);
    for (const [address, code] of [
      ['nope/1', 'framework_not_found'],
      [`crcn/${crcn.version}/9.9`, 'competency_not_found'],
      ['crcn/%00', 'invalid_input'],
    ])
      expect((await get(`/api/v1/frameworks/${address}`)).body.code).toBe(code);
  });

  it('workshops, and badges with the rule that awards them', async () => {
    const workshops = await get(`${base}/workshops`);
    expect(workshops.body.items.map(({ code }: { code: string }) => code)).toContain('CE-1');
    const achievements = await get(`${base}/achievements`);
    const badge = achievements.body.items.find(({ code }: { code: string }) => code === 'B-CE-1');
    expect(badge.rule.all).toContainEqual({ presence: { workshop: 'CE-1' } });
    expect((await world.call(`GET ${new URL(badge.uri).pathname}`)).status).toBe(200);
  });

  it('organisations below one’s own, where one may add more', async () => {
    const region = await world.api.query('select * from organisation where slug = $1', ['region-exemple']);
    const above = await world.token(region[0]);
    const body = { kind: 'structure', slug: 'chantier-neuf', legalName: 'Chantier Neuf' };
    const added = await world.call('POST /api/v1/organisations', { token: above, body });
    expect(added.status).toBe(201);
    expect((await world.call(`GET ${added.headers.location}`, { token: above })).body).toEqual(added.body);
    const seen = await world.call('GET /api/v1/organisations?limit=2', { token: above });
    expect([seen.body.items.length, seen.headers.link]).toEqual([2, expect.stringContaining('rel="next"')]);
    expect(await post('/api/v1/organisations', { ...body, slug: 'x' })).toMatchObject({
      status: 422,
      body: { code: 'organisation_refused' },
    });
  });
});

describe('verifying what is no badge', () => {
  const verify = (credential: unknown) => post('/api/v1/verifications', { credential } as object);

  it('says so, and a report of what claims to be one, never an error of ours', async () => {
    const address = 'Mon badge : https://a.example/1';
    for (const odd of ['', 'x', '{}', {}, { '@context': 1 }, 'a.b.c', 'eyJ9.e30.c2ln', address])
      expect(await verify(odd)).toMatchObject({ status: 422, body: { code: 'not_a_badge' } });
    expect(await verify('%PDF-1.7')).toMatchObject({ status: 422, body: { code: 'paper_handed_in' } });
    for (const odd of [{ type: 'Assertion' }, { credentialSubject: 1 }, '{"credentialSubject":', unsoundJwt])
      expect(await verify(odd)).toMatchObject({ status: 200, body: { verdict: 'not_authentic' } });
  });

  it('takes no harm from what is nested deeper than JavaScript can write', async () => {
    const body = `{"credential":{"proof":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}}`;
    const answer = await world.call('POST /api/v1/verifications', { token, body });
    expect(answer).toMatchObject({ status: 200, body: { verdict: 'cannot_check' } });
  });

  it('refuses more than 1 MB', async () => {
    for (const large of ['x'.repeat(1_048_577), { a: 'x'.repeat(1_048_577) }])
      expect(await verify(large)).toMatchObject({ status: 413, body: { code: 'body_too_large' } });
  });
});
