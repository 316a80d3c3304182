import { readFileSync } from 'node:fs';
import { DataSource } from 'typeorm';
import { frameworksEntities, importShippedFrameworks } from '#frameworks';
import { mandatesIn, type Organisation, peopleEntities, registerOrganisation, registerPerson } from '#people';
import { dataSourceOptions, FixedClock, projectFile, uuid } from '#platform';
import {
  type CampaignResult,
  confirmStaff,
  ImportCampaign,
  importCatalogue,
  listHeldCases,
  listUnconfirmedStaff,
  loadFacts,
  ResolveHeldCase,
  readStarterCatalogue,
  workshopsEntities,
} from '#workshops';
import { aFile } from '../../libs/workshops/src/campaign/world.spec-support.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const fixture = (name: string): Buffer => readFileSync(projectFile('test', 'vectors', 'campaign', name));
const autumn = fixture('campagne-2026-automne.csv');
const clock = new FixedClock(new Date('2026-11-22T09:00:00Z'));

let database: TestDatabase;
let api: DataSource;
let campaigns: ImportCampaign;
let programme: Organisation;

beforeAll(async () => {
  database = await createTestDatabase();
  const entities = [...peopleEntities, ...frameworksEntities, ...workshopsEntities];
  // The api's own role: what these tests may do, the service may do.
  api = await new DataSource(dataSourceOptions({ url: database.url, entities })).initialize();
  campaigns = new ImportCampaign(api, clock);
  programme = await api.transaction(async (tx) => {
    await importShippedFrameworks(tx);
    const owner = await registerOrganisation(tx, {
      kind: 'programme',
      slug: 'programme',
      legalName: 'Programme',
    });
    await importCatalogue(tx, { organisationId: owner.id, catalogue: readStarterCatalogue() });
    return owner;
  });
}, 120_000);

afterAll(async () => {
  await api?.destroy();
  await database?.drop();
});

/** A structure of its own for each test, so that none sees another's campaign. */
const aStructure = (slug = `structure-${uuid().slice(-12)}`): Promise<Organisation> =>
  api.transaction((tx) =>
    registerOrganisation(tx, {
      kind: 'structure',
      parentId: programme.id,
      slug,
      legalName: `Structure ${slug}`,
    }),
  );

const run = (
  organisationId: string,
  bytes = autumn,
  more: { confirmStaff?: boolean; fileName?: string } = {},
) =>
  campaigns.run({ organisationId, bytes, fileName: 'campagne.csv', confirmStaff: true, by: 'test', ...more });

const counted = async (organisationId: string): Promise<Record<string, number>> => {
  const one = async (sql: string): Promise<number> =>
    Number((await api.query<{ count: string }[]>(`SELECT count(*) FROM ${sql}`, [organisationId]))[0]!.count);
  const inSession = (table: string) =>
    `${table} t JOIN session s ON s.id = t.session_id WHERE s.organisation_id = $1`;
  const ofPerson = (table: string) =>
    `${table} t JOIN person p ON p.id = t.person_id WHERE p.organisation_id = $1`;
  return {
    people: await one('person WHERE organisation_id = $1'),
    memberships: await one('membership WHERE organisation_id = $1'),
    sessions: await one('session WHERE organisation_id = $1'),
    staff: await one(inSession('session_staff')),
    attendances: await one(inSession('attendance')),
    assessments: await one(inSession('assessment')),
    diagnostics: await one(ofPerson('"private".diagnostic')),
    wishes: await one(ofPerson('"private".publication_wish')),
    observations: await one(
      '"private".observation o JOIN attendance t ON t.id = o.attendance_id JOIN session s ON s.id = t.session_id WHERE s.organisation_id = $1',
    ),
    heldCases: await one('held_case WHERE organisation_id = $1'),
    imports: await one('campaign_import WHERE organisation_id = $1'),
  };
};

/** Badges by workshop: present, everything assessed in the session acquired, by a mandated assessor. */
async function badges(organisationId: string): Promise<Record<string, number>> {
  const mandates = await mandatesIn(api.manager, organisationId, 'assessor');
  const counts: Record<string, number> = {};
  for (const facts of await loadFacts(api.manager, organisationId)) {
    const earned = new Set<string>();
    for (const { sessionId, workshopCode, status } of facts.attendances) {
      const judged = facts.assessments.filter((one) => one.sessionId === sessionId);
      const trusted = judged.every(
        ({ outcome, assessorPersonId, assessedOn }) =>
          outcome === 'acquired' &&
          assessorPersonId !== facts.personId &&
          mandates.some((one) => one.personId === assessorPersonId && one.covers(assessedOn)),
      );
      if (status === 'present' && judged.length > 0 && trusted) earned.add(workshopCode);
    }
    for (const code of earned) counts[code] = (counts[code] ?? 0) + 1;
    if (['CE-1', 'CE-2', 'CE-3', 'CE-4'].every((code) => earned.has(code)))
      counts.pathway = (counts.pathway ?? 0) + 1;
  }
  return counts;
}

