import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, DomainError, uuid } from '#platform';
import type { StatusState } from './status-list.js';
import type { StatusReason } from './status-reasons.js';

/** Not among the badges that a restored database has no award for (`orphan_not_found`). */
export class OrphanNotFound extends DomainError {
  readonly code = 'orphan_not_found';
  constructor(missing: string[]) {
    super('No such badge without an award: "insigne restore reconcile --dry-run --json" lists them', {
      details: { missing: missing.length },
    });
  }
}

/** Its place in the status list belongs to another badge, or to no list (`orphan_without_place`). */
export class OrphanWithoutPlace extends DomainError {
  readonly code = 'orphan_without_place';
  constructor(credentialId: string, holder: string | null) {
    super(
      holder === null
        ? 'The status list of this badge is not in this database: nothing can tell that it is revoked'
        : 'Another badge has the place of this one in the status list: replace that one, which revokes both',
      { details: { credentialId, ...(holder !== null && { holder }) } },
    );
  }
}

export interface RevokedOrphan {
  credentialId: string;
  organisationId: string;
  badgeCode: string;
  /** False when it was revoked already: then nothing was written. */
  isChanged: boolean;
  /** Why it is revoked: one that was so already keeps its reason. */
  reason: StatusReason | null;
}

interface Row {
  credentialId: string;
  organisationId: string;
  awardId: string;
  badgeCode: string;
  state: StatusState | null;
  version: number | null;
  reason: StatusReason | null;
  holder: string | null;
}

/** Revokes badges that were given out and that a restored database has no award for: the lists tell it as of any other. */
export class RevokeOrphans {
  constructor(private readonly database: DataSource) {}

  /**
   * Revokes all of them in one transaction, or none.
   * @param request.credentialIds all of the organisation when left out
   * @throws OrphanNotFound (`orphan_not_found`), OrphanWithoutPlace (`orphan_without_place`)
   */
  async run(request: {
    organisationId: string;
    credentialIds?: readonly string[];
    reasonClass: StatusReason;
    by: string;
  }): Promise<RevokedOrphan[]> {
    const { organisationId, credentialIds, reasonClass, by } = request;
    return this.database.transaction(async (tx) => {
      const rows = await lockOrphans(tx, organisationId, credentialIds ?? null);
      const known = new Set(rows.map((row) => row.credentialId));
      const missing = (credentialIds ?? []).filter((id) => !known.has(id));
      if (missing.length > 0) throw new OrphanNotFound(missing);
      const stray = rows.find(({ state }) => state === null);
      if (stray) throw new OrphanWithoutPlace(stray.credentialId, stray.holder);
      const changed = rows.filter(({ state }) => state !== 'revoked');
      if (changed.length > 0) await write(tx, changed, { organisationId, reasonClass, by });
      return rows.map(({ credentialId, badgeCode, state, reason }) => ({
        credentialId,
        organisationId,
        badgeCode,
        isChanged: state !== 'revoked',
        reason: state === 'revoked' ? reason : reasonClass,
      }));
    });
  }
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

async function lockOrphans(
  tx: EntityManager,
  organisationId: string,
  credentialIds: readonly string[] | null,
): Promise<Row[]> {
  await tx.query(
    `select e.credential_id from status_entry e join orphan_credential o on o.credential_id = e.credential_id
     where o.organisation_id = $1 order by e.credential_id for update of e`,
    [organisationId],
  );
  return tx.query(
    `select o.credential_id as "credentialId", o.organisation_id as "organisationId", o.award_id as "awardId",
            o.badge_code as "badgeCode", e.state, e.version, e.reason,
            (select c.public_id from status_entry h join credential c on c.id = h.credential_id
             where h.status_list_id = o.status_list_id and h.position = o.status_index
               and h.credential_id <> o.credential_id) as holder
     from orphan_credential o left join status_entry e on e.credential_id = o.credential_id
     where o.organisation_id = $1 and ($2::uuid[] is null or o.credential_id = any($2)) order by o.credential_id`,
    [organisationId, credentialIds?.filter((id) => isUuid.test(id)) ?? null],
  );
}

async function write(
  tx: EntityManager,
  changed: Row[],
  { organisationId, reasonClass, by }: { organisationId: string; reasonClass: StatusReason; by: string },
): Promise<void> {
  const ids = changed.map(({ credentialId }) => credentialId);
  await tx.query(
    `update status_entry set state = 'revoked', version = version + 1, revoked_at = now(), reason = $2
     where credential_id = any($1)`,
    [ids, reasonClass],
  );
  await tx.query(
    `insert into status_change (id, organisation_id, credential_id, version, change, from_state, to_state, reason, by)
     select t.id, $1, t.credential, t.version, 'revoke', t.from_state, 'revoked', $2, $3
     from unnest($4::uuid[], $5::uuid[], $6::int[], $7::text[]) as t (id, credential, version, from_state)`,
    [
      organisationId,
      reasonClass,
      by,
      ids.map(() => uuid()),
      ids,
      changed.map(({ version }) => version! + 1),
      changed.map(({ state }) => state),
    ],
  );
  await appendAudit(
    tx,
    changed.map(({ credentialId, awardId, version }) => ({
      actor: by,
      action: 'credential.revoked',
      subject: {
        credentialId,
        awardId,
        organisationId,
        version: version! + 1,
        reason: reasonClass,
        orphan: true,
      },
    })),
  );
}
