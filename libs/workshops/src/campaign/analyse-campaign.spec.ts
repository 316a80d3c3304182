import fc from 'fast-check';
import { analyseCampaign } from './analyse-campaign.js';
import type { CampaignPlan, PlannedSession } from './plan.js';
import { aFile, aPerson, aWorld, titles, withAssessor } from './world.spec-support.js';

const analyse = (
  rows: Partial<Record<string, string>>[],
  world = withAssessor(aWorld()),
  header = titles,
): CampaignPlan =>
  analyseCampaign({ bytes: aFile(rows, header), fileName: 'a.csv', world, today: '2026-11-22' });

const row = (given: Partial<Record<string, string>>, world = withAssessor(aWorld())) => {
  const plan = analyse([given], world);
  return { verdict: plan.rows[0]!.verdict, codes: plan.rows[0]!.issues.map(({ code }) => code), plan };
};

describe('one row', () => {
  it.each([
    ['Date', '2026-11-16', 'accepted', undefined],
    ['Date', '6/11/2026', 'accepted', undefined],
    ['Date', '11/16/2026', 'rejected', 'date_impossible'],
    ['Date', '16-11-2026', 'rejected', 'date_invalid'],
    ['Date', '22/11/2026', 'accepted', undefined],
    ['Date', '23/11/2026', 'rejected', 'date_in_future'],
    ['Date', '', 'rejected', 'date_missing'],
    ['Durée (h)', '1,5', 'accepted', undefined],
    ['Durée (h)', '1h30', 'accepted', undefined],
    ['Durée (h)', 'deux', 'rejected', 'duration_invalid'],
    ['Durée (h)', '25', 'rejected', 'duration_too_long'],
    ['Heure', '9h30', 'accepted', undefined],
    ['Heure', 'matin', 'accepted_with_warning', 'time_invalid'],
    ['Atelier', 'ce-1', 'accepted', undefined],
    ['Atelier', 'La prise en main de l’ordinateur', 'accepted', undefined],
    ['Atelier', 'CE-10', 'rejected', 'workshop_unknown'],
    ['Présence', 'Présente', 'accepted', undefined],
    ['Présence', 'peut-être', 'rejected', 'presence_unknown'],
    ['Présence', '', 'rejected', 'presence_missing'],
    ['Résultat', 'Non acquis', 'accepted', undefined],
    ['Résultat', 'ECA', 'accepted', undefined],
    ['Résultat', 'bof', 'rejected', 'result_unknown'],
    ['Compétence évaluée', '2.4, 4.2 CE-1-1', 'accepted', undefined],
    ['Compétence évaluée', '5.2 et 9.9', 'rejected', 'competency_unknown'],
    ['Compétence évaluée', '', 'no_award', 'competency_missing'],
    ['Évalué par', 'TÉMOIN Paul', 'no_award', 'self_assessed'],
    ['Année de naissance', '', 'no_award', 'birth_year_missing'],
    ['Année de naissance', '2011', 'accepted_with_warning', 'under_15'],
    ['Année de naissance', '2010', 'accepted', 'minor'],
    ['Année de naissance', '2027', 'rejected', 'birth_year_implausible'],
    ['Nom', 'ANONYME', 'accepted', undefined],
    ['Prénom', '', 'rejected', 'name_missing'],
    ['Prénom', '-', 'accepted', undefined],
    ['Accord publication', 'oui mais', 'accepted_with_warning', 'publication_unknown'],
    ['N° séance', 'CHANTIER-EXEMPLE-S01', 'accepted', undefined],
    ['N° séance', 'autre-structure-S01', 'rejected', 'session_unknown'],
    ['N° séance', 'structure-imaginaire-S01', 'rejected', 'session_unknown'],
    ['N° séance', '2026-AUT-S01', 'accepted', undefined],
    ['N° séance', '', 'rejected', 'session_missing'],
    ['N° séance', '<b>', 'rejected', 'session_number_invalid'],
    ['Observations', 'x'.repeat(1_001), 'rejected', 'cell_too_long'],
    ['Observations', '🎉'.repeat(1_000), 'accepted', undefined],
  ])('%s « %s » is %s', (column, cell, verdict, code) => {
    const anonymous = cell === 'ANONYME' ? { Prénom: '', 'Année de naissance': '', Résultat: '' } : {};
    const found = row({ ...anonymous, [column]: cell });
    expect(found.verdict).toBe(verdict);
    if (code) expect(found.codes).toContain(code);
  });

  it('tells every fault of the row at once', () => {
    const { codes } = row({ Date: '31/02/2026', 'Durée (h)': '0', Présence: '?', Nom: '' });
    expect(codes).toEqual(
      expect.arrayContaining([
        'date_impossible',
        'duration_not_positive',
        'presence_unknown',
        'name_missing',
      ]),
    );
  });

  it('counts a walk-in without name and never gives it a badge', () => {
    const { plan, verdict } = row({ Nom: 'Anonyme', Prénom: '', 'Année de naissance': '' });
    expect([verdict, plan.facts.anonymous.length, plan.facts.assessments.length]).toEqual(['no_award', 1, 0]);
  });
});

