import { dateIn, FixedClock, SystemClock } from './clock.js';

describe('the calendar date', () => {
  it.each([
    ['2026-03-28T23:30:00Z', '2026-03-29'],
    ['2026-03-29T21:59:59Z', '2026-03-29'],
    ['2026-03-29T22:00:00Z', '2026-03-30'],
    ['2026-10-25T22:59:59Z', '2026-10-25'],
    ['2026-10-25T23:00:00Z', '2026-10-26'],
    ['2026-12-31T23:00:00Z', '2027-01-01'],
  ])('of %s is %s where the workshops are, summer and winter', (instant, date) => {
    expect(dateIn(new Date(instant))).toBe(date);
  });

  it('is another one in another zone', () => {
    const instant = new Date('2026-11-22T23:30:00Z');
    expect([dateIn(instant), dateIn(instant, 'UTC'), dateIn(instant, 'Pacific/Noumea')]).toEqual([
      '2026-11-23',
      '2026-11-22',
      '2026-11-23',
    ]);
  });
});

describe('a clock', () => {
  it('that stands still gives a copy: whoever changes it changes nobody else’s time', () => {
    const clock = new FixedClock(new Date('2026-11-22T12:00:00Z'));
    clock.now().setFullYear(1999);
    expect(clock.now().toISOString()).toBe('2026-11-22T12:00:00.000Z');
    clock.instant = new Date('2027-01-01T00:00:00Z');
    expect(clock.now().getUTCFullYear()).toBe(2027);
  });

  it('of the system goes on', () => {
    const before = Date.now();
    expect(new SystemClock().now().getTime()).toBeGreaterThanOrEqual(before);
  });
});
