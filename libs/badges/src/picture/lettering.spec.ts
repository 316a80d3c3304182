import fc from 'fast-check';
import { foldedInitials, initialsOf, lettering } from './lettering.js';

describe('foldedInitials', () => {
  it.each([
    ['éç', 'EC'],
    ['Œuvre', 'OEUV'],
    ['ß', 'SS'],
    ['Łódź', 'LODZ'],
    ['a-b.c d', 'ABCD'],
    ['ABCDEFG', 'ABCD'],
    ['مرحبا', ''],
    ['🙂', ''],
    ['', ''],
  ])('sets %p as %p', (text, set) => {
    expect(foldedInitials(text)).toBe(set);
  });

  it('answers with nothing but capitals and digits, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => /^[A-Z0-9]{0,4}$/.test(foldedInitials(text))),
    );
  });
});

describe('initialsOf', () => {
  it.each([
    ['Les Ateliers de la Licorne', 'AL'],
    ['AIPREFON', 'AI'],
    ['Campus Vitamine T', 'CVT'],
    ["L'Étape d'Émile", 'EE'],
    ['La', 'LA'],
    ['42', '42'],
    ['جمعية', ''],
    ['', ''],
  ])('takes %p as %p', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });
});

describe('lettering', () => {
  it('makes long initials smaller so that they keep to the plate', () => {
    expect(lettering('WWWW', 200, 340, 46, 128).width).toBeLessThanOrEqual(128);
    expect(lettering('AL', 200, 340, 46, 128).width).toBeLessThan(80);
  });

  it('draws nothing for an empty text', () => {
    expect(lettering('', 200, 340, 46, 128)).toEqual({ markup: '', width: 0 });
  });
});