describe('people', () => {
  it('keeps homonyms of different birth years apart, and holds them when they share a phone', () => {
    const rows = [{}, { 'Année de naissance': '1970' }];
    expect(analyse(rows).counts).toMatchObject({ people: 2, heldCases: 0 });
    const shared = rows.map((one) => ({ ...one, 'N° de téléphone': '06 39 98 00 01' }));
    expect(analyse(shared).counts).toMatchObject({ people: 0, heldCases: 1, held: 2 });
  });

  it('takes a contact of three people or more for the structure’s own', () => {
    const rows = ['AUBE', 'BRUME', 'CRÊTE'].map((Nom) => ({
      Nom,
      'N° de téléphone': '06 39 98 01 00',
      'E-mail': 'a@example.org',
    }));
    expect(analyse(rows).counts).toMatchObject({ people: 3, heldCases: 0 });
    expect(analyse(rows.slice(0, 2)).counts).toMatchObject({ people: 0, heldCases: 1 });
  });

  it('takes no two learners for one because their names differ by a number', () => {
    expect(analyse([{ Nom: 'STAGIAIRE 1' }, { Nom: 'STAGIAIRE 2' }]).counts).toMatchObject({
      people: 2,
      heldCases: 0,
    });
  });

  it('links a known person, and holds one who looks like a known person', () => {
    const world = withAssessor(aWorld({ persons: [aPerson({ id: 'paul' })] }));
    expect(analyse([{ Nom: 'témoin ', Prénom: ' PAUL' }], world).facts.people[0]).toMatchObject({
      knownId: 'paul',
    });
    const held = analyse([{ Nom: 'TEMOIN', Prénom: 'Paule' }], world);
    expect(held.counts).toMatchObject({ people: 0, heldCases: 1 });
    expect(held.heldCases[0]!.people.map(({ known }) => known)).toEqual([true, false]);
  });

  it('follows what a human has said about another spelling', () => {
    const world = withAssessor(
      aWorld({
        persons: [aPerson({ id: 'paul' })],
        aliases: [{ nameKey: 'temoin|paule', birthYear: 1990, personId: 'paul' }],
      }),
    );
    expect(analyse([{ Nom: 'TEMOIN', Prénom: 'Paule' }], world).facts.people).toMatchObject([
      { knownId: 'paul' },
    ]);
  });

  it('does not choose between homonyms who animate: it lists the name', () => {
    const rows = [
      { Nom: 'BROUILLON', Prénom: 'Kévin', 'Année de naissance': '1990' },
      { Nom: 'BROUILLON', Prénom: 'Kévin', 'Année de naissance': '1970' },
      { 'N° séance': 'S21', Animateur·rice: 'Kévin BROUILLON (pair)' },
    ];
    const plan = analyse(rows);
    expect(plan.unknownStaff).toMatchObject([{ name: 'Kévin BROUILLON', reason: 'ambiguous', person: null }]);
    expect(plan.peerAnimators.map(({ name }) => name)).not.toContain('Kévin BROUILLON');
  });

  it('lets awards wait when the mandate began after the session', () => {
    const world = withAssessor(aWorld());
    const late = { ...world, mandates: [{ ...world.mandates[0]!, validFrom: '2026-11-17' }] };
    const { plan, codes } = row({}, late);
    expect(codes).toContain('assessor_awaits_confirmation');
    expect(plan.unknownStaff).toMatchObject([
      { name: 'Odile FICTIVE', reason: 'no_mandate', person: 'id:odile' },
    ]);
  });
});

