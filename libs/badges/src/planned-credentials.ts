import type { DataSource } from 'typeorm';
import { sha256Hex } from '#platform';
import type { Refusal } from './credential-check.js';
import type { Reason } from './rule.js';

/** A credential that waits for its signature, with what must still hold before it may have one. */
export interface PlannedRow {
  id: string;
  organisation_id: string;
  slug: string;
  issuer_did: string;
  payload: string;
  payload_sha256: string;
  status_list_id: string;
  ed25519_key_id: string;
  rs256_key_id: string;
  award_id: string;
  award_state: string;
  person_id: string;
  assessor_person_id: string | null;
  assessed_on: string | null;
  edition: string;
  /** The signed credential in whose place it will stand, when it is issued again. */
  supersedes: string | null;
  /** It will be shown, as the badge was in whose place it stands. */
  is_shown: boolean;
  public_id: string;
  status_list_public_id: string;
  status_index: number;
  achievement_id: string;
  badge_code: string;
  session_id: string | null;
  awarded_at: Date;
  established: string;
  reasons: Reason[];
}

/** The credentials of an outbox row that are still planned, in the order of their ids. */
export const plannedCredentials = (database: DataSource, outboxId: string): Promise<PlannedRow[]> =>
  database.query(
    `select c.id, c.organisation_id, o.slug, c.issuer_did, c.payload, c.payload_sha256, c.status_list_id,
            c.ed25519_key_id, c.rs256_key_id, c.award_id, a.state as award_state, c.supersedes, a.person_id,
            a.assessor_person_id, a.assessed_on::text, c.edition, c.public_id, c.status_index,
            l.public_id as status_list_public_id, a.achievement_id, a.badge_code, a.session_id, a.awarded_at,
            a.established, a.reasons,
            c.first_shown_at is not null
              and exists (select from publication p where p.credential_id = c.id) as is_shown
     from credential c join award a on a.id = c.award_id join organisation o on o.id = c.organisation_id
     join status_list l on l.id = c.status_list_id
     where c.outbox_id = $1 and c.state = 'planned' order by c.id`,
    [outboxId],
  );

const refusal = (code: string, fr: string, en: string): Refusal => ({ code, detail: { fr, en } });

/** The award was cancelled before its badge was stored. */
export const withdrawn = refusal(
  'award_withdrawn',
  "L'attribution a été annulée.",
  'The award was withdrawn.',
);

/** Somebody who assessed it has no mandate any more for that day. */
export const notMandated = refusal(
  'assessor_not_mandated',
  "La personne qui a évalué n'avait plus de mandat dans la structure à cette date. Confirmez son mandat, puis relancez.",
  'The assessor no longer had a mandate in the structure on that date. Confirm the mandate, then retry.',
);

/** A badge that a pathway badge stands on was refused, withdrawn or revoked. */
export const badgeMissing = refusal(
  'badge_missing',
  "Un badge sur lequel celui-ci repose n'a pas été signé, ou a été retiré. Réglez d'abord celui-là, puis relancez.",
  'A badge that this one stands on was not signed, or was taken back. Settle that one first, then retry.',
);

/** Whose judgement an award rests on, of which day (YYYY-MM-DD): of several assessors each is one. */
export interface Judgement {
  by: string;
  on: string;
}

export const judgementsOf = ({
  assessor_person_id: by,
  assessed_on: on,
  reasons,
}: PlannedRow): Judgement[] => [
  ...(by === null ? [] : [{ by, on: on! }]),
  ...reasons.flatMap((reason) =>
    reason.assessorPersonId === undefined ? [] : [{ by: reason.assessorPersonId, on: reason.on! }],
  ),
];

/** Codes of the badges that it stands on; a pathway badge has some. */
export const stonesOf = ({ reasons }: PlannedRow): string[] =>
  reasons.flatMap(({ code, badge }) => (code === 'badge' && badge !== undefined ? [badge] : []));

/** Had everybody who judged the mandate on that day? */
export type Mandated = (personId: string, date: string) => boolean;
export const allMandated = (judgements: Judgement[], mandated: Mandated): boolean =>
  judgements.every(({ by, on }) => mandated(by, on));

/**
 * Why a planned credential must not be signed after all, if anything: what held at planning may have changed since.
 * What it stands on is asked of `Stones`.
 * @param mandated whether a person had the assessor's mandate on a date, as of now
 */
export function recheck(row: PlannedRow, mandated: Mandated): Refusal | undefined {
  if (row.award_state !== (row.supersedes === null ? 'planned' : 'issued')) return withdrawn;
  const judgements = judgementsOf(row);
  if (!allMandated(judgements, mandated)) return notMandated;
  if (judgements.some(({ by }) => by === row.person_id))
    return refusal('self_assessed', "Personne ne s'évalue soi-même.", 'Nobody assesses themselves.');
  if (sha256Hex(row.payload) !== row.payload_sha256)
    return refusal('payload_changed', 'Le contenu prévu a été modifié.', 'The planned content was altered.');
  return undefined;
}

/** The refusal of a content that has no canonical form. */
export function notCanonical(error: Error & { code?: string }): Refusal {
  const known = error.code?.startsWith('jsonld') || error.code?.startsWith('context');
  return refusal(
    known ? error.code! : 'not_canonical',
    `Le contenu ne peut pas être signé : ${error.message}`,
    `The content cannot be signed: ${error.message}`,
  );
}
