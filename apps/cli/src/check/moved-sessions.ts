import type { DataSource } from 'typeorm';
import type { Fault } from './faults.js';
import type { IssuedRow } from './issued-row.js';

interface ToldDay {
  credential: string;
  session: string;
  /** YYYY-MM-DD */
  day: string;
}

/** Sessions whose day, as it is recorded, is not the one that the badges given for them tell. */
export async function movedSessionFaults(database: DataSource, rows: IssuedRow[]): Promise<Fault[]> {
  const told = rows.flatMap(toldDays);
  const sessions: { id: string; day: string }[] = await database.query(
    'select id, held_on::text as day from session where id = any($1)',
    [[...new Set(told.map(({ session }) => session))]],
  );
  const dayOf = new Map(sessions.map(({ id, day }) => [id, day]));
  const differing = told.filter(({ session, day }) => (dayOf.get(session) ?? day) !== day);
  if (differing.length === 0) return [];
  // Asked in one statement: a session may be moved, and its badges replaced, between the reading of both. A badge that
  // stands for other reasons stays when its session is moved; then the correction tells the new day.
  const found: { credential: string; session: string }[] = await database.query(
    `select distinct t.credential, t.session
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as t (credential, session, day)
     join credential c on c.id = t.credential join status_entry e on e.credential_id = c.id
     join session s on s.id = t.session
     where c.state = 'signed' and e.state <> 'revoked' and s.held_on::text <> t.day
       and not exists (
         select from register_correction r
         where r.organisation_id = s.organisation_id and r.kind = 'replacement' and r.confirmed_at >= c.created_at
           and r.changes @> jsonb_build_array(jsonb_build_object(
                 'session', s.code, 'target', 'held_on', 'to', s.held_on::text)))`,
    [
      differing.map(({ credential }) => credential),
      differing.map(({ session }) => session),
      differing.map(({ day }) => day),
    ],
  );
  return found.map((ids) => ({ code: 'session_day_differs', ids: { ...ids } }));
}

/** A presence, or a session that was animated, has the day of its session; what was revoked stands on none any more. */
const toldDays = ({ id, reasons, entry_state: state }: IssuedRow): ToldDay[] =>
  state === 'revoked'
    ? []
    : (reasons ?? []).flatMap(({ code, sessionId, on }) =>
        (code === 'present' || code === 'animated') && isId(sessionId) && on
          ? [{ credential: id, session: sessionId, day: on }]
          : [],
      );

// Somebody with every right may have written anything: a cast of it would end the whole check.
export const isId = (text: string | undefined): text is string =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text ?? '');
