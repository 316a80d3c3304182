import type { EntityManager } from 'typeorm';
import { appendAudit } from '#platform';
import { changeStatus } from './change-status.js';

interface Replacement {
  id: string;
  old_id: string;
  award_id: string;
  organisation_id: string;
  status: string;
  is_compromised: boolean;
}

/**
 * Lets credentials that are about to be stored take the places of those they supersede, in the same transaction: the
 * old one is superseded and its status revoked, and who showed it goes on showing the badge at the same address. One
 * whose predecessor was withdrawn meanwhile is voided instead: issuing again never undoes a withdrawal.
 */
export async function takePlaces(tx: EntityManager, credentialIds: string[]): Promise<void> {
  const rows: Replacement[] = await tx.query(
    `select c.id, old.id as old_id, c.award_id, c.organisation_id, e.state as status,
            exists (select from signing_key k where k.id in (old.ed25519_key_id, old.rs256_key_id)
                    and k.compromised_since is not null) as is_compromised
     from credential c join credential old on old.id = c.supersedes join status_entry e on e.credential_id = old.id
     where c.id = any($1) and c.state = 'planned' and old.state = 'signed'
     order by old.id for update of old, e`,
    [credentialIds],
  );
  if (rows.length === 0) return;
  const [standing, withdrawn] = [
    rows.filter(({ status }) => status === 'active'),
    rows.filter(({ status }) => status !== 'active'),
  ];
  if (withdrawn.length > 0)
    await tx.query("update credential set state = 'void' where id = any($1) and state = 'planned'", [
      withdrawn.map(({ id }) => id),
    ]);
  for (const isCompromised of [true, false])
    for (const [organisationId, some] of byOrganisation(standing, isCompromised))
      await changeStatus(tx, {
        organisationId,
        credentialIds: some.map(({ old_id }) => old_id),
        change: 'supersede',
        reasonClass: isCompromised ? 'key_compromised' : 'superseded',
        by: 'worker',
        replacedBy: new Map(some.map(({ old_id, id }) => [old_id, id])),
      });
  const ids = [standing.map(({ id }) => id), standing.map(({ old_id }) => old_id)];
  await tx.query("update credential set state = 'superseded' where id = any($1)", [ids[1]]);
  await tx.query(
    `update publication p set credential_id = t.id from unnest($1::uuid[], $2::uuid[]) as t (id, old)
     where p.credential_id = t.old`,
    ids,
  );
  await tx.query(
    `update credential c set first_shown_at = old.first_shown_at
     from credential old where c.id = any($1) and old.id = c.supersedes and old.first_shown_at is not null`,
    [ids[0]],
  );
  await appendAudit(
    tx,
    standing.map(({ id, old_id, award_id, organisation_id }) => ({
      actor: 'worker',
      action: 'credential.reissued',
      subject: { credentialId: id, supersedes: old_id, awardId: award_id, organisationId: organisation_id },
    })),
  );
}

function byOrganisation(rows: Replacement[], isCompromised: boolean): Map<string, Replacement[]> {
  const groups = new Map<string, Replacement[]>();
  for (const row of rows.filter(({ is_compromised }) => is_compromised === isCompromised))
    groups.set(row.organisation_id, [...(groups.get(row.organisation_id) ?? []), row]);
  return groups;
}
