import type { EntityManager } from 'typeorm';
import { appendAudit, sha256, uuid } from '#platform';
import { Bitstring } from '#signing';
import { changeStatus } from '../change-status.js';
import type { StatusChangeKind, StatusState } from '../status-list.js';
import type { StatusReason } from '../status-reasons.js';
import type { ArchivedStatusList } from './archived-credential.js';
import { ArchivedRevocations, type ListDocument } from './archived-revocations.js';
import { reserveEndedPlaces } from './reserve-ended-places.js';

interface Entry {
  credential_id: string;
  position: number;
  state: StatusState;
}

/** What a published list said of its places: set bits are revocations, but for those of `suspended`. */
export function toldBy({ document, suspended }: ArchivedStatusList): {
  revoked: number[];
  suspended: Set<number>;
} {
  const isSuspended = new Set(suspended);
  const { credentialSubject } = JSON.parse(document) as ListDocument;
  const revoked = Bitstring.decode(credentialSubject.encodedList)
    .beyond()
    .filter((position) => !isSuspended.has(position));
  return { revoked, suspended: isSuspended };
}

/** What the archive says of status lists, line after line: the last version of each, and all that was ever revoked. */
export class ArchivedLists {
  private readonly latest = new Map<string, ArchivedStatusList>();
  private readonly revocations = new ArchivedRevocations();

  /** A line, in the order of the archive. Of one version two workers may have kept different bits. */
  add(list: ArchivedStatusList): void {
    this.revocations.add(list, JSON.parse(list.document) as ListDocument);
    if ((this.latest.get(list.id)?.version ?? 0) <= list.version) this.latest.set(list.id, list);
  }

  isRevoked(listId: string, position: number): boolean {
    return this.revocations.of(listId).includes(position);
  }

  all(): { latest: ArchivedStatusList; revoked: ReadonlySet<number> }[] {
    return [...this.latest.values()].map((latest) => ({
      latest,
      revoked: new Set(this.revocations.of(latest.id)),
    }));
  }
}

/**
 * Brings a status list to what was last published of it (I5): its version and document, and the state of each of its
 * credentials. What was ever told to be revoked is revoked, whatever version the database has; a suspension comes back
 * only from a later one.
 * @param revoked positions that any published version called revoked
 * @param options.reserves keeps those of them, and of the suspended ones, that no credential has, for ever
 * @returns whether the version went on, how many credentials changed state, and how many places were kept
 */
export async function restoreList(
  tx: EntityManager,
  list: ArchivedStatusList,
  revoked: ReadonlySet<number>,
  options: { reserves: boolean } = { reserves: false },
): Promise<{ isForward: boolean; changed: number; reserved: number }> {
  await tx.query(
    `insert into status_list (id, organisation_id, public_id, size)
     select $1, $2, $3, $4 where exists (select from organisation o where o.id = $2) on conflict do nothing`,
    [list.id, list.organisationId, list.publicId, list.size],
  );
  const [known]: { version: number }[] = await tx.query(
    'select version from status_list where id = $1 for update',
    [list.id],
  );
  if (!known) return { isForward: false, changed: 0, reserved: 0 };
  const isForward = known.version < list.version;
  if (isForward) await takeVersion(tx, list);
  const { suspended } = toldBy(list);
  const entries: (Entry & { is_pending: boolean })[] = await tx.query(
    `select credential_id, position, state, version <> listed_version as is_pending
     from status_entry where status_list_id = $1 order by credential_id for update`,
    [list.id],
  );
  const changed = entries.flatMap((entry): Changed[] => {
    if (entry.state === 'revoked') return [];
    if (revoked.has(entry.position)) return [{ ...entry, published: 'revoked' }];
    // A version that was archived, but not yet published when its worker ended, may know less than the database.
    const isOlder = entry.is_pending && list.version === known.version + 1;
    const published = suspended.has(entry.position) ? 'suspended' : 'active';
    return !isForward || isOlder || published === entry.state ? [] : [{ ...entry, published }];
  });
  await changeStates(tx, list.organisationId, changed);
  const told = new Set([...revoked, ...suspended]);
  const reserved = options.reserves ? await reserveEndedPlaces(tx, list, told) : 0;
  return { isForward, changed: changed.length, reserved };
}

async function takeVersion(tx: EntityManager, list: ArchivedStatusList): Promise<void> {
  const document = JSON.parse(list.document) as ListDocument;
  const [proof] = [document.proof].flat();
  // A list whose key is not there is signed anew at once.
  await tx.query(
    `update status_list l set version = $2, document = $3, document_sha256 = $4, signed_at = greatest(signed_at, $5::timestamptz),
       valid_until = case when k.id is not null then $6::timestamptz end, key_id = k.id
     from (select 1) as one left join signing_key k on k.id = $7 where l.id = $1`,
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
}

const changes: Record<StatusState, StatusChangeKind> = {
  active: 'reinstate',
  suspended: 'suspend',
  revoked: 'revoke',
};
/** The lists do not tell why. */
const reason: StatusReason = 'unknown';

type Changed = Entry & { published: StatusState };

/** As the ordinary change of a status, so that an award ends with its badge. The worker lists them anew. */
async function changeStates(tx: EntityManager, organisationId: string, changed: Changed[]): Promise<void> {
  if (changed.length === 0) return;
  const known: { id: string }[] = await tx.query('select id from credential where id = any($1)', [
    changed.map((one) => one.credential_id),
  ]);
  const isBadge = new Set(known.map(({ id }) => id));
  for (const state of ['revoked', 'suspended', 'active'] as const) {
    const badges = changed.filter((one) => one.published === state && isBadge.has(one.credential_id));
    if (badges.length === 0) continue;
    await changeStatus(tx, {
      organisationId,
      credentialIds: badges.map((one) => one.credential_id),
      change: changes[state],
      reasonClass: reason,
      by: 'cli',
    });
  }
  await changeOthers(
    tx,
    organisationId,
    changed.filter((one) => !isBadge.has(one.credential_id)),
  );
}

/** Statements, and badges without an award. */
async function changeOthers(tx: EntityManager, organisationId: string, changed: Changed[]): Promise<void> {
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
      states.map(() => reason),
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
      subject: { credentialId: one.credential_id, organisationId, reason },
    })),
  );
}
