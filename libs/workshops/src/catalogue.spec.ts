import { readProjectJson } from '#platform';
import { parseCatalogue, readStarterCatalogue } from './catalogue.js';

type Draft = {
  workshops: { code: string; maxParticipants: number; alignments: Record<string, unknown[]> }[];
  badges: { code: string; requires: { allOf?: string[] } }[];
};
const draft = (): Draft => readProjectJson('libs', 'workshops', 'data', 'starter-catalogue.fr.json');

describe('the starter catalogue', () => {
  const catalogue = readStarterCatalogue();

  it('has 7 workshops and 10 badges', () => {
    expect([catalogue.workshops.length, catalogue.badges.length]).toEqual([7, 10]);
  });

  it('says everything in French and English', () => {
    const texts = [
      ...catalogue.workshops.flatMap(({ title, aim, easyText, criteria }) => [
        title,
        aim,
        easyText,
        ...criteria.map((c) => c.text),
      ]),
      ...catalogue.badges.flatMap(({ name, easyText, criteria }) => [
        name,
        ...(easyText ? [easyText] : []),
        ...(criteria ?? []).map((c) => c.text),
      ]),
    ];
    for (const text of texts) {
      expect([text.fr, text.en].every((one) => one && one.trim() === one)).toBe(true);
      expect(text.en).not.toBe(text.fr);
    }
  });

  it('lists alignments by framework', () => {
    expect(catalogue.workshops[0]!.alignments).toContainEqual({ framework: 'crcn', code: '5.2' });
  });
});

describe('a catalogue file', () => {
  it('is refused with every fault and its place', () => {
    const bad = draft();
    bad.workshops[0]!.maxParticipants = 0;
    bad.workshops[1]!.code = 'ce 2';
    expect(() => parseCatalogue(bad)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        faults: expect.arrayContaining([
          expect.objectContaining({ path: '/workshops/0/maxParticipants' }),
          expect.objectContaining({ path: '/workshops/1/code' }),
        ]),
      }),
    );
  });

  it('may state the level that a workshop leads to, with a plain gloss or without', () => {
    const file = draft();
    const gloss = { fr: 'Fait seul une action simple.', en: 'Does a simple action alone.' };
    file.workshops[0]!.alignments = {
      crcn: ['1.2', { code: '5.2', level: '2', gloss }],
      'digcomp-2.2': [
        { code: '5.2', level: '1' },
        { code: '1.3', exactMatches: true },
      ],
    };
    expect(parseCatalogue(file).workshops[0]!.alignments).toEqual([
      { framework: 'crcn', code: '1.2' },
      { framework: 'crcn', code: '5.2', level: '2', gloss },
      { framework: 'digcomp-2.2', code: '5.2', level: '1' },
      { framework: 'digcomp-2.2', code: '1.3', exactMatches: true },
    ]);
  });

  it.each([
    ['without its level', { code: '5.2' }],
    ['with matches that are not wanted', { code: '5.2', exactMatches: false }],
    ['with a level that is a number', { code: '5.2', level: 2 }],
    ['with a gloss that lacks French', { code: '5.2', level: '2', gloss: { en: 'Alone.' } }],
  ])('is refused when a competency stands as an object %s', (_, alignment) => {
    const bad = draft();
    bad.workshops[0]!.alignments = { crcn: [alignment] };
    expect(() => parseCatalogue(bad)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('is refused when a workshop is aligned with one competency twice', () => {
    const bad = draft();
    bad.workshops[0]!.alignments = { crcn: ['5.2', { code: '5.2', level: '2' }] };
    expect(() => parseCatalogue(bad)).toThrow(
      expect.objectContaining({
        code: 'catalogue_refused',
        details: { workshop: 'CE-1', alignment: 'crcn 5.2' },
      }),
    );
  });

  it('is refused when a code stands twice', () => {
    const bad = draft();
    bad.workshops[1]!.code = 'CE-1';
    expect(() => parseCatalogue(bad)).toThrow(expect.objectContaining({ code: 'catalogue_refused' }));
  });

  it('is refused when a badge requires what is not there', () => {
    const bad = draft();
    bad.badges[0]!.requires = { allOf: ['CE-99'] };
    expect(() => parseCatalogue(bad)).toThrow(
      expect.objectContaining({ code: 'catalogue_refused', details: { badge: 'B-CE-1', requires: 'CE-99' } }),
    );
  });
});
