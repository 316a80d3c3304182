import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, DomainError, uuid } from '#platform';
import { type NamedBadge, withShowing } from './named-badge.js';
import type { StatusChangeKind, StatusState } from './status-list.js';
import type { StatusReason } from './status-reasons.js';
import { undone } from './undone.js';

/** No such credential in the organisation: unknown and somebody else's look the same (`credential_not_found`). */
export class CredentialNotFound extends DomainError {
  readonly code = 'credential_not_found';
  constructor(missing: number) {
    super('No such credential in this organisation', { details: { missing } });
  }
}

/** Revoked stays revoked, I5 (`credential_revoked`). */
export class CredentialRevoked extends DomainError {
  readonly code = 'credential_revoked';
  constructor(credentialId: string) {
    super('The credential is revoked, and revoked stays revoked: issue a new one instead', {
      details: { credentialId },
    });
  }
}

/** Only a suspension can be lifted (`credential_not_suspended`). */
export class CredentialNotSuspended extends DomainError {
  readonly code = 'credential_not_suspended';
  constructor(credentialId: string) {
    super('The credential is not suspended: there is nothing to reinstate', { details: { credentialId } });
  }
}

/** Somebody changed the status since it was read (`status_changed_meanwhile`). */
export class StatusChangedMeanwhile extends DomainError {
  readonly code = 'status_changed_meanwhile';
  constructor(credentialId: string, version: number) {
    super('The status was changed meanwhile: read it again, then decide', {
      details: { credentialId, version },
    });
  }
}

export interface StatusChangeRequest {
  organisationId: string;
  /** Which credentials: by id, by public id, or both. All are changed, or none. */
  credentialIds?: readonly string[];
  publicIds?: readonly string[];
  change: StatusChangeKind;
  reasonClass: StatusReason;
  /** Who does it: `client:<id>`, `person:<uuid>`, `cli`, `cli:<code>`. */
  by: string;
  /** The version that was read before deciding; another one refuses the change. */
  expectedVersion?: number;
  /** With `supersede`: credential id to the id of the credential that stands in its place. */
  replacedBy?: ReadonlyMap<string, string>;
}

export interface ChangedStatus {
  credentialId: string;
  publicId: string;
  awardId: string;
  state: StatusState;
  version: number;
  /** False when the credential was in that state already: then nothing was written. */
  isChanged: boolean;
  /** Why it is suspended or revoked now: one that was so already keeps its reason. */
  reason: StatusReason | null;
  /** Public id of the badge that stands in its place, when it was replaced before. */
  replacedBy: string | null;
}

interface Row {
  id: string;
  public_id: string;
  award_id: string;
  state: 'planned' | 'signed' | 'refused' | 'void' | 'superseded';
}

interface Entry {
  credential_id: string;
  state: StatusState;
  version: number;
  reason: StatusReason | null;
  newer: string | null;
}

/**
 * The state after a change, or null when the credential is there already. Pure.
 * @throws CredentialRevoked (`credential_revoked`), CredentialNotSuspended (`credential_not_suspended`)
 */
function nextState(credentialId: string, state: StatusState, change: StatusChangeKind): StatusState | null {
  if (change === 'revoke') return state === 'revoked' ? null : 'revoked';
  if (state === 'revoked') throw new CredentialRevoked(credentialId);
  if (change === 'supersede') return 'revoked';
  if (change === 'suspend') return state === 'suspended' ? null : 'suspended';
  if (state !== 'suspended') throw new CredentialNotSuspended(credentialId);
  return 'active';
}

/**
 * Revokes, suspends, reinstates or supersedes credentials: signed ones, and planned ones from the moment that something
 * may have been signed. The page tells it at the next look; the worker signs the list anew within seconds.
 */
export class ChangeStatus {
  constructor(private readonly database: DataSource) {}

  /**
   * Changes all of the credentials in one transaction, or none. Revoking what is revoked, or suspending what is
   * suspended, changes nothing and is no error. Who revokes a credential whose place another one has taken, perhaps a
   * moment ago, means the badge: the one at its address is revoked too, with an entry of its own.
   * @throws CredentialNotFound (`credential_not_found`), CredentialRevoked (`credential_revoked`),
   *   CredentialNotSuspended (`credential_not_suspended`), StatusChangedMeanwhile (`status_changed_meanwhile`)
   */
  async run(request: StatusChangeRequest): Promise<ChangedStatus[]> {
    return this.database.transaction((tx) => changeStatus(tx, request, true));
  }

  /** What `run` would answer, and who has seen each badge; writes nothing. @throws as `run` */
  async preview(request: StatusChangeRequest): Promise<NamedBadge[]> {
    return undone(this.database, async (tx) => withShowing(tx, await changeStatus(tx, request, true)));
  }
}

/**
 * As `ChangeStatus.run`, in the caller's transaction.
 * @param meansBadges revoking goes on to what has taken a credential's place; else it is those credentials alone
 * @returns one entry per credential, by credential id
 */
