import { DataSource } from 'typeorm';
import {
  authenticateApiClient,
  changeEmail,
  createApiClient,
  endRole,
  grantRole,
  isMandated,
  organisationPath,
  peopleEntities,
  registerOrganisation,
  registerPerson,
  revokeApiClient,
} from '#people';
import { dataSourceOptions, uuid } from '#platform';
import {
  importCatalogue,
  loadFacts,
  readStarterCatalogue,
  recordProfessionalFact,
  workshopsEntities,
  workshopsFor,
} from '#workshops';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let api: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  const entities = [...peopleEntities, ...workshopsEntities];
  api = await new DataSource(dataSourceOptions({ url: database.url, entities })).initialize();
}, 120_000);

afterAll(async () => {
  await api?.destroy();
  await database?.drop();
});

const slug = (): string => `s-${uuid().slice(-12)}`;
const organisation = (kind: 'programme' | 'region' | 'structure', parentId?: string) =>
  registerOrganisation(api.manager, { kind, parentId, slug: slug(), legalName: `Un ${kind}` });
const person = (organisationId: string, familyName = 'TÉMOIN', birthYear: number | null = 1990) =>
  registerPerson(api.manager, { organisationId, givenName: 'Paul', familyName, birthYear });

describe('organisations', () => {
  it('stand in a tree from programme to structure', async () => {
    const programme = await organisation('programme');
    const region = await organisation('region', programme.id);
    const structure = await organisation('structure', region.id);
    const path = await organisationPath(api.manager, structure.id);
    expect(path.map(({ id }) => id)).toEqual([structure.id, region.id, programme.id]);
    await expect(organisation('programme', structure.id)).rejects.toMatchObject({
      code: 'organisation_refused',
    });
    await expect(organisation('region')).rejects.toMatchObject({ code: 'organisation_refused' });
    await expect(organisation('structure', uuid())).rejects.toMatchObject({ code: 'organisation_refused' });
  });

  it('are registered once: the same again is answered, another with that slug is refused', async () => {
    const given = { kind: 'structure' as const, slug: slug(), legalName: 'Chantier Exemple' };
    const first = await registerOrganisation(api.manager, given);
    expect(first).toMatchObject({ publicName: 'Chantier Exemple' });
    expect((await registerOrganisation(api.manager, given)).id).toBe(first.id);
    await expect(registerOrganisation(api.manager, { ...given, legalName: 'Autre' })).rejects.toMatchObject({
      code: 'organisation_slug_taken',
    });
    await expect(registerOrganisation(api.manager, { ...given, slug: 'Pas un slug' })).rejects.toMatchObject({
      code: 'organisation_refused',
    });
  });
});

describe('the public e-mail address of an organisation', () => {
  // The api writes events and reads none.
  let worker: DataSource;
  beforeAll(async () => {
    worker = await new DataSource(dataSourceOptions({ url: database.workerUrl, entities: [] })).initialize();
  });
  afterAll(() => worker?.destroy());
  const change = (organisationId: string, email: string) =>
    api.transaction((tx) => changeEmail(tx, { organisationId, email, by: 'test' }));
  const events = async (organisationId: string): Promise<unknown[]> =>
    worker.query(
      `select subject from audit_event where action = 'organisation.changed' and subject ->> 'organisationId' = $1`,
      [organisationId],
    );

  it('is given and changed in small letters, with one event each that does not hold it', async () => {
    const { id } = await organisation('structure');
    const give = (email: string) => change(id, email);
    expect(await give(' Contact@Example.ORG ')).toMatchObject({ id, email: 'contact@example.org' });
    await give('contact@example.org');
    expect(await events(id)).toHaveLength(1);
    await give('accueil@example.org');
    expect((await organisationPath(api.manager, id))[0]).toMatchObject({ email: 'accueil@example.org' });
    expect(await events(id)).toEqual(Array(2).fill({ subject: { organisationId: id, field: 'email' } }));
  });

  it.each(['', 'contact', 'a@b', 'a@example.org, b@example.org', 'mailto:a@example.org', 'é@example.org'])(
    'is never %p, at registration or later, and nothing is changed',
    async (email) => {
      const { id } = await organisation('structure');
      const refused = { code: 'organisation_refused' };
      await expect(changeEmail(api.manager, { organisationId: id, email, by: 'test' })).rejects.toMatchObject(
        refused,
      );
      await expect(
        registerOrganisation(api.manager, { kind: 'structure', slug: slug(), legalName: 'X', email }),
      ).rejects.toMatchObject(refused);
      expect((await organisationPath(api.manager, id))[0]).toMatchObject({ email: null });
      expect(await events(id)).toEqual([]);
    },
  );
});

