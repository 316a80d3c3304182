import fc from 'fast-check';
import { cleanName, nameKey, splitName, staffKey, withoutParenthesis } from './name.js';

describe('a name', () => {
  it.each([
    ['  de  LA\tMAQUETTE ', 'de LA MAQUETTE', []],
    ['TXT\u202eELOSNOC', 'TXTELOSNOC', ['bidi']],
    ['\u2066Paul\u2069', 'Paul', ['bidi']],
    ['FAU\u200bTIF', 'FAUTIF', ['invisible']],
    ['Se\u0301an', 'Séan', []],
    ['علی\u200cرضا', 'علی\u200cرضا', []],
    ['Pa\u200cul', 'Paul', ['invisible']],
    ['MITHAL (مثال)', 'MITHAL (مثال)', []],
    ['\u200b\u202e', '', ['bidi', 'invisible']],
  ])('%j is kept as %j', (text, name, removed) => {
    expect(cleanName(text)).toEqual({ name, removed });
  });

  it('cleans to itself, in NFC and without controls, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { name } = cleanName(text);
        expect(cleanName(name)).toEqual({ name, removed: [] });
        expect(name).toBe(name.normalize('NFC'));
        expect(name).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it.each([
    ['Testard ', 'amina', 'TESTARD', 'Amina'],
    ['O’FICTIF', 'Séan', "o'fictif", 'SÉAN'],
    ['STRAẞE', 'Ida', 'strasse', 'ida'],
    ['NGUYỄN‑ESSAI', 'Thị Hạnh', 'nguyễn-essai', 'thị hạnh'],
  ])('%s %s and %s %s have one key', (family, given, otherFamily, otherGiven) => {
    expect(nameKey(given, family)).toBe(nameKey(otherGiven, otherFamily));
  });

  it('has another key with another accent: only a human says that they are one', () => {
    expect(nameKey('Sean', 'OFICTIF')).not.toBe(nameKey('Séan', 'OFICTIF'));
  });
});

describe('a staff name', () => {
  it.each(['Odile FICTIVE (CIP)', 'fictive odile', 'FICTIVE, Odile', 'Odile  Fictive'])(
    '%s is Odile FICTIVE',
    (name) => {
      expect(staffKey(name)).toBe(staffKey('Odile FICTIVE'));
    },
  );

  it.each([
    ['Odile FICTIVE (CIP)', 'Odile', 'FICTIVE'],
    ['Marie-Thérèse DE LA MAQUETTE', 'Marie-Thérèse', 'DE LA MAQUETTE'],
    ['Karim Bénévole', 'Karim', 'Bénévole'],
    ['ODILE FICTIVE', 'ODILE', 'FICTIVE'],
    ['Odile', '', 'Odile'],
  ])('%s splits into « %s » and « %s »', (name, givenName, familyName) => {
    expect(splitName(name)).toEqual({ givenName, familyName });
  });

  it('keeps its parenthesis when nothing else is left', () => {
    expect(withoutParenthesis('(CIP)')).toBe('(CIP)');
  });
});
