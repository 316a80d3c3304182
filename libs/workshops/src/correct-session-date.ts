import type { EntityManager } from 'typeorm';
import { dateIn } from '#platform';
import { lockSession } from './correct-facts.js';
import { SessionRefused } from './record-session.js';

/**
 * Corrects the day on which a session was held, in the caller's transaction: its hour stays, and what was assessed on
 * the wrong day was assessed on the right one.
 * @param given.heldOn YYYY-MM-DD, where the workshop took place
 * @returns the session's number and the day recorded before
 * @throws SessionNotFound (`session_not_found`), SessionRefused (`session_refused`) for a day to come
 */
export async function correctSessionDate(
  tx: EntityManager,
  given: { organisationId: string; sessionId: string; heldOn: string; now: Date },
): Promise<{ code: string; before: string }> {
  const { organisationId, sessionId, heldOn } = given;
  const { code } = await lockSession(tx, organisationId, sessionId);
  if (heldOn > dateIn(given.now))
    throw new SessionRefused([{ path: '/heldOn', message: 'is in the future' }]);
  const [{ before }]: [{ before: string }] = await tx.query(
    'SELECT held_on::text AS before FROM session WHERE id = $1',
    [sessionId],
  );
  if (before === heldOn) return { code, before };
  await tx.query(`UPDATE assessment SET assessed_on = $2 WHERE session_id = $1 AND assessed_on = $3`, [
    sessionId,
    heldOn,
    before,
  ]);
  await tx.query(
    `UPDATE session SET held_on = $2,
       starts_at = (((starts_at AT TIME ZONE 'Europe/Paris')::time + $2::date) AT TIME ZONE 'Europe/Paris')
     WHERE id = $1`,
    [sessionId, heldOn],
  );
  return { code, before };
}
