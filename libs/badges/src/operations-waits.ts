import type { DataSource } from 'typeorm';
import { roomPriority } from './turns.js';

/** Within how many seconds a room is signed, and the status list that tells a change (docs/reliability.md, T-21, T-40). */
export const promisedSeconds = 60;

/** How long what was promised has been waiting; what waits for another badge of its person follows that one. */
export interface OperationsWaits {
  /** The longest wait of a small batch: a room, or a single signature. */
  oldestRoomSeconds: number;
  /** For how long nothing was signed although work was waiting. */
  unsignedSeconds: number;
  /** Changes of a status that no signed list tells. */
  statusChangesWaiting: number;
  oldestStatusChangeSeconds: number;
  /** Errors of what was tried in vain and waits still. */
  standingErrors: StandingError[];
}

export interface StandingError {
  /** Name and code, never the message. */
  error: string;
  batches: number;
  /** The longest wait among structures that got nothing signed lately; 0 when all of them did. */
  heldSeconds: number;
}

const secondsSince = (instant: string): string => `extract(epoch from now() - ${instant})`;

const waiting = `waiting as materialized (
  select organisation_id, priority, last_error, ${secondsSince('coalesce(put_back_at, created_at)')} as seconds
  from outbox where done_at is null and failed_at is null
    and coalesce(last_error, '') !~ '(^| )badge_awaited$')`;

/** Reads how long each kind of work has been waiting; writes nothing. */
export async function readWaits(database: DataSource): Promise<OperationsWaits> {
  const [work]: [Pick<OperationsWaits, 'oldestRoomSeconds' | 'unsignedSeconds'>] = await database.query(
    `with ${waiting}
     select coalesce(max(seconds) filter (where priority = $1), 0)::int as "oldestRoomSeconds",
            greatest(0, coalesce(case when count(*) > 0 then least(max(seconds),
              ${secondsSince('(select max(signed_at) from credential)')},
              ${secondsSince('(select max(signed_at) from statement)')}) end, 0))::int as "unsignedSeconds"
     from waiting`,
    [roomPriority],
  );
  const [changes]: [Pick<OperationsWaits, 'statusChangesWaiting' | 'oldestStatusChangeSeconds'>] =
    await database.query(
      `select count(*)::int as "statusChangesWaiting",
              greatest(0, coalesce(max(${secondsSince('coalesce(h.changed_at, e.revoked_at, l.signed_at)')}), 0))::int
                as "oldestStatusChangeSeconds"
       from status_entry e join status_list l on l.id = e.status_list_id
       left join status_change h on h.credential_id = e.credential_id and h.version = e.listed_version + 1
       where e.version <> e.listed_version and l.document is not null`,
    );
  const standingErrors: StandingError[] = await database.query(
    `with ${waiting}, lately as materialized (
       select organisation_id from credential where signed_at > now() - make_interval(secs => $1)
       union select organisation_id from statement where signed_at > now() - make_interval(secs => $1))
     select last_error as error, count(*)::int as batches,
            coalesce(max(seconds) filter (where organisation_id not in (select organisation_id from lately)), 0)::int
              as "heldSeconds"
     from waiting where last_error is not null group by last_error order by 3 desc, 2 desc, 1 limit 10`,
    [promisedSeconds],
  );
  return { ...work, ...changes, standingErrors };
}
