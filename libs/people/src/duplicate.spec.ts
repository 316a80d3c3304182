import fc from 'fast-check';
import {
  DuplicateSearch,
  type Identity,
  probableDuplicate,
  sharedContacts,
  similarNames,
  trigramSimilarity,
} from './duplicate.js';

const somebody = (given: Partial<Identity> = {}): Identity => ({
  givenName: 'Paul',
  familyName: 'TÉMOIN',
  birthYear: 1990,
  phone: null,
  email: null,
  ...given,
});

describe('similar names', () => {
  it('are measured as pg_trgm does', () => {
    // SELECT similarity('fatou', 'fatoumata') is 0.45454547.
    expect(trigramSimilarity('fatou', 'fatoumata')).toBeCloseTo(5 / 11, 10);
    expect(trigramSimilarity('word', 'word')).toBe(1);
    expect(trigramSimilarity('abc', 'xyz')).toBe(0);
  });

  it.each([
    ['Fatou', 'Fatoumata', true],
    ['DE LA MAQUETTE', 'Delamaquette', true],
    ['ÉCHANTILLON', 'echantillon', true],
    ['Jean-Baptiste', 'Jean Baptiste', true],
    ['BIDON', 'QUIDAM', false],
    ['FORMULE1', 'FORMULE3', false],
    ['', '', false],
  ])('%s and %s: %s', (a, b, similar) => {
    expect(similarNames(a, b)).toBe(similar);
  });
});

describe('a probable duplicate', () => {
  it.each([
    ['both names alike', { givenName: 'Paule' }, true],
    ['family name and phone', { givenName: 'Inès', phone: '+33639980001' }, true],
    [
      'phone and e-mail',
      { givenName: 'Inès', familyName: 'AUBE', phone: '+33639980001', email: 'a@example.org' },
      true,
    ],
    ['family name only', { givenName: 'Inès' }, false],
    ['given name only', { familyName: 'AUBE' }, false],
    ['homonyms of two birth years', { birthYear: 1970 }, false],
    ['homonyms of two birth years with one phone', { birthYear: 1970, phone: '+33639980001' }, true],
    ['parent and child with one phone', { givenName: 'Inès', birthYear: 2010, phone: '+33639980001' }, false],
    ['an unknown birth year', { birthYear: null }, true],
  ])('%s: %#', (_, other, expected) => {
    const one = somebody({ phone: '+33639980001', email: 'a@example.org' });
    expect(probableDuplicate(one, somebody(other))).toBe(expected);
    expect(probableDuplicate(somebody(other), one)).toBe(expected);
  });
});

it('leaves out contacts that three people share', () => {
  const people = ['AUBE', 'BRUME', 'CRÊTE'].map((familyName) =>
    somebody({ familyName, phone: '+33639980100' }),
  );
  expect([...sharedContacts(people)]).toEqual(['+33639980100']);
  expect(sharedContacts(people.slice(1)).size).toBe(0);
});

it('finds among many exactly those that a comparison of all with all finds', () => {
  const person = fc.record({
    givenName: fc.constantFrom('Fatou', 'Fatoumata', 'Jean-Baptiste', 'Jean', 'Ada', 'Adaline', ''),
    familyName: fc.constantFrom('BIDON', 'Bidón', 'BIDONI', 'TESTARD', 'TESTARDE', 'A1', 'A2', 'مثال'),
    birthYear: fc.constantFrom(1990, 1991, null),
    phone: fc.constantFrom(null, '+1', '+2'),
    email: fc.constantFrom(null, 'a@b.fr'),
  });
  fc.assert(
    fc.property(fc.array(person, { maxLength: 12 }), person, (people, wanted) => {
      const shared = sharedContacts([...people, wanted]);
      const own = (one: Identity): Identity => ({
        ...one,
        phone: one.phone && !shared.has(one.phone) ? one.phone : null,
        email: one.email && !shared.has(one.email) ? one.email : null,
      });
      const search = new DuplicateSearch<Identity>([...people, wanted], shared);
      for (const one of people) search.add(one);
      const found = new Set(search.matches(wanted));
      expect(found).toEqual(new Set(people.filter((one) => probableDuplicate(own(wanted), own(one)))));
    }),
  );
});
