import fc from 'fast-check';
import { analyseCampaign } from './analyse-campaign.js';
import type { CampaignPlan } from './plan.js';
import type { CampaignWorld, WorldSession } from './world.js';
import { aFile, aPerson, aWorld, withAssessor } from './world.spec-support.js';

type Cells = Partial<Record<string, string>>;

const analyse = (rows: Cells[], world = withAssessor(aWorld())): CampaignPlan =>
  analyseCampaign({ bytes: aFile(rows), fileName: 'a.csv', world, today: '2026-11-22' });

const paul = aPerson({ id: 'paul' });
const odile = { assessorPersonId: null, assessorName: 'Odile FICTIVE' };
const recorded = (given: Partial<WorldSession> = {}): WorldSession => ({
  id: 's20',
  code: 'S20',
  heldOn: '2026-11-16',
  workshopCode: 'CE-1',
  workshopTitle: { fr: "La prise en main de l'ordinateur" },
  withdrawnAt: null,
  anonymousCount: 0,
  attendances: [{ personId: 'paul', status: 'present' }],
  assessments: [{ personId: 'paul', targetCode: '5.2', outcome: 'acquired', ...odile }],
  ...given,
});
const knowing = (session: Partial<WorldSession> = {}, more: Partial<CampaignWorld> = {}): CampaignWorld =>
  withAssessor(aWorld({ persons: [paul], sessions: [recorded(session)], ...more }));

const kindsOf = (plan: CampaignPlan): string[] => plan.heldCases.map(({ kind }) => kind);
const codesOf = (plan: CampaignPlan): string[][] =>
  plan.rows.map(({ issues }) => issues.map(({ code }) => code));

// One person, told in two ways at once.
const contradiction: Cells[] = [{ Résultat: 'Acquis' }, { Résultat: 'Non acquis' }];
// Two spellings that may be one person, with one phone number.
const alike: Cells[] = [
  { Nom: 'BIDON', Prénom: 'Fatoumata', 'N° de téléphone': '06 39 98 00 01' },
  { Nom: 'BIDON', Prénom: 'Fatou', 'N° de téléphone': '06 39 98 00 01' },
];

describe('rows that contradict each other', () => {
  it.each<[string, Cells[], string[]]>([
    ['two results of one competency', contradiction, ['contradiction']],
    [
      'two presences',
      [{}, { Présence: 'Absent', Résultat: '', 'Compétence évaluée': '' }],
      ['contradiction'],
    ],
    ['results of two competencies', [{}, { 'Compétence évaluée': '4.2', Résultat: 'Non acquis' }], []],
    ['one result, twice', [{}, {}], []],
    ['results of two sessions', [{}, { 'N° séance': 'S21', Résultat: 'Non acquis' }], []],
    ['results of two people', [{}, { Nom: 'AUBE', Résultat: 'Non acquis' }], []],
  ])('wait for a human, or not: %s', (_what, rows, kinds) => {
    expect(kindsOf(analyse(rows))).toEqual(kinds);
  });
});

describe('a row about a session that is recorded', () => {
  it.each<[string, Cells, Partial<WorldSession>, string[]]>([
    ['says the same', {}, {}, []],
    ['has another result', { Résultat: 'Non acquis' }, {}, ['contradicts_record']],
    [
      'has another presence',
      { Présence: 'Absent', Résultat: '', 'Compétence évaluée': '' },
      {},
      ['contradicts_record'],
    ],
    ['adds a competency', { 'Compétence évaluée': '4.2', Résultat: 'Non acquis' }, {}, []],
    ['adds a person', { Nom: 'AUBE', Résultat: 'Non acquis' }, {}, []],
    ['adds the presence', {}, { attendances: [], assessments: [] }, []],
    [
      'differs from what is recorded of somebody else only',
      {},
      {
        attendances: [
          { personId: 'odile', status: 'absent' },
          { personId: 'paul', status: 'present' },
        ],
        assessments: [{ personId: 'odile', targetCode: '5.2', outcome: 'not_yet', ...odile }],
      },
      [],
    ],
  ])('%s', (_what, cells, session, kinds) => {
    expect(kindsOf(analyse([cells], knowing(session)))).toEqual(kinds);
  });

  it('tells that it contradicts the record, and changes nothing of it', () => {
    const plan = analyse([{ Résultat: 'Non acquis' }], knowing());
    expect(codesOf(plan)).toEqual([['contradicts_record']]);
    expect(plan.facts.assessments).toEqual([]);
  });
});

describe('a case', () => {
  it('has one row once, though a person looks like another and contradicts themselves', () => {
    const [first, second] = alike as [Cells, Cells];
    const plan = analyse([first, { ...second }, { ...second, Résultat: 'Non acquis' }]);
    expect(kindsOf(plan)).toEqual(['probable_duplicate']);
    expect(plan.heldCases[0]!.rows.map(({ row }) => row)).toEqual([...plan.rows.map(({ row }) => row)]);
  });

  it('is not asked again once it was decided, and its rows say so', () => {
    for (const rows of [contradiction, alike]) {
      const { heldCases } = analyse(rows);
      const decidedCases = heldCases.map(({ fingerprint }) => fingerprint);
      const again = analyse(rows, withAssessor(aWorld({ decidedCases })));
      expect(again.heldCases).toEqual([]);
      expect(codesOf(again)).toEqual(rows.map(() => ['already_decided']));
      expect(again.facts.attendances).toEqual([]);
    }
  });

  it('is another case when a row says something else', () => {
    const fingerprint = (rows: Cells[]): string => {
      const { heldCases } = analyse(rows);
      expect(heldCases).toHaveLength(1);
      return heldCases[0]!.fingerprint;
    };
    const changed = (cells: Cells): string => fingerprint(contradiction.map((one) => ({ ...one, ...cells })));
    const all = [
      fingerprint(contradiction),
      changed({ 'N° séance': 'S21' }),
      changed({ Date: '17/11/2026' }),
      changed({ Atelier: 'CE-2' }),
      changed({ Nom: 'AUBE' }),
      changed({ 'Année de naissance': '1991' }),
      changed({ 'Compétence évaluée': '4.2' }),
      fingerprint([contradiction[0]!, { Résultat: 'ECA' }]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('is the same in any order, with rows told twice, other free cells and competencies the other way round', () => {
    const cases: Cells[] = [
      { 'Compétence évaluée': '5.2, 4.2', Résultat: 'Acquis' },
      { 'Compétence évaluée': '5.2', Résultat: 'Non acquis' },
    ];
    const { fingerprint } = analyse(cases).heldCases[0]!;
    const turned = { 'Compétence évaluée': '4.2, 5.2' };
    fc.assert(
      fc.property(
        fc.shuffledSubarray([cases[0]!, cases[1]!, { ...cases[0], ...turned }, cases[1]!], { minLength: 4 }),
        fc.constantFrom('', 'Salle 2', 'Mairie'),
        (rows, Observations) => {
          const plan = analyse(rows.map((one) => ({ ...one, Observations })));
          expect(plan.heldCases.map((one) => one.fingerprint)).toEqual([fingerprint]);
          const numbers = plan.heldCases[0]!.rows.map(({ row }) => row);
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        },
      ),
      { numRuns: 25 },
    );
  });
});
