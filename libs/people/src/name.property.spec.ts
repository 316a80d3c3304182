import fc from 'fast-check';
import {
  DuplicateSearch,
  type Identity,
  probableDuplicate,
  similarNames,
  trigramSimilarity,
} from './duplicate.js';
import { cleanName, nameKey, splitName, staffKey, unaccented, withoutParenthesis } from './name.js';

const anyText = fc.string({ unit: 'grapheme', maxLength: 24 });
const word = fc.constantFrom(
  'Amina',
  'Jean-Baptiste',
  "O'Fictif",
  'Séan',
  'NGUYỄN',
  'Łukasz',
  'Ida',
  'مثال',
  'Thị',
);
const several = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));

describe('the key of a name', () => {
  it('is the same however case, spaces and the form of accents are typed', () => {
    const typed = (text: string) =>
      fc.constantFrom(
        text,
        text.toUpperCase(),
        text.toLowerCase(),
        text.normalize('NFD'),
        `  ${text.replaceAll(' ', '\u00a0 ')}\t`,
        text.replaceAll("'", '’'),
        text.replaceAll('-', '\u2011'),
        [...text].join('\u200b'),
      );
    const both = several.chain((given) =>
      several.chain((family) => fc.tuple(fc.constant([given, family] as const), typed(given), typed(family))),
    );
    fc.assert(
      fc.property(both, ([[given, family], otherGiven, otherFamily]) => {
        // Between Arabic letters and vowel signs joiners belong to the spelling; U+200B never does.
        expect(nameKey(otherGiven, otherFamily)).toBe(nameKey(given, family));
      }),
    );
  });

  it('does not mix up given and family name, whatever they hold', () => {
    fc.assert(
      fc.property(anyText, anyText, (given, family) => {
        const key = nameKey(given, family);
        expect(key.split('|')).toHaveLength(2);
        if (cleanName(given).name !== cleanName(family).name && nameKey(given, '') !== nameKey(family, ''))
          expect(nameKey(family, given)).not.toBe(key);
      }),
    );
  });

  it('is not changed by what no reader sees', () => {
    fc.assert(
      fc.property(anyText, anyText, (given, family) => {
        expect(nameKey(cleanName(given).name, cleanName(family).name)).toBe(nameKey(given, family));
      }),
    );
  });
});

describe('a staff name', () => {
  it('matches with its words in any order and with any parenthesis behind it', () => {
    const shuffled = fc
      .uniqueArray(word, { minLength: 1, maxLength: 4 })
      .chain((words) =>
        fc.tuple(fc.constant(words), fc.shuffledSubarray(words, { minLength: words.length })),
      );
    fc.assert(
      fc.property(
        shuffled,
        fc.constantFrom('', ' (CIP)', ' (bénévole, le mardi)'),
        ([words, others], after) => {
          expect(staffKey(others.join(' ') + after)).toBe(staffKey(words.join(' ')));
        },
      ),
    );
  });

  it('loses no word when it is split in two', () => {
    fc.assert(
      fc.property(several, (name) => {
        const { givenName, familyName } = splitName(name);
        expect(`${givenName} ${familyName}`.split(' ').filter(Boolean).sort()).toEqual(
          withoutParenthesis(name).split(' ').sort(),
        );
        expect(familyName).not.toBe('');
      }),
    );
  });

  it('of any text is split and keyed without an exception', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(typeof staffKey(text)).toBe('string');
        expect(cleanName(splitName(text).familyName).removed).toEqual([]);
      }),
    );
  });
});

describe('a name without accents', () => {
  it('has no mark left, and stays as it is when it is made again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = unaccented(text);
        expect(plain).not.toMatch(/\p{M}/u);
        expect(unaccented(plain)).toBe(plain);
      }),
    );
  });
});

const identity: fc.Arbitrary<Identity> = fc.record({
  givenName: word,
  familyName: word,
  birthYear: fc.constantFrom(1990, 1991, null),
  phone: fc.constantFrom(null, '+33639980001', '+33639980002'),
  email: fc.constantFrom(null, 'a@example.org', 'b@example.org'),
});

describe('the likeness of two people', () => {
  it('does not depend on who is asked first', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        expect(probableDuplicate(a, b)).toBe(probableDuplicate(b, a));
        expect(similarNames(a.familyName, b.familyName)).toBe(similarNames(b.familyName, a.familyName));
      }),
    );
  });

  it('is complete between a person and the same person', () => {
    fc.assert(fc.property(identity, (person) => probableDuplicate(person, { ...person })));
  });

  it('only grows when they turn out to share a phone', () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        if (!probableDuplicate({ ...a, phone: null }, { ...b, phone: null })) return;
        expect(probableDuplicate({ ...a, phone: '+1' }, { ...b, phone: '+1' })).toBe(true);
      }),
    );
  });

  it('of words is between 0 and 1, and 1 only for one word', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        const likeness = trigramSimilarity(a, b);
        expect(likeness).toBeGreaterThanOrEqual(0);
        expect(likeness).toBeLessThanOrEqual(1);
        expect(trigramSimilarity(b, a)).toBe(likeness);
        expect(trigramSimilarity(a, a)).toBe(1);
      }),
    );
  });

  it('is never found with somebody who was not added', () => {
    fc.assert(
      fc.property(fc.array(identity, { maxLength: 8 }), identity, (people, wanted) => {
        const search = new DuplicateSearch<Identity>([...people, wanted]);
        expect(search.matches(wanted)).toEqual([]);
        for (const person of people) search.add(person);
        for (const match of search.matches(wanted)) expect(people).toContain(match);
      }),
    );
  });
});
