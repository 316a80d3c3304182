import fc from 'fast-check';
import type { Findings } from '../chaos/check-invariants.js';
import { catchUpAllowed, type Measured, medianSurplus, overLimit, secondsAllowed } from '../chaos/limits.js';
import { brokenIn, happenedIn, type Outcome, reportTable } from '../chaos/outcome.js';
import { isBroken } from '../chaos/results.js';

const issued = (value: number, atMost: number = secondsAllowed.queueEmptied): Measured => ({
  what: 'all were issued after',
  value,
  atMost,
  unit: 's',
});

const findings: Findings = {
  promised: 1,
  signed: 1,
  refused: 0,
  toRefuse: 0,
  cancelled: 0,
  lost: 0,
  doubled: 0,
  verified: 1,
  verifiedOutside: 0,
  signedAgain: 0,
  broken: [],
};

const anOutcome = (measured?: Measured[], broken: string[] = []): Outcome => ({
  id: 'T-07',
  engine: 'Redis',
  fault: 'FLUSHALL',
  happened: '5000 jobs forgotten',
  count: 5000,
  findings: { ...findings, broken },
  measured,
});

describe('limits of time of the fault tests', () => {
  it('are kept up to the limit and broken above it', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (value, atMost) => {
          expect(overLimit([issued(value, atMost)])).toHaveLength(value > atMost ? 1 : 0);
        },
      ),
    );
  });

  it('are broken by what is no number, also once it went through JSON', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(overLimit([issued(value)])).toHaveLength(1);
      expect(overLimit(JSON.parse(JSON.stringify([issued(value)])) as Measured[])).toHaveLength(1);
    }
  });

  it('are those of the list of faults', () => {
    expect(secondsAllowed).toEqual({
      workerKilled: 120,
      apiKilled: 90,
      queueEmptied: 300,
      postgresRestarted: 30,
      drained: 30,
      roomP95: 60,
      roomP99: 180,
      revokedOnPage: 5,
      revokedInList: 60,
    });
    expect(catchUpAllowed(600)).toBe(1_200);
  });

  it('make a scenario broken in the report, with what was measured', () => {
    expect(isBroken(anOutcome())).toBe(false);
    expect(isBroken(anOutcome([issued(41.23)]))).toBe(false);
    expect(happenedIn(anOutcome([issued(41.23)]))).toBe(
      '5000 jobs forgotten; all were issued after 41.2 s (at most 300 s)',
    );
    const late = anOutcome([issued(41), issued(324)], ['1 promised awards are lost']);
    expect(brokenIn(late)).toEqual([
      '1 promised awards are lost',
      'too late: all were issued after 324 s (at most 300 s)',
    ]);
    expect(isBroken(anOutcome([issued(324)]))).toBe(true);
    expect(reportTable([late])).toContain('BROKEN: 1 promised awards are lost; too late: all were issued');
  });

  it('take the middle of pairs, so that one noisy round counts for nothing', () => {
    expect(medianSurplus([[102, 100]])).toBeCloseTo(2);
    expect(
      medianSurplus([
        [10, 10],
        [500, 10],
        [9.9, 10],
      ]),
    ).toBeCloseTo(0);
    expect(
      medianSurplus([
        [1.1, 1],
        [1.3, 1],
      ]),
    ).toBeCloseTo(20);
    expect(overLimit([{ what: 'delayed by', value: medianSurplus([]), atMost: 5, unit: '%' }])).toHaveLength(
      1,
    );
  });
});

describe('the report', () => {
  it('tells how many awards were refused, and how many had to be', () => {
    const outcome = anOutcome();
    const refusing = { ...outcome, findings: { ...findings, refused: 15, toRefuse: 16 } };
    const [head, , none, some] = reportTable([outcome, refusing]).split('\n');
    const at = head!.split(' | ').indexOf('Refused');
    expect([none, some].map((line) => line!.split(' | ')[at])).toEqual(['0', '15 of 16 to refuse']);
  });
});