describe('sessions', () => {
  it('rejects the row that names another day than the others of its session', () => {
    const plan = analyse([{}, { Nom: 'B' }, { Nom: 'C', Date: '15/11/2026' }]);
    expect(plan.rows.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted', 'rejected']);
  });

  it('rejects all of them when no day has a majority', () => {
    expect(analyse([{}, { Nom: 'C', Date: '15/11/2026' }]).counts).toMatchObject({
      rejected: 2,
      sessions: 0,
    });
  });

  it('rejects a number that is recorded for something else, and says for what', () => {
    const session = {
      id: 's',
      code: 'S20',
      heldOn: '2025-11-16',
      workshopCode: 'CE-2',
      workshopTitle: { fr: 'CV' },
    };
    const world = withAssessor(
      aWorld({
        sessions: [{ ...session, withdrawnAt: null, anonymousCount: 0, attendances: [], assessments: [] }],
      }),
    );
    const plan = analyse([{}], world);
    expect(plan.rows[0]!.issues[0]).toMatchObject({
      code: 'session_recorded_otherwise',
      message: { fr: expect.stringContaining('« CE-2 CV » le 16/11/2025') },
    });
  });

  it('rejects what is about a withdrawn session, says how it would count, and reads the others', () => {
    const recorded = (withdrawnAt: Date | null) => {
      const [{ knownId: _new, workshopCode, ...session }] = analyse([{}]).facts.sessions as [PlannedSession];
      const workshopTitle = { fr: 'CV' };
      const known = { ...session, id: 's', workshopCode, workshopTitle, withdrawnAt };
      return withAssessor(
        aWorld({ sessions: [{ ...known, anonymousCount: 0, attendances: [], assessments: [] }] }),
      );
    };
    const rows = [{}, { 'N° séance': 'S99' }];
    const plan = analyse(rows, recorded(new Date('2026-11-20T23:30:00Z')));
    expect(plan.rows.map(({ verdict }) => verdict)).toEqual(['rejected', 'accepted']);
    expect(plan.rows[0]!.issues).toMatchObject([
      {
        code: 'session_withdrawn',
        message: {
          fr: expect.stringContaining('S20 est retirée'),
          en: expect.stringContaining('S20 is withdrawn'),
        },
        remedy: { fr: expect.stringContaining('--correct'), en: expect.stringContaining('--correct') },
      },
    ]);
    expect(plan.facts.sessions.map(({ code }) => code)).toEqual(['S99']);
    const counts = analyse(rows, recorded(null));
    expect(counts.rows.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
  });

  it('takes two rows with different competencies for one presence with two assessments', () => {
    const plan = analyse([{ 'Compétence évaluée': '2.1' }, { 'Compétence évaluée': '3.1' }]);
    expect(plan.counts).toMatchObject({ attendances: 1, assessments: 2, duplicates: 0, held: 0 });
  });
});

describe('the whole file', () => {
  it('says the same with columns in another order and only those that are needed', () => {
    const rows = [{}, { Nom: 'BRUME', Résultat: 'ECA' }];
    const other = analyse(rows, withAssessor(aWorld()), [...titles].reverse());
    expect(other.digest).toBe(analyse(rows).digest);
    const needed = titles.filter((title) => !/Lieu|Genre|Langue|Matériel|Commune|Co-/.test(title));
    expect(analyse(rows, withAssessor(aWorld()), needed).columns.absent).toContain('Lieu');
  });

  it('says the same in any order of rows, apart from their numbers', () => {
    const people = fc.record({
      'N° séance': fc.constantFrom('S1', 'S2', 'S3'),
      Nom: fc.constantFrom('AUBE', 'Aube', 'AUBEE', 'BRUME', 'CRÊTE', 'ANONYME'),
      Prénom: fc.constantFrom('Ada', 'Adaline', 'Bo', ''),
      'Année de naissance': fc.constantFrom('1990', '1991', '', '2012'),
      'N° de téléphone': fc.constantFrom('', '06 39 98 00 01', '+33639980001', '06 39 98 00 02'),
      Date: fc.constantFrom('16/11/2026', '16/11/2026', '16/11/2026', '15/11/2026'),
      Présence: fc.constantFrom('Présent', 'Absent excusé'),
      Résultat: fc.constantFrom('Acquis', 'ECA', ''),
      'Évalué par': fc.constantFrom('Odile FICTIVE', 'Ada AUBE', ''),
      Animateur·rice: fc.constantFrom('Odile FICTIVE (CIP)', 'Bo BRUME'),
      Observations: fc.constantFrom('', 'a', 'b'),
      Lieu: fc.constantFrom('Ici', 'Là'),
    });
    const scrambled = fc
      .array(people, { minLength: 1, maxLength: 14 })
      .chain((rows) =>
        fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows.keys()], { minLength: rows.length })),
      );
    fc.assert(
      fc.property(scrambled, ([rows, order]) => {
        const [one, two] = [analyse(rows), analyse(order.map((i) => rows[i]!))];
        expect(two.digest).toBe(one.digest);
        expect(two.counts.heldCases).toBe(one.counts.heldCases);
        expect(two.sessionNotices).toEqual(one.sessionNotices);
        for (const [place, i] of order.entries()) {
          const [before, after] = [one.rows[i]!, two.rows[place]!];
          for (const verdict of ['rejected', 'held'] as const)
            expect(after.verdict === verdict).toBe(before.verdict === verdict);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('lets any text of a free cell through unchanged, or rejects the row with a reason', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 1_100 }),
        fc.string({ unit: 'binary', maxLength: 60 }),
        (note, name) => {
          // A file cannot hold half of a surrogate pair, and a NUL refuses the file as a whole.
          fc.pre(!/\0/.test(note + name) && (note + name).isWellFormed());
          const plan = analyse([{ Observations: note, Nom: name }]);
          const [told] = plan.rows;
          if (told!.verdict === 'rejected')
            expect(told!.issues.some(({ severity }) => severity === 'reject')).toBe(true);
          else {
            const kept = plan.facts.private.observations[0]?.note ?? plan.facts.anonymous[0]?.note ?? '';
            expect(kept).toBe(note.trim() === '' ? '' : note);
            const family = plan.facts.people[0]?.familyName ?? '';
            expect(family).toBe(family.normalize('NFC'));
            expect(family).not.toMatch(/[\p{Cc}\u200b\u202a-\u202e\u2066-\u2069]/u);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells its progress on a long file', () => {
    const seen: [number, number][] = [];
    const rows = Array.from({ length: 600 }, (_, i) => ({ Nom: `SPÉCIMEN ${i}`, 'N° séance': `S${i >> 3}` }));
    analyseCampaign({
      bytes: aFile(rows),
      fileName: 'a.csv',
      world: aWorld(),
      today: '2026-11-22',
      onProgress: (done, total) => seen.push([done, total]),
    });
    expect(seen).toEqual([
      [250, 600],
      [500, 600],
      [600, 600],
    ]);
  });

  it('analyses 5 000 rows of people with one family name within seconds', () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => ({
      Nom: 'TESTARD',
      Prénom: `${String.fromCharCode(97 + (i % 26))}${i.toString(36)}`,
      'N° séance': `S${i >> 3}`,
    }));
    expect(analyse(rows).counts.rows).toBe(5_000);
  });
});
