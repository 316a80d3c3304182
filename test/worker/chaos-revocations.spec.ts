import fc from 'fast-check';
import { faultSentences } from '../chaos/fault-sentences.js';
import {
  judgeRevocations,
  type RevocationReading,
  type Standing,
  wentBack,
} from '../chaos/judge-revocations.js';
import { secondsAllowed } from '../chaos/limits.js';

const now = Date.UTC(2026, 10, 23, 12);
const secondsAgo = (seconds: number): number => now - seconds * 1000;
const longAgo = secondsAgo(secondsAllowed.revokedInList + 1);
const justNow = secondsAgo(secondsAllowed.revokedInList - 1);

const aStanding = (given: Partial<Standing> = {}): Standing => ({
  awardId: 'a',
  state: 'revoked',
  isTold: true,
  ...given,
});

/** One revocation, as `given` says otherwise: confirmed long ago, and told. */
const aReading = (
  given: Partial<RevocationReading> & { confirmedAt?: number; standing?: Partial<Standing> } = {},
): RevocationReading => {
  const { confirmedAt = longAgo, standing, ...rest } = given;
  return {
    asked: new Set(['a']),
    confirmed: [{ awardId: 'a', confirmedAt }],
    standings: [aStanding(standing)],
    toldBefore: new Set(),
    now,
    ...rest,
  };
};

const right = { lost: [], broken: [] };

describe('the judge of revocations under faults', () => {
  it('finds nothing when each stands in the database and in the signed list', () => {
    expect(judgeRevocations(aReading())).toEqual({ ...right, due: 1 });
    expect(judgeRevocations(aReading({ isOver: true, toldBefore: new Set(['a']) }))).toEqual({
      ...right,
      due: 1,
    });
  });

  it('gives the signed list its minute, and not a second more', () => {
    const untold = { isTold: false };
    expect(judgeRevocations(aReading({ confirmedAt: justNow, standing: untold }))).toEqual({
      ...right,
      due: 0,
    });
    const late = judgeRevocations(aReading({ standing: untold }));
    expect(late).toMatchObject({ lost: ['a'], due: 1 });
    expect(late.broken).toEqual(['a was revoked and is not told by the signed list']);
  });

  it('gives no time at all once everything is over', () => {
    const untold = aReading({ confirmedAt: now, standing: { isTold: false }, isOver: true });
    expect(judgeRevocations(untold).lost).toEqual(['a']);
  });

  it('calls lost what the database forgot, at once', () => {
    for (const confirmedAt of [longAgo, justNow, now]) {
      const active = judgeRevocations(aReading({ confirmedAt, standing: { state: 'active' } }));
      expect(active.lost).toEqual(['a']);
      expect(active.broken).toEqual(['a was revoked and is active in the database']);
      const gone = judgeRevocations(aReading({ confirmedAt, standings: [] }));
      expect(gone.broken[0]).toMatch(/^a was revoked and is unknown in the database/);
    }
  });

  it('calls lost what a list told and a later one does not, however fresh', () => {
    const taken = aReading({
      confirmedAt: justNow,
      standing: { isTold: false },
      toldBefore: new Set(['a']),
    });
    expect(judgeRevocations(taken).broken).toEqual([
      'a was revoked and was told by an earlier list and is not any more',
    ]);
  });

  it('lets one that was asked for and not answered be either, and finds one that nobody asked for', () => {
    for (const standing of [{ state: 'active', isTold: false }, { isTold: false }, {}])
      expect(judgeRevocations(aReading({ confirmed: [], standing }))).toEqual({ ...right, due: 0 });
    const others = [
      aStanding(),
      aStanding({ awardId: 'b', state: 'active' }),
      aStanding({ awardId: 'c', isTold: false }),
      aStanding({ awardId: 'd', state: 'active', isTold: false }),
    ];
    expect(judgeRevocations(aReading({ standings: others })).broken).toEqual([
      'b is told and nobody revoked it',
      'c is revoked and nobody revoked it',
    ]);
  });

  it('counts as lost exactly those that are wrong, among however many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ isTold: fc.boolean(), state: fc.constantFrom('active', 'revoked') })),
        (given) => {
          const standings = given.map((one, at) => ({ ...one, awardId: `award ${at}` }));
          const ids = standings.map(({ awardId }) => awardId);
          const { lost, due, broken } = judgeRevocations({
            asked: new Set(ids),
            confirmed: ids.map((awardId) => ({ awardId, confirmedAt: longAgo })),
            standings,
            toldBefore: new Set(),
            now,
          });
          const wrong = standings.filter(({ isTold, state }) => !isTold || state !== 'revoked');
          expect(lost).toEqual(wrong.map(({ awardId }) => awardId));
          expect(broken).toHaveLength(wrong.length);
          expect(due).toBe(ids.length);
        },
      ),
    );
  });
});

describe('the versions of signed lists', () => {
  const versions = (given: Record<string, number>): Map<string, number> => new Map(Object.entries(given));

  it('stay or grow, and new lists may come', () => {
    expect(wentBack(versions({}), versions({ l: 1 }))).toEqual([]);
    expect(wentBack(versions({ l: 3, m: 1 }), versions({ l: 3, m: 2, n: 1 }))).toEqual([]);
  });

  it('never go back, and no list goes away', () => {
    expect(wentBack(versions({ l: 3, m: 1 }), versions({ l: 2 }))).toEqual([
      'list l had version 3 and has 2',
      'list m had version 1 and has none',
    ]);
  });
});

describe('the faults that insigne check finds', () => {
  it('become one sentence a kind, with the number and three examples', () => {
    expect(faultSentences([])).toEqual([]);
    const digests = [1, 2, 3, 4].map((list) => ({ code: 'list_digest' as const, ids: { list } }));
    expect(faultSentences([...digests, { code: 'list_proof', ids: { list: 9 } }])).toEqual([
      'insigne check: list_digest 4 times, for example {"list":1}, {"list":2}, {"list":3}',
      'insigne check: list_proof 1 times, for example {"list":9}',
    ]);
  });
});
