import type { EntityManager } from 'typeorm';
import { appendAudit } from '#platform';
import { changeStatus } from '../change-status.js';
import type { ArchivedCredential } from './archived-credential.js';
import type { OrphanReason } from './orphan-credential.js';
import { insertOrphans, obstacles, putBack } from './put-back.js';
import type { ArchivedLists } from './restore-lists.js';

interface Older {
  award_id: string;
  credential_id: string;
  state: string;
}

/**
 * Puts a credential back whose person has the badge by an older award: when the published lists say that the older
 * one is revoked, this one stands in its place. It is shown when it was to be shown at the time of signing, and never
 * because that one was: who had it may not have shown it yet. Its status place is reserved already.
 * @returns why it could only be listed among the orphans, or undefined
 */
export async function putSuccessorBack(
  tx: EntityManager,
  credential: ArchivedCredential,
  lists: ArchivedLists,
): Promise<OrphanReason | undefined> {
  const why = (await obstacles(tx, [credential])).get(credential.id);
  if (why === 'awarded_again') {
    const older = await olderThan(tx, credential, lists);
    if (older) {
      await endOlder(tx, older, credential);
      await putBack(tx, [credential]);
      if (!credential.shown) return undefined;
      await tx.query('update publication set credential_id = $1 where credential_id = $2', [
        credential.id,
        older.credential_id,
      ]);
      await tx.query(
        `update credential c set first_shown_at = old.first_shown_at from credential old
         where c.id = $1 and old.id = $2 and old.first_shown_at is not null`,
        [credential.id, older.credential_id],
      );
      return undefined;
    }
  }
  if (why) await insertOrphans(tx, [{ credential, why }]);
  else await putBack(tx, [credential]);
  return why;
}

/** The badge that was there before, when it was taken back. Ids are given in the order of time. */
async function olderThan(
  tx: EntityManager,
  { id, organisationId, award }: ArchivedCredential,
  lists: ArchivedLists,
): Promise<Older | undefined> {
  const rows: (Older & { status_list_id: string; position: number })[] = await tx.query(
    `select a.id as award_id, c.id as credential_id, e.state, e.status_list_id, e.position
     from award a join credential c on c.award_id = a.id and c.state = 'signed'
     join status_entry e on e.credential_id = c.id
     where a.organisation_id = $1 and a.badge_code = $2 and a.person_id = $3 and a.state <> 'cancelled'
       and a.id <> $4 and c.id < $5 order by c.id desc limit 1 for update of c`,
    [organisationId, award.badgeCode, award.personId, award.id, id],
  );
  return rows.find((one) => one.state === 'revoked' || lists.isRevoked(one.status_list_id, one.position));
}

/** As the replacement of a badge does it. */
async function endOlder(
  tx: EntityManager,
  { award_id: awardId, credential_id: older, state }: Older,
  { id, organisationId }: ArchivedCredential,
): Promise<void> {
  const request = { organisationId, reasonClass: 'superseded', by: 'cli' } as const;
  if (state === 'revoked')
    await tx.query('update status_entry set superseded_by = $2 where credential_id = $1', [older, id]);
  else
    await changeStatus(tx, {
      ...request,
      credentialIds: [older],
      change: 'supersede',
      replacedBy: new Map([[older, id]]),
    });
  const waiting: { id: string }[] = await tx.query(
    "select id from credential where award_id = $1 and state in ('planned', 'refused')",
    [awardId],
  );
  const credentialIds = waiting.map((one) => one.id);
  if (credentialIds.length > 0) await changeStatus(tx, { ...request, credentialIds, change: 'revoke' });
  await tx.query("update award set state = 'cancelled' where id = $1", [awardId]);
  await appendAudit(tx, [
    {
      actor: 'cli',
      action: 'award.cancelled',
      subject: { awardId, organisationId, how: 'superseded', reason: 'superseded' },
    },
  ]);
}
