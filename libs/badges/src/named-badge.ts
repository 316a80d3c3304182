import type { EntityManager } from 'typeorm';
import type { ChangedStatus } from './change-status.js';

/** A badge that was named, with who has it and whether it is shown. */
export interface NamedBadge extends ChangedStatus {
  personId: string;
  /** Code of the badge. */
  badge: string;
  /** Since when its learner shows it; null when nobody can see it now. */
  shown: { since: Date; withName: boolean } | null;
  /** It is shown, or was: somebody may have a copy. */
  wasShown: boolean;
}

/**
 * Who has each badge, and whether it is shown. Nobody shows one meanwhile, where the caller holds their credentials.
 */
export async function withShowing(tx: EntityManager, changed: ChangedStatus[]): Promise<NamedBadge[]> {
  const rows: (Pick<NamedBadge, 'credentialId' | 'personId' | 'badge' | 'wasShown'> & {
    since: Date | null;
    withName: boolean;
  })[] = await tx.query(
    `select c.id as "credentialId", a.person_id as "personId", a.badge_code as badge, p.published_at as since,
            coalesce(p.with_name, false) as "withName", c.first_shown_at is not null as "wasShown"
     from credential c join award a on a.id = c.award_id left join publication p on p.credential_id = c.id
     where c.id = any($1)`,
    [changed.map(({ credentialId }) => credentialId)],
  );
  const rowOf = new Map(rows.map((row) => [row.credentialId, row]));
  return changed.map((one) => {
    const { personId, badge, wasShown, since, withName } = rowOf.get(one.credentialId)!;
    return { ...one, personId, badge, shown: since && { since, withName }, wasShown };
  });
}
