import type { DataSource } from 'typeorm';
import type { ArchivedCredential } from '#badges';
import { canonicalJson, sha256Hex } from '#platform';
import type { Fault } from './faults.js';
import type { RestoredAwards } from './restored-awards.js';

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
  /** The award, where it names no session any more and the archived one is not there. */
  bereft: string | null;
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

/**
 * Archived credentials against the database, in whatever words the archive says them. Only the session of a badge that
 * came back after a restore may be lost.
 */
export async function compareArchived(
  database: DataSource,
  batch: Kept[],
  restored: RestoredAwards,
): Promise<Fault[]> {
  if (batch.length === 0) return [];
  const rows: Known[] = await database.query(
    `select t.id, c.state, c.document_sha256, encode(sha256(convert_to(signed_jwt(c), 'UTF8')), 'hex') as jwt,
            jsonb_build_array(c.organisation_id, c.edition, c.public_id, c.status_list_id, c.status_index,
              c.ed25519_key_id, c.rs256_key_id, c.issuer_did, a.id, a.achievement_id, a.badge_code, a.person_id,
              a.assessor_person_id, a.assessed_on, a.established) as facts, a.reasons,
            a.session_id is not distinct from t.session as is_session,
            case when a.session_id is null and s.id is null then a.id end as bereft,
            e.credential_id is not null or o.credential_id is not null as is_reserved
     from unnest($1::uuid[], $2::uuid[]) as t (id, session) left join credential c on c.id = t.id
     left join session s on s.id = t.session
     left join award a on a.id = c.award_id left join status_entry e on e.credential_id = t.id
     left join orphan_credential o on o.credential_id = t.id`,
    [batch.map(({ id }) => id), batch.map(({ session }) => session)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  const cameBack = await restored.among(rows.flatMap((row) => (row.is_session ? [] : (row.bereft ?? []))));
  return batch.flatMap(({ id, facts, reasons, document, jwt }): Fault[] => {
    const row = known.get(id)!;
    // An orphan's place is reserved: that is all that can be known of it.
    if (row.state === null)
      return row.is_reserved ? [] : [{ code: 'archive_unknown', ids: { credential: id } }];
    if (row.state !== 'signed' && row.state !== 'superseded') return [];
    return row.document_sha256 === document &&
      row.jwt === jwt &&
      JSON.stringify(row.facts) === facts &&
      (row.is_session || cameBack.has(row.bereft ?? '')) &&
      (row.reasons === null || canonicalJson(row.reasons) === reasons)
      ? []
      : [{ code: 'archive_differs', ids: { credential: id } }];
  });
}
