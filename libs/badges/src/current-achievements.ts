import type { EntityManager } from 'typeorm';
import { Achievement } from './achievement.js';

/**
 * Achievements in force that a structure may issue, by code: its own, or those of the nearest structure above it that
 * has one of that code.
 */
export async function currentAchievements(tx: EntityManager, organisationId: string): Promise<Achievement[]> {
  const above: { id: string }[] = await tx.query(
    `with recursive above as (
       select id, parent_id, 0 as distance from organisation where id = $1
       union all select o.id, o.parent_id, distance + 1 from organisation o join above on o.id = above.parent_id)
     select id from above order by distance`,
    [organisationId],
  );
  const distance = new Map(above.map(({ id }, at) => [id, at]));
  const found = await tx
    .createQueryBuilder(Achievement, 'a')
    .where('a.superseded_at is null')
    .andWhere('a.organisation_id = any(:organisationIds)', { organisationIds: [...distance.keys()] })
    .orderBy('a.code')
    .getMany();
  const nearest = new Map<string, Achievement>();
  for (const achievement of found) {
    const known = nearest.get(achievement.code);
    const away = (one: Achievement): number => distance.get(one.organisationId)!;
    if (!known || away(achievement) < away(known)) nearest.set(achievement.code, achievement);
  }
  return [...nearest.values()];
}
