import { readFileSync } from 'node:fs';
import { projectFile, readProjectJson } from '#platform';
import { analyseCampaign } from './analyse-campaign.js';
import type { CampaignPlan, Verdict } from './plan.js';
import { aWorld, withAssessor } from './world.spec-support.js';

const file = (name: string): Buffer => readFileSync(projectFile('test', 'vectors', 'campaign', name));
const expectation = <T>(name: string): T => readProjectJson<T>('test', 'vectors', 'campaign', name);

const analyse = (bytes: Buffer, world = aWorld()): CampaignPlan =>
  analyseCampaign({ bytes, fileName: 'campagne.csv', world, today: '2026-11-22' });

describe('the autumn campaign', () => {
  interface Expected {
    dataRows: number;
    sessions: number;
    realPersons: number;
    anonymousParticipants: number;
    exactDuplicateRows: number;
    awardsAutomatic: Record<string, number>;
    pathwayCompleted: string[];
    minors: string[];
    noEmail: number;
  }
  const expected = expectation<Expected>('campagne-2026-automne.expected.json');
  const bytes = file('campagne-2026-automne.csv');
  const plan = analyse(bytes, withAssessor(aWorld()));

  it('has the expected people, sessions, walk-in, minor and held case', () => {
    expect(plan.refusal).toBeNull();
    expect(plan.counts).toMatchObject({
      rows: expected.dataRows,
      sessions: expected.sessions,
      people: expected.realPersons,
      peopleNew: expected.realPersons,
      anonymous: expected.anonymousParticipants,
      minors: expected.minors.length,
      heldCases: 1,
      held: 2,
      rejected: 0,
      publicationWishes: 5,
    });
    expect(plan.facts.people.filter(({ email }) => email === null)).toHaveLength(expected.noEmail);
  });

  it('yields 51 badges and 7 pathways from what would be written', () => {
    const earned = new Map<string, Set<string>>();
    for (const { session, person, status } of plan.facts.attendances) {
      const { workshopCode } = plan.facts.sessions.find(({ code }) => code === session)!;
      const judged = plan.facts.assessments.filter((one) => one.session === session && one.person === person);
      const counts =
        judged.length > 0 && judged.every((one) => one.outcome === 'acquired' && one.assessor === 'id:odile');
      if (status === 'present' && counts)
        earned.set(person, (earned.get(person) ?? new Set()).add(workshopCode));
    }
    const awards: Record<string, number> = {};
    for (const codes of earned.values()) for (const code of codes) awards[code] = (awards[code] ?? 0) + 1;
    expect(awards).toEqual(expected.awardsAutomatic);
    expect(Object.values(awards).reduce((sum, count) => sum + count)).toBe(51);
    const pathway = [...earned]
      .filter(([, codes]) => ['CE-1', 'CE-2', 'CE-3', 'CE-4'].every((code) => codes.has(code)))
      .map(([person]) => person);
    const shown = pathway.map((person) => {
      const { familyName, givenName, birthYear } = plan.facts.people.find(({ ref }) => ref === person)!;
      return `${familyName} ${givenName} ${birthYear}`.toLowerCase();
    });
    expect(shown.sort()).toEqual([...expected.pathwayCompleted].sort());
    expect(shown).toHaveLength(7);
  });

  it('holds BIDON Fatoumata and Fatou in S05, and only there', () => {
    expect(
      plan.heldCases.map(({ kind, people, rows }) => ({
        kind,
        names: people.map((p) => p.name),
        rows: rows.map((r) => r.row),
      })),
    ).toEqual([{ kind: 'probable_duplicate', names: ['BIDON Fatoumata', 'BIDON Fatou'], rows: [36, 64] }]);
    const fatoumata = plan.facts.attendances.filter(({ person }) => person.includes('bidon'));
    expect(fatoumata.map(({ session }) => session)).toEqual(['S01', 'S03', 'S07']);
    expect(plan.facts.people.some(({ givenName }) => givenName === 'Fatou')).toBe(false);
  });

  it('counts people once per session, whatever their spelling and phone form', () => {
    const duplicates = plan.rows.filter(({ verdict }) => verdict === 'duplicate').map(({ row }) => row);
    expect(duplicates).toEqual([6, 17]);
    expect(duplicates.length - 1).toBe(expected.exactDuplicateRows);
    const amina = plan.facts.people.filter(({ givenName }) => givenName === 'Amina');
    expect(amina.map(({ familyName, birthYear, phone }) => [familyName, birthYear, phone])).toEqual([
      ['TESTARD', 1987, '+33639980001'],
      ['TESTARD', 1993, null],
    ]);
  });

  it('keeps every hard character of the cells', () => {
    const notes = plan.facts.private.observations.map(({ note }) => note);
    expect(notes).toEqual(
      expect.arrayContaining([
        '=A+ pour la prise en main, bravo !',
        '-> à revoir avec la souris',
        '+ autonome qu’au début',
        '@ créée pendant l’atelier : à ajouter à sa fiche',
        'CV bilingue / резюме двома мовами',
        '5 € de forfait : data limitée',
      ]),
    );
    expect(notes.some((note) => /\nPhoto retirée à sa demande$/.test(note))).toBe(true);
    const names = plan.facts.people.map(({ familyName, givenName }) => `${familyName} ${givenName}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'FICTIF-MODÈLE Ibrahim "Ibra"',
        'NGUYỄN-ESSAI Thị Hạnh',
        'MITHAL (مثال) Salma',
        'O’FICTIF Séan',
      ]),
    );
    expect(plan.facts.people.find(({ givenName }) => givenName === 'Zoé')!.email).toBe(
      'zoe.dinventee@example.org',
    );
  });

  it('reads decimal hours, days without zero and two competencies in a cell', () => {
    const session = (code: string) => plan.facts.sessions.find((one) => one.code === code)!;
    expect([session('S09').durationMinutes, session('S08').heldOn]).toEqual([90, '2026-11-03']);
    expect(
      new Set(plan.facts.assessments.filter((one) => one.session === 'S09').map((one) => one.targetCode)),
    ).toEqual(new Set(['2.4', '4.2']));
  });

  it('knows that Kévin is a learner who animates', () => {
    expect(plan.peerAnimators).toContainEqual({
      name: 'Kévin BROUILLON',
      person: 'p:brouillon|kévin#1998',
      sessions: ['S09'],
      firstDate: '2026-11-12',
    });
    expect(plan.facts.sessions.at(-1)!.staff).toContainEqual({
      name: 'Kévin BROUILLON',
      role: 'lead',
      person: 'p:brouillon|kévin#1998',
    });
  });

  it('lists staff that nobody has confirmed, and lets their assessments wait', () => {
    const unknown = analyse(bytes);
    expect(unknown.unknownStaff.map(({ name, asAssessor }) => [name, asAssessor])).toEqual([
      ['Karim BÉNÉVOLE', false],
      ['Madeleine BÉNÉVOLE', false],
      ['Odile FICTIVE', true],
    ]);
    expect(unknown.facts.assessments.every(({ assessor }) => assessor === null)).toBe(true);
    expect(unknown.counts).toEqual({ ...plan.counts });
  });
});

describe('the bad campaign', () => {
  interface Case {
    row: number;
    case: string;
    expect: string;
  }
  const { rows, tail } = expectation<{ rows: Case[]; tail: Case[] }>('campagne-mauvaise.expected.json');
  const bytes = file('campagne-mauvaise.csv');
  const plan = analyse(bytes, withAssessor(aWorld()));
  const verdicts: Record<string, [Verdict, string?]> = {
    'date-impossible': ['rejected', 'date_impossible'],
    'date-us-order': ['rejected', 'date_impossible'],
    'date-future': ['rejected', 'date_in_future'],
    'birth-year-absurd': ['rejected', 'birth_year_implausible'],
    'birth-year-2-digits': ['rejected', 'birth_year_invalid'],
    'under-15': ['accepted_with_warning', 'under_15'],
    'unknown-workshop': ['rejected', 'workshop_unknown'],
    'unknown-competence': ['rejected', 'competency_unknown'],
    'email-invalid': ['accepted_with_warning', 'email_invalid'],
    'phone-letters': ['accepted_with_warning', 'phone_invalid'],
    'name-missing': ['rejected', 'name_missing'],
    'absent-but-passed': ['rejected', 'absent_but_assessed'],
    'passed-without-evaluator': ['no_award', 'assessor_missing'],
    'self-evaluated': ['no_award', 'self_assessed'],
    'contradictory-1': ['held', 'contradiction'],
    'contradictory-2': ['held', 'contradiction'],
    'formula-hyperlink': ['accepted'],
    'formula-dde': ['accepted'],
    'formula-tab': ['accepted_with_warning', 'room_limit'],
    html: ['accepted_with_warning', 'room_limit'],
    'svg-break': ['accepted_with_warning', 'room_limit'],
    'bidi-override': ['accepted_with_warning', 'name_controls_removed'],
    'zero-width': ['accepted_with_warning', 'name_invisible_removed'],
    sql: ['accepted_with_warning', 'room_limit'],
    'very-long': ['rejected', 'cell_too_long'],
    'room-too-big': ['accepted_with_warning', 'room_limit'],
    'duration-zero': ['rejected', 'duration_not_positive'],
    'negative-duration': ['rejected', 'duration_not_positive'],
    'other-tenant-session': ['rejected', 'session_unknown'],
    'too-few-columns': ['rejected', 'row_too_short'],
    'too-many-columns': ['rejected', 'row_too_long'],
    'comma-separated-line': ['rejected', 'row_other_separator'],
  };
  const lastRow = tail.find((one) => one.case === 'unterminated-quote')!;

  it.each([...rows, ...tail].filter((one) => one !== lastRow))(
    'row $row, $case: $expect',
    ({ row, case: name }) => {
      const [verdict, code] = verdicts[name]!;
      const told = plan.rows.find((one) => one.row === row)!;
      expect(told.verdict).toBe(verdict);
      if (code) expect(told.issues.map((one) => one.code)).toContain(code);
      for (const one of told.issues)
        for (const language of ['fr', 'en'] as const) {
          expect(one.message[language]).toMatch(/\S/);
          expect(one.remedy[language]).toMatch(/\S/);
          expect(one.message[language] + one.remedy[language]).not.toMatch(/\{\d\}|undefined/);
        }
    },
  );

  it('is refused as a whole, naming the line of the open quotation mark', () => {
    expect(plan.refusal).toMatchObject({ code: 'quote_not_closed' });
    expect(plan.refusal!.message.fr).toContain('Ligne 34');
    expect(plan.rows).toHaveLength(lastRow.row - 1);
  });

  it('lists the known workshop codes, and never tells that a foreign session exists', () => {
    expect(plan.rows[6]!.issues[0]!.remedy.fr).toContain('CE-1, CE-2, CE-3, CE-4, EREP, SMART, ACTU');
    const { message } = plan.rows[28]!.issues.find(({ code }) => code === 'session_unknown')!;
    expect(message.fr + message.en).not.toMatch(/autre/i);
  });

  it('takes nothing from a rejected or held row', () => {
    const refused = plan.rows.filter(({ verdict }) => verdict === 'rejected' || verdict === 'held').length;
    expect(plan.facts.people).toHaveLength(plan.rows.length - refused);
    expect(plan.facts.assessments).toHaveLength(12);
    const names = plan.facts.people.map(({ familyName }) => familyName);
    for (const name of ['DOUBLE', 'INTRUS', 'LONG', 'TROP', 'VIRGULE']) expect(names).not.toContain(name);
    expect(plan.facts.private.wishes.find(({ person }) => person.includes('enfant'))!.wish).toBe('no');
  });

  it('keeps text that attacks a page, a picture or a database as it is', () => {
    const names = plan.facts.people.map(({ familyName }) => familyName);
    expect(names).toEqual(
      expect.arrayContaining([
        '<img src=x onerror=alert(1)>',
        '</text><script>alert(1)</script><text>',
        "FAUTIF'); DROP TABLE awards;--",
        'FAUTIF',
        'TXTELOSNOC',
      ]),
    );
  });

  it('says the same of each row when the broken last line is gone', () => {
    const text = bytes.toString('utf8');
    const cut = analyse(
      Buffer.from(text.slice(0, text.lastIndexOf('S20;CE-1;16/11/2026;09:30'))),
      withAssessor(aWorld()),
    );
    expect(cut.refusal).toBeNull();
    expect(cut.rows).toEqual(plan.rows);
    expect(cut.digest).toBe(plan.digest);
  });
});

it('refuses the Windows-1252 file with one message that says how to save it', () => {
  const plan = analyse(file('campagne-cp1252-entetes-faux.csv'));
  expect(plan.refusal).toMatchObject({
    code: 'file_not_utf8',
    remedy: { fr: expect.stringContaining('CSV UTF-8') },
  });
  expect(plan.rows).toEqual([]);
  expect(plan.facts).toMatchObject({ people: [], sessions: [], attendances: [] });
});
