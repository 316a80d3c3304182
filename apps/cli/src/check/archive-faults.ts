import { basename } from 'node:path';
import type { DataSource } from 'typeorm';
import { type ArchivedCredential, archiveBegins, MarkTrail, readArchive } from '#badges';
import { canonicalJson, sha256 } from '#platform';
import { ArchivedRegister } from './archived-lists.js';
import { ArchivedStatements } from './archived-statements.js';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';

const batchSize = 1_000;
const hex = (text: string): string => sha256(text).toString('hex');

/** What is compared of an archived credential: small, so that a batch of them is. */
interface Kept {
  id: string;
  /** Where it belongs and what it stands on, as texts. */
  facts: string;
  reasons: string;
  document: string;
  jwt: string;
}

interface Known {
  id: string;
  state: string | null;
  facts: unknown;
  reasons: unknown;
  document_sha256: string | null;
  jwt: string | null;
  is_reserved: boolean;
}

export interface ArchiveCheck {
  folder: string;
  scope: Scope;
  onFaults: (faults: Fault[]) => void;
  onProgress: (credentials: number) => void;
  isOver: () => boolean;
}

/**
 * The archive against the database: each signed credential since the archive begins is in it with the same bytes, each
 * archived one is known, no status list is older than the one that was published, keys are the same, the audit chain is
 * the one whose lines it kept, no line is damaged. A last line that a crash has torn is no fault. Older files may have
 * been removed: the database must not know less than what is kept.
 */
export async function archiveFaults(database: DataSource, check: ArchiveCheck): Promise<void> {
  const { folder, scope, onFaults, onProgress, isOver } = check;
  const unreadable = (file: string, error: NodeJS.ErrnoException): void =>
    onFaults([{ code: 'archive_unreadable', ids: { file: basename(file), why: error.code ?? 'unknown' } }]);
  const begins = await archiveBegins(folder).catch((error: NodeJS.ErrnoException) => error);
  if (begins instanceof Error) return unreadable(folder, begins);
  const seen = new Set<string>();
  const register = new ArchivedRegister();
  const statements = new ArchivedStatements();
  const trail = new MarkTrail(database);
  let waiting: Kept[] = [];
  const compare = async (): Promise<void> => {
    onFaults(await compareBatch(database, waiting));
    waiting = [];
    onProgress(seen.size);
  };
  for await (const line of readArchive(folder, { since: scope.since, onUnreadable: unreadable })) {
    if (isOver()) return;
    if (line.kind === 'unreadable') {
      if (!line.torn)
        onFaults([{ code: 'archive_damaged', ids: { file: basename(line.file), line: line.line } }]);
    } else if (line.kind === 'list') register.addList(line.list);
    else if (line.kind === 'key') register.addKey(line.key);
    else if (line.kind === 'chain') await trail.add(line.mark);
    else if (line.kind === 'restore') await trail.restored(line.restore.seq);
    else if (line.kind === 'statement') statements.add(line.statement);
    else if (!scope.organisationId || line.credential.organisationId === scope.organisationId) {
      seen.add(line.credential.id);
      waiting.push(keptOf(line.credential));
      if (waiting.length === batchSize) await compare();
    }
  }
  await compare();
  onFaults(await missing(database, begins, scope, seen));
  onFaults(await statements.faults(database, begins, scope));
  onFaults(await register.faults(database, scope.organisationId ?? null));
  const [off] = (await trail.result()).off;
  if (off) onFaults([{ code: 'audit_not_archived', ids: { line: off.seq } }]);
}

const keptOf = (one: ArchivedCredential): Kept => ({
  id: one.id,
  facts: JSON.stringify([
    ...[one.organisationId, one.edition, one.publicId, one.statusListId, one.statusIndex],
    ...[one.ed25519KeyId, one.rs256KeyId, one.issuerDid, one.award.id, one.award.achievementId],
    ...[one.award.badgeCode, one.award.personId, one.award.sessionId, one.award.assessorPersonId],
    ...[one.award.assessedOn, one.award.established],
  ]),
  reasons: canonicalJson(one.award.reasons),
  document: hex(one.document),
  jwt: hex(one.jwt),
});

async function compareBatch(database: DataSource, batch: Kept[]): Promise<Fault[]> {
  if (batch.length === 0) return [];
  const rows: Known[] = await database.query(
    `select t.id, c.state, c.document_sha256, encode(sha256(convert_to(c.jwt, 'UTF8')), 'hex') as jwt,
            jsonb_build_array(c.organisation_id, c.edition, c.public_id, c.status_list_id, c.status_index,
              c.ed25519_key_id, c.rs256_key_id, c.issuer_did, a.id, a.achievement_id, a.badge_code, a.person_id,
              a.session_id, a.assessor_person_id, a.assessed_on, a.established) as facts, a.reasons,
            e.credential_id is not null or o.credential_id is not null as is_reserved
     from unnest($1::uuid[]) as t (id) left join credential c on c.id = t.id
     left join award a on a.id = c.award_id left join status_entry e on e.credential_id = t.id
     left join orphan_credential o on o.credential_id = t.id`,
    [batch.map(({ id }) => id)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return batch.flatMap(({ id, facts, reasons, document, jwt }): Fault[] => {
    const row = known.get(id)!;
    // An orphan's place is reserved: that is all that can be known of it.
    if (row.state === null)
      return row.is_reserved ? [] : [{ code: 'archive_unknown', ids: { credential: id } }];
    if (row.state !== 'signed' && row.state !== 'superseded') return [];
    return row.document_sha256 === document &&
      row.jwt === jwt &&
      JSON.stringify(row.facts) === facts &&
      (row.reasons === null || canonicalJson(row.reasons) === reasons)
      ? []
      : [{ code: 'archive_differs', ids: { credential: id } }];
  });
}

async function missing(
  database: DataSource,
  begins: Date | undefined,
  scope: Scope,
  seen: ReadonlySet<string>,
): Promise<Fault[]> {
  // Older files may have been removed, and what was signed before the first one was never in it.
  if (!begins) return emptyArchive(database, scope);
  const faults: Fault[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows: { id: string }[] = await database.query(
      `select c.id from credential c where c.state = 'signed' and c.signed_at >= $1::timestamptz and c.id > $4
         and ($2::uuid is null or c.organisation_id = $2) and ($3::timestamptz is null or c.signed_at >= $3)
       order by c.id limit 20000`,
      [begins, scope.organisationId ?? null, scope.since ?? null, after],
    );
    if (rows.length === 0) return faults;
    for (const { id } of rows)
      if (!seen.has(id)) faults.push({ code: 'archive_missing', ids: { credential: id } });
    after = rows.at(-1)!.id;
  }
}

/** Nothing at all is kept: one fault with the number of credentials, not one for each. */
async function emptyArchive(database: DataSource, scope: Scope): Promise<Fault[]> {
  const [{ credentials }]: [{ credentials: number }] = await database.query(
    `select count(*)::int as credentials from credential c where c.state = 'signed'
     and ($1::uuid is null or c.organisation_id = $1) and c.created_at >= (select min(written_at) from audit_head)`,
    [scope.organisationId ?? null],
  );
  return credentials === 0 ? [] : [{ code: 'archive_missing', ids: { credentials } }];
}
