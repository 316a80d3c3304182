import type { EntityManager } from 'typeorm';
import { actorOf, appendAudit, uuid } from '#platform';
import type { StatusReason } from '../status-reasons.js';

/**
 * Takes a statement back for good, in the caller's transaction: what is not signed never is, its place in the status
 * list says revoked within a minute, and its content is erased here. What was handed out cannot be recalled.
 */
export async function endStatement(tx: EntityManager, statementId: string, by: string): Promise<void> {
  const organisationId = await voidStatement(tx, statementId, { reason: 'organisation_request', by });
  // One that was to take its place is not signed any more; whoever signs it waits for the lock of the first.
  await tx.query(
    `update statement set state = 'void', payload = '' where supersedes = $1 and state in ('planned', 'refused')`,
    [statementId],
  );
  if (organisationId !== undefined)
    await appendAudit(tx, [
      { actor: actorOf(by), action: 'statement.withdrawn', subject: { statementId, organisationId } },
    ]);
}

/** Erases a statement and revokes it, with the reason in its history. @returns whose it was; undefined when it was void */
export async function voidStatement(
  tx: EntityManager,
  statementId: string,
  { reason, by }: { reason: StatusReason; by: string },
): Promise<string | undefined> {
  const [ended]: [{ organisation_id: string }[], number] = await tx.query(
    `update statement set state = 'void', payload = '', document = null, jwt = null
     where id = $1 and state <> 'void' returning organisation_id`,
    [statementId],
  );
  if (!ended[0]) return undefined;
  const organisationId = ended[0].organisation_id;
  const [revoked]: [{ version: number }[], number] = await tx.query(
    `update status_entry set state = 'revoked', version = version + 1, revoked_at = now(), reason = $2
     where credential_id = $1 and state = 'active' returning version`,
    [statementId, reason],
  );
  const version = revoked[0]?.version;
  if (version !== undefined)
    await tx.query(
      `insert into status_change (id, organisation_id, credential_id, version, change, from_state, to_state, reason, by)
       values ($1, $2, $3, $4, $5, 'active', 'revoked', $6, $7)`,
      [
        uuid(),
        organisationId,
        statementId,
        version,
        reason === 'organisation_request' ? 'revoke' : 'supersede',
        reason,
        by,
      ],
    );
  return organisationId;
}