const expected = { 'CE-1': 11, 'CE-2': 12, 'CE-3': 12, 'CE-4': 12, EREP: 4, pathway: 7 };

describe('importing the autumn campaign', () => {
  let structure: Organisation;
  let result: CampaignResult;

  beforeAll(async () => {
    structure = await aStructure();
    result = await run(structure.id);
  });

  it('writes 15 learners, 9 sessions and one held case', async () => {
    expect(result).toMatchObject({
      state: 'imported',
      written: { people: 15, sessions: 9, attendances: 60, assessments: 59, heldCases: 1 },
    });
    expect(await counted(structure.id)).toMatchObject({
      people: 18,
      sessions: 9,
      attendances: 60,
      heldCases: 1,
    });
  });

  it('confirms the staff from the first day of the file', async () => {
    const names = result.confirmedStaff.map(({ name, roles }) => [name, roles]);
    expect(names).toEqual([
      ['Karim BÉNÉVOLE', ['animator']],
      ['Madeleine BÉNÉVOLE', ['animator']],
      ['Odile FICTIVE', ['assessor', 'animator']],
    ]);
    const mandates = await mandatesIn(api.manager, structure.id);
    expect(new Set(mandates.map(({ validFrom }) => validFrom))).toEqual(new Set(['2026-10-05']));
    // Kévin is a learner and animates: five roles, four people.
    expect(new Set(mandates.map(({ personId }) => personId)).size).toBe(4);
  });

  it('gives the facts for exactly the expected badges', async () => {
    expect(await badges(structure.id)).toEqual(expected);
  });

  it('knows that a learner animated a session', async () => {
    const [kevin] = await api.query<{ id: string }[]>(
      `SELECT id FROM person WHERE organisation_id = $1 AND family_name = 'BROUILLON'`,
      [structure.id],
    );
    const [facts] = await loadFacts(api.manager, structure.id, [kevin!.id]);
    expect(facts!.attendances.map(({ workshopCode }) => workshopCode)).toEqual([
      'CE-1',
      'CE-2',
      'CE-3',
      'CE-4',
    ]);
    expect(facts!.animated).toEqual([
      expect.objectContaining({ workshopCode: 'EREP', role: 'lead', heldOn: '2026-11-12' }),
    ]);
  });

  it('starts sessions at the hour of Paris', async () => {
    const rows = await api.query<{ code: string; at: string; duration_minutes: number }[]>(
      `SELECT code, to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at, duration_minutes
       FROM session WHERE organisation_id = $1 AND code IN ('S01', 'S09') ORDER BY code`,
      [structure.id],
    );
    expect(rows).toEqual([
      { code: 'S01', at: '2026-10-05 07:30', duration_minutes: 120 },
      { code: 'S09', at: '2026-11-12 13:00', duration_minutes: 90 },
    ]);
  });

  it('keeps private cells in the private schema, and publishes nothing', async () => {
    const wishes = await api.query<{ wish: string; count: number }[]>(
      `SELECT w.wish, count(*)::int FROM "private".publication_wish w JOIN person p ON p.id = w.person_id
       WHERE p.organisation_id = $1 GROUP BY w.wish ORDER BY w.wish`,
      [structure.id],
    );
    expect(wishes).toEqual([
      { wish: 'ask', count: 9 },
      { wish: 'no', count: 1 },
      { wish: 'yes', count: 5 },
    ]);
    expect(
      await api.query('SELECT DISTINCT language FROM person WHERE organisation_id = $1', [structure.id]),
    ).toEqual([{ language: null }]);
    const [held] = await listHeldCases(api.manager, structure.id);
    expect(JSON.stringify(held)).not.toContain('soninké');
    const worker = await new DataSource(
      dataSourceOptions({ url: database.workerUrl, entities: [] }),
    ).initialize();
    await expect(worker.query('SELECT * FROM "private".diagnostic')).rejects.toThrow('permission denied');
    await worker.destroy();
  });

  it('changes nothing when the same file comes again', async () => {
    const before = await counted(structure.id);
    expect(await run(structure.id)).toMatchObject({ state: 'already_imported', importId: result.importId });
    expect(await counted(structure.id)).toEqual(before);
  });

  it('adds nothing when another file says the same', async () => {
    const before = await counted(structure.id);
    const again = await run(structure.id, Buffer.concat([autumn, Buffer.from('\r\n\r\n')]));
    expect(again).toMatchObject({
      state: 'imported',
      written: { people: 0, attendances: 0, assessments: 0, heldCases: 0 },
    });
    expect(await counted(structure.id)).toEqual({ ...before, imports: before.imports! + 1 });
  });
});

