import { basename } from 'node:path';
import type { DataSource } from 'typeorm';
import { type ArchivedCredential, archiveBegins, readArchive } from '#badges';
import { sha256 } from '#platform';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';

const batchSize = 1_000;
const hex = (text: string): string => sha256(text).toString('hex');

interface Known {
  id: string;
  state: string | null;
  document_sha256: string | null;
  jwt: string | null;
  is_reserved: boolean;
}

/**
 * The archive against the database: each signed credential since the archive begins is in it with the same bytes, each
 * archived one is known, no status list is older than the one that was published, no line is damaged. A last line that
 * a crash has torn is no fault. Older files may have been removed: the database must not know less than what is kept.
 */
export async function archiveFaults(
  database: DataSource,
  folder: string,
  scope: Scope,
  onProgress?: (credentials: number) => void,
): Promise<{ archived: number; faults: Fault[] }> {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const versions = new Map<string, number>();
  let waiting: ArchivedCredential[] = [];
  const compare = async (): Promise<void> => {
    faults.push(...(await compareBatch(database, waiting)));
    waiting = [];
    onProgress?.(seen.size);
  };
  for await (const line of readArchive(folder)) {
    if (line.kind === 'unreadable' && !line.torn)
      faults.push({ code: 'archive_damaged', ids: { file: basename(line.file), line: line.line } });
    if (line.kind === 'list')
      versions.set(line.list.id, Math.max(versions.get(line.list.id) ?? 0, line.list.version));
    if (line.kind !== 'credential') continue;
    if (scope.organisationId && line.credential.organisationId !== scope.organisationId) continue;
    seen.add(line.credential.id);
    waiting.push(line.credential);
    if (waiting.length === batchSize) await compare();
  }
  await compare();
  faults.push(...(await missing(database, folder, scope, seen)));
  const back: { id: string }[] = await database.query(
    `select l.id from status_list l join unnest($1::uuid[], $2::int[]) as a (id, version) on a.id = l.id
     where l.version < a.version - 1`,
    [[...versions.keys()], [...versions.values()]],
  );
  faults.push(...back.map(({ id }) => ({ code: 'list_went_back' as const, ids: { list: id } })));
  return { archived: seen.size, faults };
}

async function compareBatch(database: DataSource, batch: ArchivedCredential[]): Promise<Fault[]> {
  if (batch.length === 0) return [];
  const rows: Known[] = await database.query(
    `select t.id, c.state, c.document_sha256, encode(sha256(convert_to(c.jwt, 'UTF8')), 'hex') as jwt,
            e.credential_id is not null as is_reserved
     from unnest($1::uuid[]) as t (id) left join credential c on c.id = t.id
     left join status_entry e on e.credential_id = t.id`,
    [batch.map(({ id }) => id)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return batch.flatMap(({ id, document, jwt }): Fault[] => {
    const row = known.get(id)!;
    // An orphan's place is reserved: that is all that can be known of it.
    if (row.state === null)
      return row.is_reserved ? [] : [{ code: 'archive_unknown', ids: { credential: id } }];
    if (row.state !== 'signed' && row.state !== 'superseded') return [];
    return row.document_sha256 === hex(document) && row.jwt === hex(jwt)
      ? []
      : [{ code: 'archive_differs', ids: { credential: id } }];
  });
}

async function missing(
  database: DataSource,
  folder: string,
  scope: Scope,
  seen: ReadonlySet<string>,
): Promise<Fault[]> {
  // Older files may have been removed, and what was signed before the first one was never in it.
  const begins = await archiveBegins(folder);
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
