import type { DataSource } from 'typeorm';
import { DomainError } from '#platform';
import type { AwardState } from './award.js';
import { type PlannedRow, stonesOf } from './planned-credentials.js';

/** Pathway badges stand on badges of the same person that wait for their own signature (`badge_awaited`). */
export class BadgeAwaited extends DomainError {
  readonly code = 'badge_awaited';
  override readonly isPassing = true;
  constructor(count: number) {
    super(`${count} badges stand on others that are not signed yet`, { details: { count } });
  }
}

/** How it is with the badges that one stands on: all signed, one not decided yet, or one not to be had. */
export type Footing = 'stands' | 'waits' | 'missing';

const keyOf = (personId: string, badgeCode: string): string => `${personId} ${badgeCode}`;

/** The building stones of a batch's pathway badges: other badges of the same people, in this batch or signed before. */
export class Stones {
  private constructor(private readonly awards: Map<string, AwardState>) {}

  static async of(database: DataSource, rows: PlannedRow[]): Promise<Stones> {
    const asked = rows.flatMap((row) => stonesOf(row).map((badge) => ({ person: row.person_id, badge })));
    if (asked.length === 0) return new Stones(new Map());
    const found: { person_id: string; badge_code: string; state: AwardState }[] = await database.query(
      `select a.person_id, a.badge_code, a.state from unnest($2::uuid[], $3::text[]) as t (person, badge)
         join award a on a.organisation_id = $1 and a.person_id = t.person and a.badge_code = t.badge
         where a.state <> 'cancelled'`,
      [rows[0]!.organisation_id, asked.map(({ person }) => person), asked.map(({ badge }) => badge)],
    );
    return new Stones(
      new Map(found.map(({ person_id, badge_code, state }) => [keyOf(person_id, badge_code), state])),
    );
  }

  /** The batch in rounds, each badge in a later one than what it stands on. */
  roundsOf(rows: PlannedRow[]): PlannedRow[][] {
    const rounds: PlannedRow[][] = [];
    let left = rows;
    while (left.length > 0) {
      const undecided = new Set(left.map((row) => keyOf(row.person_id, row.badge_code)));
      const stands = (row: PlannedRow): boolean =>
        stonesOf(row).some((badge) => undecided.has(keyOf(row.person_id, badge)));
      const ready = left.filter((row) => !stands(row));
      // No rule gives badges that stand on each other: whoever wrote such ones into the database waits for ever.
      rounds.push(ready.length > 0 ? ready : left);
      left = ready.length > 0 ? left.filter(stands) : [];
    }
    return rounds;
  }

  footingOf(row: PlannedRow): Footing {
    const states = stonesOf(row).map((badge) => this.awards.get(keyOf(row.person_id, badge)));
    if (states.some((state) => state !== 'issued' && state !== 'planned')) return 'missing';
    return states.includes('planned') ? 'waits' : 'stands';
  }

  /** What became of a badge of this batch, for those that stand on it. */
  decided(row: PlannedRow, state: 'issued' | 'refused'): void {
    const key = keyOf(row.person_id, row.badge_code);
    // An award that is issued again stands, whatever becomes of its new badge.
    if (this.awards.get(key) === 'planned') this.awards.set(key, state);
  }
}