describe('persons', () => {
  it('are one for one name and birth year, also without a birth year, and apart for two', async () => {
    const { id } = await organisation('structure');
    const first = await person(id);
    expect((await person(id, ' témoin ')).id).toBe(first.id);
    expect((await person(id, 'TÉMOIN', 1970)).id).not.toBe(first.id);
    expect((await person(id, 'TÉMOIN', null)).id).toBe((await person(id, 'TÉMOIN', null)).id);
  });

  it('are not mixed up between structures', async () => {
    const [one, two] = [await organisation('structure'), await organisation('structure')];
    expect((await person(one.id)).id).not.toBe((await person(two.id)).id);
  });

  it('are mandated from the first to the last day, both included, in their own structure', async () => {
    const [mine, other] = [await organisation('structure'), await organisation('structure')];
    const { id: personId } = await person(mine.id);
    const grant = { organisationId: mine.id, personId, role: 'assessor' as const, confirmedBy: 'test' };
    const given = await grantRole(api.manager, { ...grant, validFrom: '2026-10-05' });
    expect((await grantRole(api.manager, { ...grant, validFrom: '2026-11-01' })).id).toBe(given.id);
    await endRole(api.manager, {
      organisationId: mine.id,
      personId,
      role: 'assessor',
      lastDay: '2026-11-30',
    });
    const on = (day: string, where = mine.id) => isMandated(api.manager, personId, where, 'assessor', day);
    expect(
      await Promise.all(['2026-10-04', '2026-10-05', '2026-11-30', '2026-12-01'].map((day) => on(day))),
    ).toEqual([false, true, true, false]);
    expect(await on('2026-10-05', other.id)).toBe(false);
    expect(await isMandated(api.manager, personId, mine.id, 'issuer', '2026-10-05')).toBe(false);
  });
});

describe('a program that calls the API', () => {
  it('is let in with its secret only, until it is revoked', async () => {
    const { id: organisationId } = await organisation('structure');
    const { clientId, secret } = await createApiClient(api.manager, {
      organisationId,
      name: 'Export',
      scopes: ['a:b'],
    });
    expect(await authenticateApiClient(api.manager, clientId, secret)).toMatchObject({
      clientId,
      scopes: ['a:b'],
    });
    expect(await authenticateApiClient(api.manager, clientId, `${secret}x`)).toBeNull();
    expect(await authenticateApiClient(api.manager, 'nobody', secret)).toBeNull();
    const [row] = await api.query<{ secret_hash: string }[]>(
      'SELECT secret_hash FROM api_client WHERE client_id = $1',
      [clientId],
    );
    expect(row!.secret_hash).toMatch(/^scrypt\$16384\$8\$1\$/);
    expect(row!.secret_hash).not.toContain(secret);
    await revokeApiClient(api.manager, clientId);
    expect(await authenticateApiClient(api.manager, clientId, secret)).toBeNull();
  });
});

describe('a catalogue', () => {
  it('changes nothing when it comes again, and makes a new version of what changed', async () => {
    const programme = await organisation('programme');
    const catalogue = readStarterCatalogue();
    const load = () =>
      api.transaction((tx) => importCatalogue(tx, { organisationId: programme.id, catalogue }));
    expect(await load()).toMatchObject({ created: 7, revised: 0, unchanged: 0 });
    expect(await load()).toMatchObject({ created: 0, revised: 0, unchanged: 7 });
    catalogue.workshops[0]!.maxParticipants = 10;
    const revised = await load();
    expect(revised).toMatchObject({ created: 0, revised: 1, unchanged: 6, badges: catalogue.badges });
    expect(revised.workshops[0]).toMatchObject({ code: 'CE-1', version: 2, maxParticipants: 10 });
    const structure = await organisation('structure', programme.id);
    const given = await workshopsFor(api.manager, structure.id);
    expect(given.map(({ code, version }) => `${code} ${version}`)).toEqual([
      'ACTU 1',
      'CE-1 2',
      'CE-2 1',
      'CE-3 1',
      'CE-4 1',
      'EREP 1',
      'SMART 1',
    ]);
  });
});

describe('a professional fact', () => {
  it('is recorded once, by somebody else, on a day that has come', async () => {
    const { id: organisationId } = await organisation('structure');
    const [learner, colleague] = [await person(organisationId), await person(organisationId, 'COLLÈGUE')];
    const fact = {
      organisationId,
      personId: learner.id,
      kind: 'animator-training' as const,
      occurredOn: '2026-11-02',
      recordedByPersonId: colleague.id,
    };
    const record = (more = {}) => recordProfessionalFact(api.manager, { ...fact, ...more }, '2026-11-22');
    await record();
    await record();
    expect(await loadFacts(api.manager, organisationId, [learner.id])).toEqual([
      {
        personId: learner.id,
        attendances: [],
        assessments: [],
        animated: [],
        professional: [
          { kind: 'animator-training', occurredOn: '2026-11-02', recordedByPersonId: colleague.id },
        ],
      },
    ]);
    // Somebody named twice has each fact once; without names, everybody's facts come.
    const named = [colleague.id, learner.id, learner.id];
    const facts = await loadFacts(api.manager, organisationId, named);
    expect(facts.map(({ personId, professional }) => [personId, professional.length])).toEqual([
      [colleague.id, 0],
      [learner.id, 1],
    ]);
    expect(await loadFacts(api.manager, organisationId)).toEqual([facts[1]]);
    for (const more of [{ recordedByPersonId: learner.id }, { occurredOn: '2026-11-23' }, { kind: 'other' }])
      await expect(record(more)).rejects.toMatchObject({ code: 'professional_fact_refused' });
  });
});
