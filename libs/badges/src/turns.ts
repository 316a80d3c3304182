import type { DataSource } from 'typeorm';

/** Rooms of one organisation that go before every campaign at the same time; the next ones take a turn. */
const roomsAtOnce = 8;
/** The first turn of a campaign. Below it: 1, for rooms and for campaigns that have waited too long. */
const firstTurn = 11;
/** BullMQ's last priority; campaigns beyond it are served in the order of arrival. */
const lastTurn = 2_097_151;

/** The priority of rooms, and of campaigns that have waited too long. */
export const roomPriority = 1;

/** A job's priority in the queue, 1 first; equal ones go in the order of arrival. */
export const priorityOf = (row: { turn: number | null }): number => row.turn ?? roomPriority;

/**
 * Gives a turn to those of these outbox rows that need one (start-time fair queueing). The n-th waiting batch of an
 * organisation stands in the same turn as the n-th of every other, counted from the turn that is being served, so
 * that a campaign of one batch that comes late waits for one batch of each organisation and not for all that came
 * before. A room has no turn: it goes first, unless its organisation has `roomsAtOnce` of them waiting already.
 */
export async function giveTurns(database: DataSource, outboxIds: string[]): Promise<void> {
  await database.query(
    `with waiting as (
       select id, organisation_id, priority, turn, created_at from outbox
       where done_at is null and failed_at is null
     ), ranked as (
       select id, priority, row_number() over (partition by organisation_id, priority > 1 order by created_at, id) as place
       from waiting where turn is null
     ), asked as (
       select w.id, w.organisation_id, row_number() over (partition by w.organisation_id order by w.created_at, w.id) as place
       from waiting w join ranked r using (id)
       where w.id = any($1) and (w.priority > 1 or r.place > $2)
     ), served as (
       select coalesce(min(turn), $3) as turn from outbox
       where done_at is null and failed_at is null and failures = 0 and turn >= $3
     ), latest as (
       select organisation_id, max(turn) as turn from waiting where turn >= $3 group by organisation_id
     )
     update outbox o set turn = least($4, greatest(s.turn - 1, coalesce(l.turn, 0)) + a.place)
     from asked a cross join served s left join latest l using (organisation_id)
     where o.id = a.id and o.turn is null`,
    [outboxIds, roomsAtOnce, firstTurn, lastTurn],
  );
}

/**
 * The batches that must not wait any longer: of each organisation that has had no batch done for so long, its oldest
 * one. They are given the turn of a room, so that an endless stream of rooms stops no campaign.
 * @returns their ids, to be moved in the queue
 */
export async function promoteLongWaiting(
  database: DataSource,
  patienceSeconds: number,
): Promise<{ id: string; retries: number }[]> {
  const [rows] = (await database.query(
    `update outbox set turn = 1 where id in (
       select distinct on (o.organisation_id) o.id from outbox o
       where o.done_at is null and o.failed_at is null and o.turn > 1
         and o.created_at < now() - make_interval(secs => $1)
         and not exists (select from outbox d where d.organisation_id = o.organisation_id
                         and d.turn is not null and d.done_at > now() - make_interval(secs => $1))
         and not exists (select from outbox p where p.organisation_id = o.organisation_id
                         and p.turn = 1 and p.done_at is null and p.failed_at is null)
       order by o.organisation_id, o.turn, o.created_at)
     returning id, retries`,
    [patienceSeconds],
  )) as [{ id: string; retries: number }[], number];
  return rows;
}
