import type { DataSource } from 'typeorm';
import type { ArchiveIndex } from './archive-index.js';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';

/**
 * The archive against the database, its credentials left out, which are compared range by range: no status list is older
 * than the one that was published, keys are the same, the audit chain is the one whose lines it kept, endorsements and
 * records are there. Older files may have been removed: the database must not know less than what is kept.
 */
export async function archiveFaults(
  database: DataSource,
  { isReadable, begins, statements, register, trail }: ArchiveIndex,
  scope: Scope,
): Promise<Fault[]> {
  if (!isReadable) return [];
  const faults = [
    ...(begins ? [] : await emptyArchive(database, scope)),
    ...(await statements.faults(database, begins, scope)),
    ...(await register.faults(database, scope.organisationId ?? null)),
  ];
  const [off] = (await trail.result()).off;
  return off ? [...faults, { code: 'audit_not_archived', ids: { line: off.seq } }] : faults;
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
