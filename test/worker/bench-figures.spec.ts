import fc from 'fast-check';
import { median, rounded, table } from '../bench/figures.js';

describe('figures of the bench', () => {
  it('take the middle of the rounds, so that one noisy round counts for nothing', () => {
    expect(median([3, 1, 1000])).toBe(3);
    expect(median([4, 1, 2, 1000])).toBe(3);
  });

  it('are rounded to three digits, at most half a unit of the third away', () => {
    expect([rounded(0), rounded(12_345), rounded(1.2345), rounded(0.000123456)]).toEqual([
      0, 12_345, 1.23, 0.000123,
    ]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 99, noNaN: true }), (value) => {
        expect(Math.abs(rounded(value) - value)).toBeLessThanOrEqual(value * 0.00501);
      }),
    );
  });

  it('say what a ratio compares with', () => {
    expect(
      table([
        { name: 'ours', value: 4_000, unit: 'awards/s', ratio: 17.46, to: 'theirs' },
        { name: 'theirs', value: 229, unit: 'credentials/s' },
      ]),
    ).toBe('  ours        4,000 awards/s        17.5 × theirs\n  theirs        229 credentials/s');
  });
});
