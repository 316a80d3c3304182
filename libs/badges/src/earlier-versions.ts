import type { EntityManager } from 'typeorm';

// A badge that is revised every year still names what somebody may hold.
const mostEarlier = 5;

/**
 * The versions of the same badge before these ones, newest first, at most five each.
 * @returns by achievement id; none is left out of the map when there is none
 */
export async function earlierVersions(
  tx: Pick<EntityManager, 'query'>,
  achievementIds: string[],
): Promise<Map<string, { publicId: string; version: number }[]>> {
  const rows: { id: string; earlier: { publicId: string; version: number }[] }[] = await tx.query(
    `select a.id, jsonb_agg(jsonb_build_object('publicId', e.public_id, 'version', e.version) order by e.version desc)
       as earlier
     from achievement a cross join lateral (
       select public_id, version from achievement b where b.organisation_id = a.organisation_id and b.code = a.code
         and b.version < a.version order by b.version desc limit ${mostEarlier}) e
     where a.id = any($1) group by a.id`,
    [achievementIds],
  );
  return new Map(rows.map(({ id, earlier }) => [id, earlier]));
}