export async function changeStatus(
  tx: EntityManager,
  request: StatusChangeRequest,
  meansBadges = false,
): Promise<ChangedStatus[]> {
  const named = await lockCredentials(tx, request);
  const goesOn = meansBadges && request.change === 'revoke';
  const rows = goesOn ? [...named, ...(await lockSuccessors(tx, request, named))] : named;
  // Always credentials before their entries, each by id: two people who change the same ones wait, and never for
  // each other.
  const entries: Entry[] = await tx.query(
    `select e.credential_id, e.state, e.version, e.reason,
            (select newer.public_id from credential newer where newer.id = e.superseded_by) as newer
     from status_entry e where e.credential_id = any($1) order by e.credential_id for update of e`,
    [rows.map(({ id }) => id)],
  );
  const entryOf = new Map(entries.map((entry) => [entry.credential_id, entry]));
  const result = rows.map((row): ChangedStatus & { from: StatusState } => {
    const entry = entryOf.get(row.id)!;
    if (request.expectedVersion !== undefined && request.expectedVersion !== entry.version)
      throw new StatusChangedMeanwhile(row.id, entry.version);
    const next = nextState(row.id, entry.state, request.change);
    return {
      credentialId: row.id,
      publicId: row.public_id,
      awardId: row.award_id,
      from: entry.state,
      state: next ?? entry.state,
      version: entry.version + (next === null ? 0 : 1),
      isChanged: next !== null,
      reason: next === null ? entry.reason : next === 'active' ? null : request.reasonClass,
      replacedBy: entry.newer,
    };
  });
  const changed = result.filter(({ isChanged }) => isChanged);
  if (changed.length > 0) await write(tx, request, changed);
  return result.map(({ from: _from, ...one }) => one);
}

async function lockCredentials(
  tx: EntityManager,
  { organisationId, credentialIds = [], publicIds = [] }: StatusChangeRequest,
): Promise<Row[]> {
  const rows: Row[] = await tx.query(
    `select id, public_id, award_id, state from credential
     where organisation_id = $1 and (id = any($2) or public_id = any($3) and state <> 'superseded' and (
       state <> 'void' or not exists (select from credential other where other.public_id = credential.public_id
                                      and other.state in ('planned', 'signed', 'refused'))))
     order by id for update`,
    [organisationId, credentialIds, publicIds],
  );
  const known = new Set(rows.flatMap(({ id, public_id }) => [id, public_id]));
  const missing = [...credentialIds, ...publicIds].filter((id) => !known.has(id));
  if (missing.length > 0) throw new CredentialNotFound(missing.length);
  return rows;
}

/** Asked once the named ones are locked: until then, their places can still be taken. */
async function lockSuccessors(
  tx: EntityManager,
  { organisationId }: StatusChangeRequest,
  named: Row[],
): Promise<Row[]> {
  const left = named.filter(({ state }) => state === 'superseded');
  if (left.length === 0) return [];
  return await tx.query(
    `select id, public_id, award_id, state from credential
     where organisation_id = $1 and public_id = any($2) and id <> all($3) and state in ('planned', 'signed', 'refused')
     order by id for update`,
    [organisationId, left.map((row) => row.public_id), named.map(({ id }) => id)],
  );
}

async function write(
  tx: EntityManager,
  request: StatusChangeRequest,
  changed: (ChangedStatus & { from: StatusState })[],
): Promise<void> {
  const { organisationId, change, reasonClass, by } = request;
  const ids = changed.map(({ credentialId }) => credentialId);
  const replacements = ids.map((id) => request.replacedBy?.get(id) ?? null);
  await tx.query(
    `update status_entry e set state = t.state, version = t.version,
       revoked_at = case when t.state = 'active' then null else now() end,
       reason = case when t.state = 'active' then null else $4 end, superseded_by = t.replacement
     from unnest($1::uuid[], $2::text[], $3::int[], $5::uuid[]) as t (id, state, version, replacement)
     where e.credential_id = t.id`,
    [ids, changed.map((c) => c.state), changed.map((c) => c.version), reasonClass, replacements],
  );
  await tx.query(
    `insert into status_change (id, organisation_id, credential_id, version, change, from_state, to_state, reason,
                                superseded_by, by)
     select t.id, $1, t.credential, t.version, $2, t.from_state, t.to_state, $3, t.replacement, $4
     from unnest($5::uuid[], $6::uuid[], $7::int[], $8::text[], $9::text[], $10::uuid[])
       as t (id, credential, version, from_state, to_state, replacement)`,
    [
      organisationId,
      change,
      reasonClass,
      by,
      ids.map(() => uuid()),
      ids,
      changed.map((c) => c.version),
      changed.map((c) => c.from),
      changed.map((c) => c.state),
      replacements,
    ],
  );
  if (change === 'revoke' || change === 'supersede') await endAwards(tx, request, ids);
  await appendAudit(
    tx,
    changed.map((one, index) => ({
      actor: by,
      action: actions[change],
      subject: {
        credentialId: one.credentialId,
        awardId: one.awardId,
        organisationId,
        version: one.version,
        reason: reasonClass,
        ...(replacements[index] && { supersededBy: replacements[index] }),
      },
    })),
  );
}

const actions: Record<StatusChangeKind, string> = {
  revoke: 'credential.revoked',
  suspend: 'credential.suspended',
  reinstate: 'credential.reinstated',
  supersede: 'credential.superseded',
};

/**
 * What is taken back before it is signed never is, and a revoked award no longer stands. Revoked is for good whatever
 * the reason: the same sessions never give it again. What a correction or a withdrawal ends is cancelled by those.
 */
async function endAwards(
  tx: EntityManager,
  { change }: StatusChangeRequest,
  credentialIds: string[],
): Promise<void> {
  await tx.query(
    `update credential set state = 'void' where id = any($1) and state in ('planned', 'refused')`,
    [credentialIds],
  );
  if (change === 'supersede') return;
  await tx.query(
    `update award set state = 'revoked' where state not in ('cancelled', 'revoked')
     and id in (select award_id from credential where id = any($1))`,
    [credentialIds],
  );
}