describe('confirming an analysis', () => {
  it('writes what was told and refuses when the world has changed', async () => {
    const structure = await aStructure();
    const file = { organisationId: structure.id, bytes: autumn, fileName: 'a.csv' };
    const told = await campaigns.analyse(file);
    expect(await counted(structure.id)).toMatchObject({ people: 0, sessions: 0, imports: 0 });
    await api.transaction((tx) =>
      registerPerson(tx, {
        organisationId: structure.id,
        familyName: 'TESTARD',
        givenName: 'Amina',
        birthYear: 1987,
      }),
    );
    await expect(
      campaigns.run({ ...file, confirmStaff: false, by: 'test', expectedDigest: told.digest }),
    ).rejects.toMatchObject({ code: 'analysis_changed' });
    expect(await counted(structure.id)).toMatchObject({ people: 1, sessions: 0 });
    const digest = (await campaigns.analyse(file)).digest;
    expect(
      await campaigns.run({ ...file, confirmStaff: false, by: 'test', expectedDigest: digest }),
    ).toMatchObject({
      written: { people: 14 },
    });
  });

  it('lets awards wait until the staff is confirmed, by the file or by name', async () => {
    const structure = await aStructure();
    await run(structure.id, autumn, { confirmStaff: false });
    expect(await badges(structure.id)).toEqual({});
    expect((await listUnconfirmedStaff(api.manager, structure.id)).map(({ name }) => name)).toEqual([
      'Karim BÉNÉVOLE',
      'Madeleine BÉNÉVOLE',
      'Odile FICTIVE',
    ]);
    const { learnerIds } = await api.transaction((tx) =>
      confirmStaff(tx, { organisationId: structure.id, names: ['FICTIVE Odile'], by: 'admin' }),
    );
    expect(learnerIds).toHaveLength(15);
    expect(await badges(structure.id)).toEqual(expected);
    expect(await run(structure.id)).toMatchObject({ state: 'imported', written: { attendances: 0 } });
    expect(await listUnconfirmedStaff(api.manager, structure.id)).toEqual([]);
    expect(await run(structure.id)).toMatchObject({ state: 'already_imported' });
  });

  it('leaves nothing behind when it is interrupted half-way', async () => {
    const structure = await aStructure();
    const stop = async () => {
      throw new Error('the machine stopped');
    };
    const request = {
      organisationId: structure.id,
      bytes: autumn,
      fileName: 'a.csv',
      confirmStaff: true,
      by: 'test',
    };
    await expect(campaigns.run(request, stop)).rejects.toThrow('the machine stopped');
    expect(Object.values(await counted(structure.id)).every((count) => count === 0)).toBe(true);
  });

  it('imports one file once when two people confirm it at the same moment', async () => {
    const structure = await aStructure();
    const results = await Promise.all([run(structure.id), run(structure.id)]);
    expect(results.map(({ state }) => state).sort()).toEqual(['already_imported', 'imported']);
    expect(await counted(structure.id)).toMatchObject({ people: 18, attendances: 60, imports: 1 });
  });

  it('tells the hook everybody and every session of the file', async () => {
    const structure = await aStructure();
    let seen = { personIds: [] as string[], sessionIds: [] as string[] };
    await campaigns.run(
      { organisationId: structure.id, bytes: autumn, fileName: 'a.csv', confirmStaff: true, by: 'test' },
      async (_tx, ids) => {
        seen = ids;
      },
    );
    expect([seen.personIds.length, seen.sessionIds.length]).toEqual([18, 9]);
  });
});

