import type { EntityManager } from 'typeorm';
import { dateOfInstant } from '#platform';
import { Achievement } from './achievement.js';
import type { AwardState } from './award.js';
import type { Credential } from './credential.js';

/** An award that stands, or was revoked for good, with how far its badge has got. */
export interface LiveAward {
  awardId: string;
  personId: string;
  badge: string;
  state: AwardState;
  achievement: Achievement;
  /** YYYY-MM-DD. */
  on: string;
  /** Sessions that it was given for. */
  sessionIds: string[];
  /** The signed credential, else the one that waits; a re-issue that waits is `alsoWaiting`. */
  credentialId: string | null;
  credentialState: Credential['state'] | null;
  alsoWaiting: string[];
  shown: { since: Date; withName: boolean } | null;
  /** Or may have been, as far as is known since a backup was restored. */
  wasShown: boolean;
  /** Planned within the last 24 hours of the database's clock. */
  isFresh: boolean;
}

/** SQL: was this award planned within the last 24 hours? */
export const isFresh = (award: string): string => `${award}.created_at > now() - interval '24 hours'`;

/**
 * The awards of these people that are not cancelled, by person. Their credentials stay locked until the transaction
 * ends: nobody shows or signs one meanwhile.
 */
export async function liveAwards(
  tx: EntityManager,
  organisationId: string,
  personIds: string[],
): Promise<Map<string, LiveAward[]>> {
  await tx.query(
    `select c.id from credential c join award a on a.id = c.award_id
     where a.organisation_id = $1 and a.person_id = any($2) and a.state <> 'cancelled'
     order by c.id for update of c`,
    [organisationId, personIds],
  );
  const rows: (Omit<LiveAward, 'achievement' | 'shown'> & {
    achievementId: string;
    publishedAt: Date | null;
    withName: boolean;
  })[] = await tx.query(
    `select a.id as "awardId", a.person_id as "personId", a.badge_code as badge, a.state,
            a.achievement_id as "achievementId", ${dateOfInstant('a.awarded_at')} as on,
            c.id as "credentialId", c.state as "credentialState", coalesce(waiting.ids, '{}') as "alsoWaiting", p.published_at as "publishedAt",
            coalesce(p.with_name, false) as "withName", c.first_shown_at is not null as "wasShown",
            ${isFresh('a')} as "isFresh",
            array(select a.session_id::text where a.session_id is not null
                  union select r->>'sessionId' from jsonb_array_elements(a.reasons) r where r ? 'sessionId'
                 ) as "sessionIds"
     from award a
     left join lateral (
       select * from credential where award_id = a.id and state in ('planned', 'signed', 'refused')
       order by state = 'signed' desc, id desc limit 1) c on true
     left join lateral (
       select array_agg(id) as ids from credential
       where award_id = a.id and id <> c.id and state in ('planned', 'refused')) waiting on true
     left join publication p on p.credential_id = c.id
     where a.organisation_id = $1 and a.person_id = any($2) and a.state <> 'cancelled' order by a.id`,
    [organisationId, personIds],
  );
  const ids = [...new Set(rows.map(({ achievementId }) => achievementId))];
  const achievements =
    ids.length > 0
      ? await tx.findBy(
          Achievement,
          ids.map((id) => ({ id })),
        )
      : [];
  const achievementOf = new Map(achievements.map((one) => [one.id, one]));
  const live = new Map<string, LiveAward[]>();
  for (const { achievementId, publishedAt, withName, ...row } of rows) {
    const award: LiveAward = {
      ...row,
      achievement: achievementOf.get(achievementId)!,
      shown: publishedAt && { since: publishedAt, withName },
    };
    live.set(award.personId, [...(live.get(award.personId) ?? []), award]);
  }
  return live;
}
