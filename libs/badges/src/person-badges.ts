import type { EntityManager } from 'typeorm';

/** Why a badge does not go on a sheet for a CV. */
export type LeftOut = 'not_issued' | 'hidden' | 'without_name' | 'suspended' | 'revoked';

export interface PersonBadge {
  awardId: string;
  /** Null while it is not signed. */
  publicId: string | null;
  /** Null for a badge that counts and is shown with its name. */
  leftOut: LeftOut | null;
}

/** The badges of one person in an organisation, the oldest first; those that were replaced or taken back without trace are not among them. */
export const badgesOfPerson = (
  tx: EntityManager,
  given: { organisationId: string; personId: string },
): Promise<PersonBadge[]> =>
  tx.query(
    `select a.id as "awardId", c.public_id as "publicId",
            case when c.id is null then 'not_issued' when e.state <> 'active' then e.state
                 when p.credential_id is null then 'hidden' when not p.with_name then 'without_name' end as "leftOut"
     from award a left join credential c on c.award_id = a.id and c.state = 'signed'
     left join status_entry e on e.credential_id = c.id left join publication p on p.credential_id = c.id
     where a.organisation_id = $1 and a.person_id = $2 and a.state in ('planned', 'issued', 'revoked')
     order by a.awarded_at, a.id`,
    [given.organisationId, given.personId],
  );