describe('bad files', () => {
  it.each(['campagne-mauvaise.csv', 'campagne-cp1252-entetes-faux.csv'])(
    'writes nothing of %s',
    async (name) => {
      const structure = await aStructure();
      await expect(run(structure.id, fixture(name))).rejects.toMatchObject({ code: 'campaign_refused' });
      expect(Object.values(await counted(structure.id)).every((count) => count === 0)).toBe(true);
    },
  );

  it('imports the sound rows of the bad file once its broken last line is gone, and no badge from a rejected row', async () => {
    const structure = await aStructure();
    const text = fixture('campagne-mauvaise.csv').toString('utf8');
    const cut = Buffer.from(text.slice(0, text.lastIndexOf('S20;CE-1;16/11/2026;09:30')));
    expect(await run(structure.id, cut)).toMatchObject({
      written: { people: 14, sessions: 1, attendances: 14, heldCases: 1 },
    });
    // 14 people, of whom two have no assessment that counts.
    expect(await badges(structure.id)).toEqual({ 'CE-1': 12 });
    const rows = await api.query<{ family_name: string; email: string | null; phone: string | null }[]>(
      `SELECT family_name, email, phone FROM person WHERE organisation_id = $1 AND birth_year IS NOT NULL`,
      [structure.id],
    );
    const names = rows.map(({ family_name }) => family_name);
    expect(names).toEqual(expect.arrayContaining(['TXTELOSNOC', 'FAUTIF', "FAUTIF'); DROP TABLE awards;--"]));
    expect(rows.find(({ family_name }) => family_name === 'COURRIEL')!.email).toBeNull();
    expect(rows.find(({ family_name }) => family_name === 'TELEPHONE')!.phone).toBeNull();
    expect(
      await api.query(
        `SELECT wish FROM "private".publication_wish w JOIN person p ON p.id = w.person_id
      WHERE p.organisation_id = $1 AND p.family_name = 'ENFANT'`,
        [structure.id],
      ),
    ).toEqual([{ wish: 'no' }]);
  });

  it('cannot reach a session of another structure', async () => {
    const [mine, other] = [await aStructure(), await aStructure()];
    await run(other.id, aFile([{ 'N° séance': 'S01' }]));
    const plan = await campaigns.analyse({
      organisationId: mine.id,
      bytes: aFile([{ 'N° séance': `${other.slug}-S01` }, { 'N° séance': `${other.slug}-S99` }]),
      fileName: 'a.csv',
    });
    expect(plan.rows.map(({ verdict }) => verdict)).toEqual(['rejected', 'rejected']);
    expect(plan.rows[0]!.issues).toEqual(plan.rows[1]!.issues);
  });
});

