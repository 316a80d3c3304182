import type { EntityManager } from 'typeorm';

export interface IssuanceSummary {
  /** Awards that stand, by badge code. */
  awards: Record<string, number>;
  planned: number;
  signed: number;
  refused: number;
}

/** How far issuance is for a structure, or for all of them. */
export async function issuanceSummary(
  manager: EntityManager,
  organisationId?: string,
): Promise<IssuanceSummary> {
  const rows: { badge: string; awards: number; planned: number; signed: number; refused: number }[] =
    await manager.query(
      `select a.badge_code as badge, count(distinct a.id)::int as awards,
            count(*) filter (where c.state = 'planned')::int as planned,
            count(*) filter (where c.state = 'signed')::int as signed,
            count(*) filter (where c.state = 'refused')::int as refused
     from award a left join credential c on c.award_id = a.id and c.state <> 'void'
     where a.state not in ('cancelled', 'revoked') and ($1::uuid is null or a.organisation_id = $1)
     group by a.badge_code order by a.badge_code`,
      [organisationId ?? null],
    );
  const total = (key: 'planned' | 'signed' | 'refused') => rows.reduce((sum, row) => sum + row[key], 0);
  return {
    awards: Object.fromEntries(rows.map((r) => [r.badge, r.awards])),
    planned: total('planned'),
    signed: total('signed'),
    refused: total('refused'),
  };
}
