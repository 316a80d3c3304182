import fc from 'fast-check';
import { TokenBucket } from './token-bucket.js';

describe('counting failures', () => {
  it('lets so many through at once, then one for every interval', () => {
    const bucket = new TokenBucket(2, 1_000);
    bucket.take('a', 0);
    bucket.take('a', 0);
    expect(bucket.waitMs('a', 0)).toBe(1_000);
    expect(bucket.waitMs('a', 400)).toBe(600);
    expect(bucket.waitMs('a', 1_000)).toBe(0);
    expect(bucket.waitMs('b', 0)).toBe(0);
  });

  it('forgets the try of one who was right', () => {
    const bucket = new TokenBucket(1, 1_000);
    bucket.take('a', 0);
    bucket.giveBack('a', 0);
    expect(bucket.waitMs('a', 0)).toBe(0);
    bucket.giveBack('nobody', 0);
    expect(bucket.waitMs('nobody', 0)).toBe(0);
  });

  it('never allows more than its size and what time gave back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }), (times) => {
        const bucket = new TokenBucket(3, 1_000);
        const allowed = times
          .sort((a, b) => a - b)
          .filter((now) => {
            if (bucket.waitMs('a', now) > 0) return false;
            bucket.take('a', now);
            return true;
          });
        for (const [first, from] of allowed.entries())
          for (const [more, until] of allowed.slice(first).entries())
            expect(more + 1).toBeLessThanOrEqual(3 + (until - from) / 1_000 + 1e-6);
      }),
    );
  });

  it('remembers so many sources and no more', () => {
    const bucket = new TokenBucket(1, 1_000, 2);
    for (const source of ['a', 'b', 'c']) bucket.take(source, 0);
    expect(['a', 'b', 'c'].map((source) => bucket.waitMs(source, 0) > 0)).toEqual([false, true, true]);
  });
});
