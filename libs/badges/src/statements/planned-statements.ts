import type { DataSource } from 'typeorm';
import { sha256Hex } from '#platform';
import type { Refusal } from '../credential-check.js';
import type { StatementKind } from './statement.js';

/** A statement that waits for its signature, with what must still hold before it may have one. */
export interface PlannedStatementRow {
  id: string;
  kind: StatementKind;
  organisation_id: string;
  slug: string;
  public_id: string;
  issuer_did: string;
  payload: string;
  payload_sha256: string;
  status_list_id: string;
  status_list_public_id: string;
  status_index: number;
  ed25519_key_id: string;
  rs256_key_id: string;
  /** The signed one in whose place it is to stand. */
  supersedes: string | null;
  /** When it was planned, to whole seconds. */
  planned_at: Date;
  /** Does the act that asked for it still stand, with the words that were planned and the signer that gave them? */
  stands: boolean;
}

export const plannedStatements = (database: DataSource, outboxId: string): Promise<PlannedStatementRow[]> =>
  database.query(
    `select s.id, s.kind, s.organisation_id, o.slug, s.public_id, s.issuer_did, s.payload, s.payload_sha256,
            s.status_list_id, l.public_id as status_list_public_id, s.status_index, s.ed25519_key_id, s.rs256_key_id,
            s.supersedes, date_trunc('second', s.created_at) as planned_at,
            exists (select from endorsement e where e.statement_id = coalesce(s.supersedes, s.id) and e.state = 'accepted'
                    and s.organisation_id = case e.form when 'own-key' then e.endorser_organisation_id
                                                        when 'received' then e.organisation_id end
                    and s.payload::jsonb #>> '{credentialSubject,id}' = e.subject_id
                    and right(s.payload::jsonb #>> '{credentialSubject,endorsementComment}', length(e.comment)) = e.comment)
            or exists (select from learner_record r where r.statement_id = coalesce(s.supersedes, s.id) and r.withdrawn_at is null
                       and r.organisation_id = s.organisation_id)
            or exists (select from issued_credential i where i.statement_id = coalesce(s.supersedes, s.id) and i.ended_at is null
                       and i.organisation_id = s.organisation_id) as stands
     from statement s join organisation o on o.id = s.organisation_id join status_list l on l.id = s.status_list_id
     where s.outbox_id = $1 and s.state = 'planned' order by s.id`,
    [outboxId],
  );

const refusal = (code: string, fr: string, en: string): Refusal => ({ code, detail: { fr, en } });

/** Why a planned statement must not be signed after all, if anything. */
export function recheckStatement(row: PlannedStatementRow): Refusal | undefined {
  if (sha256Hex(row.payload) !== row.payload_sha256)
    return refusal('payload_changed', 'Le contenu prévu a été modifié.', 'The planned content was altered.');
  if (!row.stands)
    return refusal(
      'statement_withdrawn',
      'Ce qui devait être signé a été retiré, ou ne vient pas de qui devait signer.',
      'What was to be signed was withdrawn, or does not come from who was to sign it.',
    );
  return undefined;
}
