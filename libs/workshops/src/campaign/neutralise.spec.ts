import fc from 'fast-check';
import { neutralise, restore } from './neutralise.js';

describe('a cell for an export', () => {
  it.each([
    '=1+1',
    '+33 6',
    '-> à revoir',
    '@SUM(1)',
    '\t=1+1',
    '\rx',
    ' =1',
    '"=1',
    '\ufeff=1',
    "'=1",
    '＝1',
    "@SUM(1+1)*cmd|' /C calc'!A0",
  ])('cannot start a formula: %j', (cell) => {
    expect(neutralise(cell)).toBe(`'${cell}`);
  });

  it.each(['', 'Amina', 'a=b', '06 39 98 00 01', "L'EXEMPLE", '12/11/2026'])('stays as it is: %j', (cell) => {
    expect(neutralise(cell)).toBe(cell);
  });

  it('comes back unchanged, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('', "'", "''", '=', "'=", '\t', ' '),
        (text, start) => {
          const cell = start + text;
          expect(restore(neutralise(cell))).toBe(cell);
        },
      ),
    );
  });
});
