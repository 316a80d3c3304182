import type { DataSource } from 'typeorm';
import type { ArchivedStatement } from '#badges';
import { sha256Hex } from '#platform';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';

interface Known {
  id: string;
  state: string | null;
  document_sha256: string | null;
  jwt_sha256: string | null;
  is_reserved: boolean;
}

/** Endorsements and records of the archive, compared with the database: they are few, so that their digests are kept. */
export class ArchivedStatements {
  private readonly digests = new Map<string, { organisationId: string; document: string; jwt: string }>();

  add({ id, organisationId, document, jwt }: ArchivedStatement): void {
    this.digests.set(id, { organisationId, document: sha256Hex(document), jwt: sha256Hex(jwt) });
  }

  /** @param begins when the archive begins: what was signed since must be in it */
  async faults(database: DataSource, begins: Date | undefined, scope: Scope): Promise<Fault[]> {
    const own = [...this.digests].filter(
      ([, { organisationId }]) => !scope.organisationId || organisationId === scope.organisationId,
    );
    const rows: Known[] = await database.query(
      `select t.id, s.state, s.document_sha256, encode(sha256(convert_to(s.jwt, 'UTF8')), 'hex') as jwt_sha256,
              exists (select from orphan_credential o where o.credential_id = t.id) as is_reserved
       from unnest($1::uuid[]) as t (id) left join statement s on s.id = t.id order by t.id`,
      [own.map(([id]) => id)],
    );
    const faults = rows.flatMap((row): Fault[] => {
      if (row.state === null)
        return row.is_reserved ? [] : [{ code: 'archive_unknown', ids: { credential: row.id } }];
      const kept = this.digests.get(row.id)!;
      const same = row.document_sha256 === kept.document && row.jwt_sha256 === kept.jwt;
      return row.state !== 'signed' || same ? [] : [{ code: 'archive_differs', ids: { credential: row.id } }];
    });
    if (!begins) return faults;
    const signed: { id: string }[] = await database.query(
      `select s.id from statement s where s.state = 'signed' and s.signed_at >= $1::timestamptz
         and ($2::uuid is null or s.organisation_id = $2) and ($3::timestamptz is null or s.signed_at >= $3)`,
      [begins, scope.organisationId ?? null, scope.since ?? null],
    );
    const missing = signed.filter(({ id }) => !this.digests.has(id));
    return [
      ...faults,
      ...missing.map(({ id }): Fault => ({ code: 'archive_missing', ids: { credential: id } })),
    ];
  }
}
