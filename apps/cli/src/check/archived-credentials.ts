import type { DataSource } from 'typeorm';
import type { ArchivedCredential } from '#badges';
import { canonicalJson, sha256Hex } from '#platform';
import type { Fault } from './faults.js';

/** What is compared of an archived credential: small, so that a batch of them is. */
export interface Kept {
  id: string;
  /** Where it belongs and what it stands on, as texts. */
  facts: string;
  /** The session that it was given for. */
  session: string | null;
  reasons: string;
  document: string;
  jwt: string;
}

interface Known {
  id: string;
  state: string | null;
  facts: unknown;
  is_session: boolean;
  reasons: unknown;
  document_sha256: string | null;
  jwt: string | null;
  is_reserved: boolean;
}

export const keptOf = (one: ArchivedCredential): Kept => ({
  id: one.id,
  facts: JSON.stringify([
    ...[one.organisationId, one.edition, one.publicId, one.statusListId, one.statusIndex],
    ...[one.ed25519KeyId, one.rs256KeyId, one.issuerDid, one.award.id, one.award.achievementId],
    ...[one.award.badgeCode, one.award.personId, one.award.assessorPersonId],
    ...[one.award.assessedOn, one.award.established],
  ]),
  session: one.award.sessionId,
  reasons: canonicalJson(one.award.reasons),
  document: sha256Hex(one.document),
  jwt: sha256Hex(one.jwt),
});

/** Archived credentials against the database, in whatever words the archive says them. */
export async function compareArchived(database: DataSource, batch: Kept[]): Promise<Fault[]> {
  if (batch.length === 0) return [];
  const rows: Known[] = await database.query(
    `select t.id, c.state, c.document_sha256, encode(sha256(convert_to(signed_jwt(c), 'UTF8')), 'hex') as jwt,
            jsonb_build_array(c.organisation_id, c.edition, c.public_id, c.status_list_id, c.status_index,
              c.ed25519_key_id, c.rs256_key_id, c.issuer_did, a.id, a.achievement_id, a.badge_code, a.person_id,
              a.assessor_person_id, a.assessed_on, a.established) as facts, a.reasons,
            -- After a restore the session of a badge that came back may be lost.
            a.session_id is not distinct from s.id as is_session,
            e.credential_id is not null or o.credential_id is not null as is_reserved
     from unnest($1::uuid[], $2::uuid[]) as t (id, session) left join credential c on c.id = t.id
     left join session s on s.id = t.session
     left join award a on a.id = c.award_id left join status_entry e on e.credential_id = t.id
     left join orphan_credential o on o.credential_id = t.id`,
    [batch.map(({ id }) => id), batch.map(({ session }) => session)],
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
      row.is_session &&
      (row.reasons === null || canonicalJson(row.reasons) === reasons)
      ? []
      : [{ code: 'archive_differs', ids: { credential: id } }];
  });
}
