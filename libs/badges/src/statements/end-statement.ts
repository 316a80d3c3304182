import type { EntityManager } from 'typeorm';
import { actorOf, appendAudit, uuid } from '#platform';

/**
 * Takes a statement back for good, in the caller's transaction: what is not signed never is, its place in the status
 * list says revoked within a minute, and its content is erased here. What was handed out cannot be recalled.
 */
export async function endStatement(tx: EntityManager, statementId: string, by: string): Promise<void> {
  const [ended]: [{ organisation_id: string }[], number] = await tx.query(
    `update statement set state = 'void', payload = '', document = null, jwt = null
     where id = $1 and state <> 'void' returning organisation_id`,
    [statementId],
  );
  if (!ended[0]) return;
  const organisationId = ended[0].organisation_id;
  const [revoked]: [{ version: number }[], number] = await tx.query(
    `update status_entry set state = 'revoked', version = version + 1, revoked_at = now(), reason = 'organisation_request'
     where credential_id = $1 and state = 'active' returning version`,
    [statementId],
  );
  const version = revoked[0]?.version;
  if (version !== undefined)
    await tx.query(
      `insert into status_change (id, organisation_id, credential_id, version, change, from_state, to_state, reason, by)
       values ($1, $2, $3, $4, 'revoke', 'active', 'revoked', 'organisation_request', $5)`,
      [uuid(), organisationId, statementId, version, by],
    );
  await appendAudit(tx, [
    { actor: actorOf(by), action: 'statement.withdrawn', subject: { statementId, organisationId } },
  ]);
}
