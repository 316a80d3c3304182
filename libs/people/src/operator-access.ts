import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, sha256 } from '#platform';

/** How long a link that lets an administrator in may be used, and the session it opens. */
export const operatorLinkMinutes = 15;
export const operatorSessionHours = 12;

const digest = (secret: string): string => sha256(secret).toString('hex');
const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text);
// The first 64 bits tell sessions apart in the audit and open nothing.
const actorOf = (sessionDigest: string): string => `operator:${sessionDigest.slice(0, 16)}`;

/** Somebody who runs this installation; not a member of any organisation, and no API client can become one. */
export interface Operator {
  /** For audit events. */
  actor: string;
  expiresAt: Date;
}

/**
 * Makes a link's token: 256 random bits, base64url, of which only the SHA-256 is stored. Valid 15 minutes and once.
 * Whoever may call this has the machine or the database's secrets already.
 * @param by the actor of the audit event: `cli`, `cli:<code>`
 */
export async function createOperatorLink(
  database: DataSource,
  by = 'cli',
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = await database.transaction(async (tx) => {
    await tx.query('delete from operator_link where expires_at < now()');
    const [row]: [{ expires_at: Date }] = await tx.query(
      `insert into operator_link (token_sha256, expires_at) values ($1, now() + make_interval(mins => $2))
       returning expires_at`,
      [digest(token), operatorLinkMinutes],
    );
    await appendAudit(tx, [{ actor: by, action: 'operator.link_created', subject: {} }]);
    return row.expires_at;
  });
  return { token, expiresAt };
}

/** Could this token open a session now? Looking at it does not use it up: link previews look. */
export async function isOperatorLink(database: DataSource, token: string): Promise<boolean> {
  if (!isSecret(token)) return false;
  const rows: unknown[] = await database.query(
    'select 1 from operator_link where token_sha256 = $1 and expires_at > now()',
    [digest(token)],
  );
  return rows.length > 0;
}

/**
 * Uses a link up and opens a session.
 * @returns the session's secret for the cookie (256 random bits, base64url), undefined when the link is unknown, used
 *   or too old
 */
export async function openOperatorSession(
  database: DataSource,
  token: string,
): Promise<{ secret: string; expiresAt: Date } | undefined> {
  if (!isSecret(token)) return undefined;
  return database.transaction(async (tx) => {
    const [used] = (await tx.query(
      'delete from operator_link where token_sha256 = $1 and expires_at > now() returning 1',
      [digest(token)],
    )) as [unknown[], number];
    if (used.length === 0) return undefined;
    const secret = randomBytes(32).toString('base64url');
    await tx.query('delete from operator_session where expires_at < now()');
    const [row]: [{ expires_at: Date }] = await tx.query(
      `insert into operator_session (secret_sha256, expires_at) values ($1, now() + make_interval(hours => $2))
       returning expires_at`,
      [digest(secret), operatorSessionHours],
    );
    await appendAudit(tx, [{ actor: actorOf(digest(secret)), action: 'operator.entered', subject: {} }]);
    return { secret, expiresAt: row.expires_at };
  });
}

/** Whose session this is, undefined when it is none, over or ended. */
export async function operatorOf(database: DataSource, secret: string): Promise<Operator | undefined> {
  if (!isSecret(secret)) return undefined;
  const [row]: { expires_at: Date }[] = await database.query(
    'select expires_at from operator_session where secret_sha256 = $1 and expires_at > now()',
    [digest(secret)],
  );
  return row && { actor: actorOf(digest(secret)), expiresAt: row.expires_at };
}

/** The administrator leaves; leaving twice is no error. */
export async function endOperatorSession(database: DataSource, secret: string): Promise<void> {
  await database.query('delete from operator_session where secret_sha256 = $1', [digest(secret)]);
}

/** Ends every session and every unused link. @returns how many sessions were ended */
export async function revokeOperatorAccess(manager: EntityManager, by: string): Promise<number> {
  await manager.query('delete from operator_link');
  const [rows] = (await manager.query('delete from operator_session returning 1')) as [unknown[], number];
  await appendAudit(manager, [
    { actor: by, action: 'operator.all_revoked', subject: { sessions: rows.length } },
  ]);
  return rows.length;
}
