import type { EntityManager } from 'typeorm';
import { Achievement } from './achievement.js';

/** Achievements in force that a structure, or those above it, may issue, by code. */
export async function currentAchievements(tx: EntityManager, organisationId: string): Promise<Achievement[]> {
  return tx
    .createQueryBuilder(Achievement, 'a')
    .where('a.superseded_at is null')
    .andWhere(
      `a.organisation_id in (with recursive above as (
         select id, parent_id from organisation where id = :organisationId
         union all select o.id, o.parent_id from organisation o join above on o.id = above.parent_id)
       select id from above)`,
      { organisationId },
    )
    .orderBy('a.code')
    .getMany();
}
