import type { DataSource } from 'typeorm';
import type { Facts } from './credential-faults.js';
import type { IssuedRow } from './issued-row.js';
import { isId } from './moved-sessions.js';
import type { RestoredAwards } from './restored-awards.js';

/**
 * What was recorded again of sessions that are lost. A badge that came back after a restore names a session that the
 * backup did not know; imported again it has another id, and is known by its structure, its day and its people. For any
 * other badge nothing takes the place of its session.
 */
export async function recordedAgain(
  database: DataSource,
  rows: IssuedRow[],
  restored: RestoredAwards,
): Promise<Pick<Facts, 'wasPresent' | 'hasAcquired'>> {
  const sessionsOf = ({ reasons }: IssuedRow): string[] =>
    (reasons ?? []).map(({ sessionId }) => sessionId).filter(isId);
  const named = [...new Set(rows.flatMap(sessionsOf))];
  const found: { id: string }[] = await database.query('select id from session where id = any($1)', [named]);
  const known = new Set(found.map(({ id }) => id));
  const lossesOf = (row: IssuedRow): string[] => sessionsOf(row).filter((id) => !known.has(id));
  const bereft = rows.filter((row) => lossesOf(row).length > 0);
  const cameBack = await restored.among(bereft.map((row) => row.award_id));
  const pair = (person: string, session: string): string => `${person} ${session}`;
  const returned = bereft.filter((row) => cameBack.has(row.award_id));
  const lost = new Set(
    returned.flatMap((row) => lossesOf(row).map((session) => pair(row.person_id, session))),
  );
  if (lost.size === 0) return { wasPresent: () => false, hasAcquired: () => false };
  const people = [...new Set(returned.map((row) => row.person_id))];
  const [present, acquired]: { key: string; target?: string }[][] = await Promise.all([
    database.query(
      `select concat_ws(' ', s.organisation_id, a.person_id, s.held_on) as key
       from attendance a join session s on s.id = a.session_id where a.person_id = any($1) and a.status = 'present'`,
      [people],
    ),
    database.query(
      `select concat_ws(' ', s.organisation_id, a.person_id, a.assessed_on, a.assessor_person_id) as key,
              a.target_code as target
       from assessment a join session s on s.id = a.session_id where a.person_id = any($1) and a.outcome = 'acquired'`,
      [people],
    ),
  ]);
  const [presences, assessments] = [present!, acquired!].map((keys) => new Set(keys.map(({ key }) => key)));
  const inTarget = new Set(acquired!.map(({ key, target }) => `${key} ${target}`));
  return {
    wasPresent: (person, { organisationId, sessionId, on }) =>
      lost.has(pair(person, sessionId)) && presences!.has(`${organisationId} ${person} ${on}`),
    hasAcquired: (person, { organisationId, sessionId, on }, assessor, target) => {
      const key = `${organisationId} ${person} ${on} ${assessor}`;
      return (
        lost.has(pair(person, sessionId)) &&
        (target === undefined ? assessments!.has(key) : inTarget.has(`${key} ${target}`))
      );
    },
  };
}
