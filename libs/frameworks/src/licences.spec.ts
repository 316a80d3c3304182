import fc from 'fast-check';
import { licenceName, licenceUrl } from './licences.js';

describe('the licence of a framework', () => {
  it.each([
    [
      'CC-BY-4.0',
      'Creative Commons Attribution 4.0 (CC BY 4.0)',
      'https://creativecommons.org/licenses/by/4.0/',
    ],
    [
      'etalab-2.0',
      'Licence Ouverte 2.0 (Etalab)',
      'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
    ],
    ['MIT', 'MIT', null],
    ['constructor', 'constructor', null],
    ['toString', 'toString', null],
  ])('of %s has the name people know it by, and its address where that is known', (spdx, name, url) => {
    const licence = { spdx, attribution: 'Quelqu’un' };
    expect([licenceName(licence), licenceUrl(licence)]).toEqual([name, url]);
  });

  it('is told by its attribution where only facts are cited, cut between two signs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 260 }), (attribution) => {
        const name = licenceName({ spdx: null, attribution });
        expect(attribution.startsWith(name)).toBe(true);
        expect([...name]).toHaveLength(Math.min(200, [...attribution].length));
        expect(name.isWellFormed()).toBe(attribution.isWellFormed());
        expect(licenceUrl({ spdx: null, attribution })).toBeNull();
      }),
      { examples: [['🧮'.repeat(201)], [`${'a'.repeat(199)}🧮🧮`]] },
    );
  });
});
