import type { DeadLetter } from '#badges';
import { age, counted } from '#platform';
import { groupLetters } from './letter-groups.js';
import { operationsWords } from './operations-texts.js';

const letter = (given: Partial<DeadLetter>): DeadLetter => ({
  id: 'a',
  kind: 'refused',
  organisation: { slug: 'licorne', publicName: 'La Licorne' },
  badges: ['B-CE-1'],
  statements: [],
  credentials: 1,
  code: 'assessor_not_mandated',
  detail: { fr: 'Confirmez.', en: 'Confirm.' },
  since: '2026-10-05T09:00:00.000Z',
  attempts: 1,
  lastError: null,
  canRetry: true,
  isSuccessor: false,
  ...given,
});

describe('letters of one structure with one reason', () => {
  it('stand together, with all their badges', () => {
    const groups = groupLetters([
      letter({ id: 'a' }),
      letter({ id: 'b', badges: ['B-CE-2'], credentials: 2 }),
      letter({ id: 'c', code: 'lint' }),
      letter({ id: 'd', organisation: { slug: 'autre', publicName: 'Autre' } }),
      letter({ id: 'e', canRetry: false }),
      letter({ id: 'f', kind: 'failed' }),
      letter({ id: 'g', badges: [], statements: ['endorsement'] }),
      letter({ id: 'h', badges: [], statements: ['endorsement'] }),
    ]);
    expect(groups.map((group) => group.letters.map((one) => one.id))).toEqual([
      ['a', 'b'],
      ['c'],
      ['d'],
      ['e'],
      ['f'],
      ['g', 'h'],
    ]);
    expect(groups[0]).toMatchObject({ credentials: 3, badges: ['B-CE-1', 'B-CE-2'] });
  });
});

describe('words of the operations page', () => {
  it('say ages in the largest whole unit', () => {
    const said = [0, 59, 60, 3_599, 3_600, 172_799, 172_800].map((seconds) => age(seconds, 'fr'));
    expect(said.map((text) => text.replace('\u00a0', ' '))).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '47 h',
      '2 j',
    ]);
    expect(age(200_000, 'en')).toBe('2\u00a0d');
  });

  it('count: none is singular in French and plural in English', () => {
    expect(counted(operationsWords('fr').badges, 0, 'fr')).toBe('0 badge');
    expect(counted(operationsWords('fr').badges, 1, 'fr')).toBe('1 badge');
    expect(counted(operationsWords('en').badges, 0, 'en')).toBe('0 badges');
    expect(counted(operationsWords('en').badges, 1_204, 'en')).toBe('1,204 badges');
  });

  it('exist in both languages, none twice the same by mistake', () => {
    const [fr, en] = [operationsWords('fr'), operationsWords('en')];
    expect(Object.keys(en)).toEqual(Object.keys(fr));
    const same = Object.entries(fr).filter(
      ([key, text]) => JSON.stringify(text) === JSON.stringify(en[key as keyof typeof en]),
    );
    expect(same.map(([key]) => key).sort()).toEqual([
      'badgeCodes',
      'badges',
      'engines',
      'reason',
      'structure',
      'version',
      'workers',
    ]);
  });
});
