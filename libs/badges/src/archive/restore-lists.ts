import type { EntityManager } from 'typeorm';
import { appendAudit, sha256, uuid } from '#platform';
import { Bitstring } from '#signing';
import type { StatusState } from '../status-list.js';
import type { ArchivedStatusList } from './archived-credential.js';
import type { ListDocument } from './archived-revocations.js';

interface Entry {
  credential_id: string;
  position: number;
  state: StatusState;
}

/**
 * Brings a status list to what was last published of it (I5): its version and document, and the state of each of its
 * credentials. Revoked stays revoked although the database has forgotten it, also when it has published a list of that
 * version again.
 * @param revoked places that any archived version of the list revoked
 * @returns how many credentials changed state
 */
export async function restoreList(
  tx: EntityManager,
  list: ArchivedStatusList,
  revoked: readonly number[],
): Promise<number> {
  const [known]: { version: number }[] = await tx.query(
    'select version from status_list where id = $1 for update',
    [list.id],
  );
  if (!known) return 0;
  const brought = known.version < list.version ? await bringForward(tx, list) : 0;
  if (revoked.length === 0) return brought;
  const forgotten: Entry[] = await tx.query(
    `select credential_id, position, state from status_entry
     where status_list_id = $1 and position = any($2) and state <> 'revoked' for update`,
    [list.id, revoked],
  );
  await changeStates(
    tx,
    list.organisationId,
    forgotten.map((entry) => ({ ...entry, published: 'revoked' })),
  );
  return brought + forgotten.length;
}

async function bringForward(tx: EntityManager, list: ArchivedStatusList): Promise<number> {
  const document = JSON.parse(list.document) as ListDocument;
  const [proof] = [document.proof].flat();
  await tx.query(
    `update status_list set version = $2, document = $3, document_sha256 = $4, signed_at = $5, valid_until = $6,
       key_id = (select id from signing_key where id = $7) where id = $1`,
    [
      list.id,
      list.version,
      list.document,
      sha256(list.document).toString('hex'),
      document.validFrom,
      document.validUntil ?? null,
      proof?.verificationMethod.split('#')[1],
    ],
  );
  const bits = Bitstring.decode(document.credentialSubject.encodedList);
  const suspended = new Set(list.suspended);
  const entries: Entry[] = await tx.query(
    'select credential_id, position, state from status_entry where status_list_id = $1 for update',
    [list.id],
  );
  const changed = entries.flatMap((entry) => {
    const published: StatusState = !bits.get(entry.position)
      ? 'active'
      : suspended.has(entry.position)
        ? 'suspended'
        : 'revoked';
    return published === entry.state || entry.state === 'revoked' ? [] : [{ ...entry, published }];
  });
  await changeStates(tx, list.organisationId, changed);
  return changed.length;
}

const changes: Record<StatusState, string> = { active: 'reinstate', suspended: 'suspend', revoked: 'revoke' };
const reasons: Record<StatusState, string> = {
  active: 'review_closed',
  suspended: 'under_review',
  revoked: 'organisation_request',
};

/** Writes states with their history, as the change of a status does. The worker lists them anew. */
async function changeStates(
  tx: EntityManager,
  organisationId: string,
  changed: (Entry & { published: StatusState })[],
): Promise<void> {
  if (changed.length === 0) return;
  const ids = changed.map((one) => one.credential_id);
  const states = changed.map((one) => one.published);
  await tx.query(
    `with written as (
       update status_entry e set state = t.state, version = e.version + 1,
         revoked_at = case when t.state = 'active' then null else now() end,
         reason = case when t.state = 'active' then null else t.reason end
       from unnest($1::uuid[], $2::text[], $3::text[]) as t (id, state, reason)
       where e.credential_id = t.id returning e.credential_id, e.version)
     insert into status_change (id, organisation_id, credential_id, version, change, from_state, to_state, reason, by)
     select t.id, $4, w.credential_id, w.version, t.change, t.from_state, t.state, t.reason, 'cli'
     from written w join unnest($5::uuid[], $1::uuid[], $2::text[], $3::text[], $6::text[], $7::text[])
       as t (id, credential, state, reason, change, from_state) on t.credential = w.credential_id`,
    [
      ids,
      states,
      states.map((state) => reasons[state]),
      organisationId,
      ids.map(() => uuid()),
      states.map((state) => changes[state]),
      changed.map((one) => one.state),
    ],
  );
  await appendAudit(
    tx,
    changed.map((one) => ({
      actor: 'cli',
      action: `credential.${one.published === 'active' ? 'reinstated' : one.published}`,
      subject: { credentialId: one.credential_id, organisationId, reason: reasons[one.published] },
    })),
  );
}
