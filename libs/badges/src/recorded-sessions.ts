import type { EntityManager } from 'typeorm';
import type { SessionWithdrawal } from './withdraw-session.js';

/** A session as its structure sees it. */
export interface RecordedSession {
  id: string;
  code: string;
  workshop: string;
  workshopVersion: number;
  /** YYYY-MM-DD, the day where the workshop took place. */
  heldOn: string;
  startsAt: Date | null;
  durationMinutes: number;
  place: string | null;
  state: 'open' | 'finalised';
  /** How many were there, as it is recorded; also while the session is withdrawn. */
  present: number;
  /** How many people have at least one assessment. */
  assessed: number;
  /** Since when its register does not count, and what became of its badges; null while it counts. */
  withdrawn: { at: Date; mode: SessionWithdrawal['mode'] } | null;
}

// A withdrawal is written at the moment from which on the session does not count.
const mode = `case when exists (
    select from register_correction r
    where r.organisation_id = s.organisation_id and r.kind = 'withdrawal' and r.confirmed_at = s.withdrawn_at
      and not r.effects @? '$[*] ? (@.how == "revoked" || @.how == "superseded")')
  then 'withdrawal' else 'revocation' end`;

/**
 * Sessions of an organisation, in the order of their ids.
 * @param request.after the id after which the page begins; from the first one when left out
 * @param request.id this one only
 */
export async function recordedSessions(
  tx: EntityManager,
  organisationId: string,
  request: { after?: string; limit: number; id?: string },
): Promise<RecordedSession[]> {
  const rows: (Omit<RecordedSession, 'withdrawn'> & {
    withdrawnAt: Date | null;
    mode: SessionWithdrawal['mode'];
  })[] = await tx.query(
    `select s.id, s.code, w.code as workshop, w.version as "workshopVersion", s.held_on::text as "heldOn",
            s.starts_at as "startsAt", s.duration_minutes as "durationMinutes", s.place, s.state,
            (select count(*)::int from attendance a where a.session_id = s.id and a.status = 'present') as present,
            (select count(distinct a.person_id)::int from assessment a where a.session_id = s.id) as assessed,
            s.withdrawn_at as "withdrawnAt", case when s.withdrawn_at is not null then ${mode} end as mode
     from session s join workshop w on w.id = s.workshop_id
     where s.organisation_id = $1 and ($2::uuid is null or s.id > $2) and ($3::uuid is null or s.id = $3)
     order by s.id limit $4`,
    [organisationId, request.after ?? null, request.id ?? null, request.limit],
  );
  return rows.map(({ withdrawnAt, mode, ...session }) => ({
    ...session,
    withdrawn: withdrawnAt && { at: withdrawnAt, mode },
  }));
}