describe('held cases', () => {
  const resolve = () => new ResolveHeldCase(api);

  async function heldAutumn(): Promise<{ organisationId: string; caseId: string }> {
    const { id: organisationId } = await aStructure();
    await run(organisationId);
    const [held] = await listHeldCases(api.manager, organisationId, 'open');
    return { organisationId, caseId: held!.id };
  }

  it('shows the people, the session and the rows', async () => {
    const { organisationId } = await heldAutumn();
    const [held] = await listHeldCases(api.manager, organisationId, 'open');
    expect(held).toMatchObject({
      kind: 'probable_duplicate',
      detail: {
        sessionCodes: ['S05'],
        people: [
          { name: 'BIDON Fatoumata', birthYear: 1978 },
          { name: 'BIDON Fatou', birthYear: 1978 },
        ],
        rows: [{ row: 36 }, { row: 64 }],
      },
    });
  });

  it('needs the right row when one person is said to be both, then counts that row', async () => {
    const request = { ...(await heldAutumn()), by: 'admin', decision: 'same_person' as const };
    await expect(resolve().run(request)).rejects.toMatchObject({
      code: 'held_case_needs_row',
      rows: [36, 64],
    });
    let told: string[] = [];
    await resolve().run({ ...request, keepRow: 36 }, async (_tx, { personIds }) => {
      told = personIds;
    });
    expect(told).toHaveLength(1);
    expect(await badges(request.organisationId)).toEqual({ ...expected, 'CE-3': 13 });
    expect(await listHeldCases(api.manager, request.organisationId, 'open')).toEqual([]);
    expect(await counted(request.organisationId)).toMatchObject({ people: 18 });
    const left = await api.query('SELECT 1 FROM "private".held_row WHERE held_case_id = $1', [
      request.caseId,
    ]);
    expect(left).toEqual([]);
    await expect(resolve().run(request)).rejects.toMatchObject({ code: 'held_case_already_resolved' });
  });

  it('remembers the decision for the next file', async () => {
    const request = { ...(await heldAutumn()), by: 'admin' };
    await resolve().run({ ...request, decision: 'same_person', keepRow: 36 });
    const again = await run(request.organisationId, Buffer.concat([autumn, Buffer.from('\r\n')]));
    expect(again.written).toEqual({ people: 0, sessions: 0, attendances: 0, assessments: 0, heldCases: 0 });
    const next = aFile([{ 'N° séance': 'S30', Nom: 'BIDON', Prénom: 'Fatou', 'Année de naissance': '1978' }]);
    expect(await run(request.organisationId, next)).toMatchObject({
      written: { people: 0, attendances: 1, heldCases: 0 },
    });
  });

  it('makes two people of different people', async () => {
    const request = { ...(await heldAutumn()), by: 'admin', decision: 'different_people' as const };
    await resolve().run(request);
    expect(await badges(request.organisationId)).toEqual({ ...expected, 'CE-3': 13 });
    expect(await counted(request.organisationId)).toMatchObject({ people: 19, attendances: 62 });
    const again = await run(request.organisationId, Buffer.concat([autumn, Buffer.from('\r\n')]));
    expect(again.written).toEqual({ people: 0, sessions: 0, attendances: 0, assessments: 0, heldCases: 0 });
  });

  it('drops the rows when told to, and does not ask again', async () => {
    const request = { ...(await heldAutumn()), by: 'admin', decision: 'discard' as const };
    expect(await resolve().run(request)).toEqual({ personIds: [], sessionIds: [] });
    expect(await badges(request.organisationId)).toEqual(expected);
    expect(await run(request.organisationId)).toMatchObject({ state: 'already_imported' });
  });

  it('holds a file that contradicts the record, and writes over it only when the row is named', async () => {
    const { id: organisationId } = await aStructure();
    await run(organisationId, aFile([{ Résultat: 'ECA' }]));
    const corrected = await run(organisationId, aFile([{ Résultat: 'Acquis' }]));
    expect(corrected.written).toMatchObject({ assessments: 0, heldCases: 1 });
    const [held] = await listHeldCases(api.manager, organisationId, 'open');
    const request = { organisationId, caseId: held!.id, by: 'admin' };
    await expect(resolve().run({ ...request, decision: 'different_people' })).rejects.toMatchObject({
      code: 'held_case_decision_refused',
    });
    await expect(resolve().run({ ...request, decision: 'same_person' })).rejects.toMatchObject({
      code: 'held_case_needs_row',
    });
    await expect(resolve().run({ ...request, decision: 'same_person', keepRow: 9 })).rejects.toMatchObject({
      code: 'held_case_decision_refused',
    });
    await resolve().run({ ...request, decision: 'same_person', keepRow: 1 });
    expect(await badges(organisationId)).toEqual({ 'CE-1': 1 });
  });

  it('looks unknown to another structure', async () => {
    const { caseId } = await heldAutumn();
    const other = await aStructure();
    await expect(
      resolve().run({ organisationId: other.id, caseId, by: 'admin', decision: 'discard' }),
    ).rejects.toMatchObject({ code: 'held_case_not_found' });
  });

  it('asks whether a learner is the member with the same name', async () => {
    const { id: organisationId } = await aStructure();
    await run(organisationId, aFile([{}]));
    const file = aFile([{ 'N° séance': 'S21', Nom: 'FICTIVE', Prénom: 'Odile', 'Évalué par': 'Jean CHEF' }]);
    expect(await run(organisationId, file)).toMatchObject({ written: { people: 0, heldCases: 1 } });
    const [held] = await listHeldCases(api.manager, organisationId, 'open');
    await resolve().run({ organisationId, caseId: held!.id, by: 'admin', decision: 'same_person' });
    const odile = await api.query<{ id: string }[]>(
      `SELECT id FROM person WHERE organisation_id = $1 AND family_name = 'FICTIVE'`,
      [organisationId],
    );
    expect(odile).toHaveLength(1);
    const [facts] = await loadFacts(api.manager, organisationId, [odile[0]!.id]);
    expect([facts!.attendances.length, facts!.animated.length]).toEqual([1, 2]);
  });
});

describe('a long file', () => {
  it('imports 5 000 rows in one transaction', async () => {
    const structure = await aStructure();
    const rows = Array.from({ length: 5_000 }, (_, i) => ({
      'N° séance': `S${1 + Math.floor(i / 8)}`,
      Nom: `SPÉCIMEN ${Math.floor(i / 4)}`,
      Prénom: `Prénom ${i % 4}`,
      'Année de naissance': String(1960 + (i % 40)),
    }));
    const result = await run(structure.id, aFile(rows));
    expect(result.written).toMatchObject({
      people: 5_000,
      sessions: 625,
      attendances: 5_000,
      assessments: 5_000,
    });
  }, 120_000);
});
