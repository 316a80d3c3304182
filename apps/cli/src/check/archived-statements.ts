import type { DataSource } from 'typeorm';
import type { ArchivedStatement } from '#badges';
import { sha256Hex } from '#platform';
import type { Fault } from './faults.js';
import type { Scope } from './issued-range.js';
import { digestOf } from './text-digest.js';

interface Known {
  id: string;
  state: string | null;
  /** Where it belongs, and the digests of its texts as they are. */
  facts: unknown;
  is_reserved: boolean;
}

/** Endorsements and records of the archive, compared with the database: they are few, so that digests of all that they say are kept. */
export class ArchivedStatements {
  private readonly digests = new Map<string, { organisationId: string; wholes: Set<string> }>();

  add(one: ArchivedStatement): void {
    const { id, organisationId } = one;
    const whole = sha256Hex(
      JSON.stringify([
        ...[one.kind, organisationId, one.publicId, one.statusListId, one.statusIndex, one.ed25519KeyId],
        ...[one.rs256KeyId, one.issuerDid, ...[one.payload, one.document, one.jwt].map(sha256Hex)],
      ]),
    );
    // A second form is of an attempt that was never stored.
    const known = this.digests.get(id);
    if (known) known.wholes.add(whole);
    else this.digests.set(id, { organisationId, wholes: new Set([whole]) });
  }

  /** @param begins when the archive begins: what was signed since must be in it */
  async faults(database: DataSource, begins: Date | undefined, scope: Scope): Promise<Fault[]> {
    const own = [...this.digests].filter(
      ([, { organisationId }]) => !scope.organisationId || organisationId === scope.organisationId,
    );
    const rows: Known[] = await database.query(
      `select t.id, s.state, jsonb_build_array(s.kind, s.organisation_id, s.public_id, s.status_list_id,
                s.status_index, s.ed25519_key_id, s.rs256_key_id, s.issuer_did, ${digestOf('s.payload')},
                ${digestOf('s.document')}, ${digestOf('s.jwt')}) as facts,
              exists (select from orphan_credential o where o.credential_id = t.id) as is_reserved
       from unnest($1::uuid[]) as t (id) left join statement s on s.id = t.id order by t.id`,
      [own.map(([id]) => id)],
    );
    const faults = rows.flatMap((row): Fault[] => {
      if (row.state === null)
        return row.is_reserved ? [] : [{ code: 'archive_unknown', ids: { credential: row.id } }];
      const same = this.digests.get(row.id)!.wholes.has(sha256Hex(JSON.stringify(row.facts)));
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
