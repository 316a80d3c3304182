import fc from 'fast-check';
import type { PlannedRow } from './planned-credentials.js';
import { Stones } from './stones.js';

/** A planned badge of a person that stands on others of the same person. */
const aRow = (person: string, badge: string, under: string[] = []): PlannedRow =>
  ({
    id: `${person}/${badge}`,
    organisation_id: 'o1',
    person_id: person,
    badge_code: badge,
    reasons: under.map((code) => ({ code: 'badge', badge: code, text: { fr: code, en: code } })),
  }) as unknown as PlannedRow;

const noDatabase = undefined as never;

/** People with up to eight badges each, of which each may stand on any before it; in any order. */
const batches = fc
  .array(fc.array(fc.array(fc.nat(7), { maxLength: 3 }), { minLength: 1, maxLength: 8 }), { maxLength: 6 })
  .chain((people) => {
    const rows = people.flatMap((badges, person) =>
      badges.map((under, place) =>
        aRow(
          `p${person}`,
          `b${place}`,
          under.filter((one) => one < place).map((one) => `b${one}`),
        ),
      ),
    );
    return fc.shuffledSubarray(rows, { minLength: rows.length, maxLength: rows.length });
  });

describe('the rounds in which a batch is signed', () => {
  let stones: Stones;
  beforeAll(async () => {
    stones = await Stones.of(noDatabase, []);
  });

  it('hold each badge once, and after every badge that it stands on', () => {
    fc.assert(
      fc.property(batches, (rows) => {
        const rounds = stones.roundsOf(rows);
        expect(
          rounds
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(rows.map(({ id }) => id).sort());
        const decided = new Set<string>();
        for (const round of rounds) {
          for (const { person_id: person, reasons } of round)
            for (const { badge } of reasons) expect(decided).toContain(`${person}/${badge}`);
          for (const { id } of round) decided.add(id);
        }
      }),
    );
  });

  it('are one for a batch without a pathway badge, in the order in which it was planned', () => {
    const rows = [aRow('p2', 'a'), aRow('p1', 'b'), aRow('p1', 'a')];
    expect(stones.roundsOf(rows)).toEqual([rows]);
    expect(stones.roundsOf([])).toEqual([]);
  });

  it('come to an end for badges that stand on each other', () => {
    const rows = [aRow('p1', 'a', ['b']), aRow('p1', 'b', ['a']), aRow('p2', 'a')];
    expect(stones.roundsOf(rows).map((round) => round.map(({ id }) => id))).toEqual([
      ['p2/a'],
      ['p1/a', 'p1/b'],
    ]);
  });

  it('find nothing under a badge whose stones are not to be had', () => {
    expect(stones.footingOf(aRow('p1', 'sum', ['a']))).toBe('missing');
    expect(stones.footingOf(aRow('p1', 'a'))).toBe('stands');
  });
});
