import { analyseCampaign } from './analyse-campaign.js';
import type { CampaignPlan } from './plan.js';
import type { CampaignWorld, WorldPerson } from './world.js';
import { aFile, aPerson, aWorld, withAssessor } from './world.spec-support.js';

type Cells = Partial<Record<string, string>>;

const phone = '06 39 98 00 01';
const analyse = (rows: Cells[], given: Partial<CampaignWorld> = {}): CampaignPlan =>
  analyseCampaign({
    bytes: aFile(rows),
    fileName: 'a.csv',
    world: withAssessor(aWorld(given)),
    today: '2026-11-22',
  });
const bidon = (Prénom: string, more: Cells = {}): Cells => ({ Nom: 'BIDON', Prénom, ...more });
const whoWaits = (plan: CampaignPlan): string[][] =>
  plan.heldCases.map(({ people }) => people.map(({ name }) => name));

describe('who a row is about', () => {
  it('is who is recorded under that name, whatever was said of the spelling before', () => {
    const paul = aPerson({ id: 'paul' });
    const other = aPerson({ id: 'other', givenName: 'Léa', familyName: 'BRUME' });
    const plan = analyse([{}], {
      persons: [paul, other],
      aliases: [{ nameKey: paul.nameKey, birthYear: 1990, personId: 'other' }],
    });
    expect(plan.facts.people).toMatchObject([{ knownId: 'paul' }]);
  });

  it('is nobody whom an alias names but the structure does not know', () => {
    const { nameKey } = aPerson({ id: 'paul' });
    const plan = analyse([{}], { aliases: [{ nameKey, birthYear: 1990, personId: 'gone' }] });
    expect(plan.facts.people).toMatchObject([{ knownId: null, familyName: 'TÉMOIN' }]);
  });

  it('is one person under all spellings that lead to them, with the name, year and contacts that are recorded', () => {
    const known: WorldPerson = aPerson({
      id: 'paul',
      birthYear: 1990,
      phone: '+33639980001',
      email: 'paul@example.org',
    });
    const alias = aPerson({ id: '', givenName: 'Paulo' });
    const rows = [
      { 'N° de téléphone': '06 39 98 00 02', 'E-mail': 'new@example.org' },
      { Prénom: 'Paulo', 'Année de naissance': '1991', 'N° séance': 'S19' },
    ];
    const aliases = [{ nameKey: alias.nameKey, birthYear: 1991, personId: 'paul' }];
    for (const order of [rows, rows.toReversed()]) {
      const plan = analyse(order, { persons: [known], aliases });
      expect(plan.facts.people).toMatchObject([
        { knownId: 'paul', givenName: 'Paul', birthYear: 1990, phone: known.phone, email: known.email },
      ]);
      expect(plan.counts).toMatchObject({ people: 1, attendances: 2, heldCases: 0 });
    }
  });

  it('has the spelling and the contact that most rows give, in any order of rows', () => {
    const rows = [
      { Nom: 'Aubé', 'N° séance': 'S1', 'E-mail': 'b@example.org' },
      { Nom: 'AUBE', 'N° séance': 'S2', 'E-mail': 'a@example.org' },
      { Nom: 'AUBE', 'N° séance': 'S3', 'E-mail': 'a@example.org' },
      { Nom: 'AUBE', 'N° séance': 'S4' },
    ];
    for (const order of [rows, rows.toReversed()])
      expect(analyse(order).facts.people).toMatchObject([{ familyName: 'AUBE', email: 'a@example.org' }]);
  });
});

describe('of two who may be one', () => {
  const long = bidon('Fatoumata', { 'N° de téléphone': phone });
  const short = bidon('Fatou', { 'N° de téléphone': phone });

  it('the one who is known stays, though the other has more rows', () => {
    const known = aPerson({ id: 'fatou', givenName: 'Fatou', familyName: 'BIDON', phone: '+33639980001' });
    const rows = [short, long, { ...long, 'N° séance': 'S21' }, { ...long, 'N° séance': 'S22' }];
    const plan = analyse(rows, { persons: [known] });
    expect(plan.facts.people).toMatchObject([]);
    expect(plan.heldCases[0]!.people).toMatchObject([
      { name: 'BIDON Fatou', known: true },
      { name: 'BIDON Fatoumata', known: false },
    ]);
  });

  it('the one with more rows stays', () => {
    const plan = analyse([long, short, { ...short, 'N° séance': 'S21' }]);
    expect(whoWaits(plan)).toEqual([['BIDON Fatou', 'BIDON Fatoumata']]);
    expect(plan.facts.attendances).toMatchObject([{ session: expect.stringContaining('S21') }]);
  });

  it('the one with the longer name stays where rows are equal, in any order', () => {
    for (const rows of [
      [long, short],
      [short, long],
    ])
      expect(whoWaits(analyse(rows))).toEqual([['BIDON Fatoumata', 'BIDON Fatou']]);
  });

  it('a third who only looks like the one who waits does not wait', () => {
    // AUBE Léa shares the phone and the given name with BIDON Léa, and the e-mail and given name with nobody who stays.
    const stays = { Nom: 'BIDON', Prénom: 'Léa', 'N° de téléphone': phone };
    const waits = { Nom: 'AUBE', Prénom: 'Léa', 'N° de téléphone': phone, 'E-mail': 'lea@example.org' };
    const third = { Nom: 'CRÊTE', Prénom: 'Léa', 'E-mail': 'lea@example.org' };
    const more = (row: Cells, ...sessions: string[]) =>
      sessions.map((session) => ({ ...row, 'N° séance': session }));
    const plan = analyse([
      ...more(stays, 'S1', 'S2', 'S3'),
      ...more(waits, 'S1', 'S2'),
      ...more(third, 'S1'),
    ]);
    expect(whoWaits(plan)).toEqual([['BIDON Léa', 'AUBE Léa']]);
    expect(plan.facts.people.map(({ familyName }) => familyName).sort()).toEqual(['BIDON', 'CRÊTE']);
  });
});

describe('a learner', () => {
  it('who bears the whole name of a member waits, in whichever order the name is written', () => {
    for (const cells of [
      { Nom: 'FICTIVE', Prénom: 'Odile' },
      { Nom: 'Fictive', Prénom: 'ODILE' },
    ])
      expect(analyse([cells]).heldCases[0]!.people).toMatchObject([
        { name: 'FICTIVE Odile', birthYear: null, known: true },
        { birthYear: 1990, known: false },
      ]);
    expect(analyse([{ Nom: 'FICTIVE', Prénom: 'Paul' }]).heldCases).toEqual([]);
  });

  it('who is known never waits for looking like somebody else', () => {
    const persons = [
      aPerson({ id: 'one', givenName: 'Fatou', familyName: 'BIDON' }),
      aPerson({ id: 'two', givenName: 'Fatoumata', familyName: 'BIDON' }),
    ];
    const plan = analyse([bidon('Fatou'), bidon('Fatoumata')], { persons });
    expect(plan.heldCases).toEqual([]);
    expect(plan.facts.people.map(({ knownId }) => knownId).sort()).toEqual(['one', 'two']);
  });

  it('who is known and in the file counts once among those who share a contact', () => {
    const number = '+33639980001';
    const paul = aPerson({ id: 'paul', phone: number });
    const twin = { Nom: 'TÉMOIN', Prénom: 'Luce', 'N° de téléphone': phone };
    // Known and in the file: two people with one phone, so it still tells who is who.
    expect(whoWaits(analyse([{ 'N° de téléphone': phone }, twin], { persons: [paul] }))).toEqual([
      ['TÉMOIN Paul', 'TÉMOIN Luce'],
    ]);
  });
});
