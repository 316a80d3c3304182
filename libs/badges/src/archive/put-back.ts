import type { EntityManager } from 'typeorm';
import { appendAudit, sha256, uuid } from '#platform';
import type { Json } from '../credential-facts.js';
import { isFresh } from '../live-awards.js';
import { shortTexts } from '../short-texts.js';
import { takePlaces } from '../take-places.js';
import type { ArchivedCredential } from './archived-credential.js';
import type { OrphanReason } from './orphan-credential.js';

const hex = (text: string): string => sha256(text).toString('hex');

/** Status lists that archived credentials name and the database has lost, under their own ids and addresses. */
export async function ensureLists(tx: EntityManager, credentials: ArchivedCredential[]): Promise<void> {
  await tx.query(
    `insert into status_list (id, organisation_id, public_id, size)
     select distinct on (t.id) t.id, t.organisation, t.public_id, 131072
     from unnest($1::uuid[], $2::uuid[], $3::text[]) as t (id, organisation, public_id)
     where exists (select from organisation o where o.id = t.organisation) on conflict (id) do nothing`,
    [
      credentials.map((c) => c.statusListId),
      credentials.map((c) => c.organisationId),
      credentials.map((c) => c.statusListPublicId),
    ],
  );
}

/**
 * Reserves the places of credentials that were given out, whether they come back or not (I4).
 * @returns the credentials whose place another credential has taken since
 */
export async function reservePlaces(
  tx: EntityManager,
  credentials: ArchivedCredential[],
): Promise<Set<string>> {
  const parameters = [
    credentials.map((c) => c.statusListId),
    credentials.map((c) => c.statusIndex),
    credentials.map((c) => c.id),
  ];
  await voidPlannedAgain(tx, parameters);
  await tx.query(
    `insert into status_entry (status_list_id, position, credential_id)
     select t.list, t.place, t.credential from unnest($1::uuid[], $2::int[], $3::uuid[]) as t (list, place, credential)
     where exists (select from status_list l where l.id = t.list) on conflict do nothing`,
    parameters,
  );
  await tx.query(
    `update status_list l set taken = greatest(l.taken, (select count(*) from status_entry e where e.status_list_id = l.id))
     where l.id = any($1)`,
    [[...new Set(credentials.map((c) => c.statusListId))]],
  );
  const taken: { id: string }[] = await tx.query(
    `select t.credential as id from unnest($1::uuid[], $2::int[], $3::uuid[]) as t (list, place, credential)
     join status_entry e on e.status_list_id = t.list and e.position = t.place where e.credential_id <> t.credential`,
    parameters,
  );
  return new Set(taken.map(({ id }) => id));
}

/** What was planned since the restore on a place that was given out is never signed: its award can be made again. */
async function voidPlannedAgain(tx: EntityManager, parameters: unknown[]): Promise<void> {
  const [voided]: [{ award_id: string; organisation_id: string }[], number] = await tx.query(
    `update credential c set state = 'void'
     from unnest($1::uuid[], $2::int[], $3::uuid[]) as t (list, place, credential)
     join status_entry e on e.status_list_id = t.list and e.position = t.place
     where c.id = e.credential_id and c.id <> t.credential and c.state in ('planned', 'refused')
     returning c.award_id, c.organisation_id`,
    parameters,
  );
  if (voided.length === 0) return;
  await tx.query("update award set state = 'cancelled' where id = any($1)", [
    voided.map(({ award_id }) => award_id),
  ]);
  await appendAudit(
    tx,
    voided.map(({ award_id: awardId, organisation_id: organisationId }) => ({
      actor: 'cli',
      action: 'award.cancelled',
      subject: { awardId, organisationId, how: 'withdrawn', reason: 'index_given_again' },
    })),
  );
}

/** Why these credentials cannot be put back, for those that cannot. */
export async function obstacles(
  tx: EntityManager,
  credentials: ArchivedCredential[],
): Promise<Map<string, OrphanReason>> {
  const rows: { id: string; why: OrphanReason | null }[] = await tx.query(
    `select t.id, case
       when not exists (select from organisation o where o.id = t.organisation) then 'organisation_unknown'
       when not exists (select from person p where p.id = t.person) then 'person_unknown'
       when t.assessor is not null and not exists (select from person p where p.id = t.assessor) then 'person_unknown'
       when not exists (select from achievement a where a.id = t.achievement) then 'achievement_unknown'
       when (select count(*) from signing_key k where k.id in (t.ed25519, t.rs256)) < 2 then 'key_unknown'
       when exists (select from award a where a.organisation_id = t.organisation and a.badge_code = t.badge
                    and a.person_id = t.person and a.state <> 'cancelled' and a.id <> t.award) then 'awarded_again'
     end as why
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[])
       as t (id, organisation, person, assessor, achievement, ed25519, rs256, badge, award)`,
    [
      credentials.map((c) => c.id),
      credentials.map((c) => c.organisationId),
      credentials.map((c) => c.award.personId),
      credentials.map((c) => c.award.assessorPersonId),
      credentials.map((c) => c.award.achievementId),
      credentials.map((c) => c.ed25519KeyId),
      credentials.map((c) => c.rs256KeyId),
      credentials.map((c) => c.award.badgeCode),
      credentials.map((c) => c.award.id),
    ],
  );
  return new Map(rows.flatMap(({ id, why }) => (why ? [[id, why] as const] : [])));
}

/**
 * Awards and credentials of one organisation as they were, as old as they were; the places are reserved already. The
 * archive does not know who showed a badge, so each counts as seen.
 */
export async function putBack(tx: EntityManager, credentials: ArchivedCredential[]): Promise<void> {
  await insertAwards(tx, credentials);
  await insertPlanned(tx, credentials);
  // What replaced another badge takes its place, once that one is there.
  const groups = [
    credentials.filter((c) => !c.supersedes),
    ...credentials.filter((c) => c.supersedes).map((c) => [c]),
  ];
  for (const group of groups) {
    const ids = group.map(({ id }) => id);
    const texts = group.map((credential) => shortTexts(credential));
    await takePlaces(tx, ids);
    await tx.query(
      `with stored as (
         update credential c set state = 'signed', document_sha256 = t.digest, proof = t.proof, document = t.document,
           jwt_header = t.header, jwt_claims = t.claims, jwt_signature = t.signature, jwt = t.jwt,
           signed_at = t.signed_at, first_shown_at = coalesce(c.first_shown_at, t.signed_at),
           ed25519_key_id = t.ed25519, rs256_key_id = t.rs256
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::timestamptz[], $10::text[], $11::text[])
           as t (id, digest, proof, document, header, claims, signature, jwt, signed_at, ed25519, rs256)
         where c.id = t.id and c.state = 'planned' returning c.award_id)
       update award set state = 'issued'
       where id in (select award_id from stored) and state in ('planned', 'refused')`,
      [
        ids,
        group.map((c) => hex(c.document)),
        texts.map((short) => short.proof ?? null),
        texts.map((short) => short.document ?? null),
        ...[0, 1, 2].map((part) => texts.map((short) => short.jwtParts?.[part] ?? null)),
        texts.map((short) => short.jwt ?? null),
        group.map((c) => c.signedAt),
        group.map((c) => c.ed25519KeyId),
        group.map((c) => c.rs256KeyId),
      ],
    );
  }
  await appendAudit(
    tx,
    credentials.map(({ id, document, award }) => ({
      actor: 'cli',
      action: 'credential.restored',
      subject: { credentialId: id, awardId: award.id, documentSha256: hex(document) },
    })),
  );
}

/** ISO 8601, UTC, to the second. */
const plannedAt = ({ payload }: ArchivedCredential): string =>
  (JSON.parse(payload) as Json).validFrom as string;

const insertAwards = (tx: EntityManager, credentials: ArchivedCredential[]): Promise<unknown> =>
  tx.query(
    `insert into award (id, organisation_id, achievement_id, badge_code, person_id, session_id, assessor_person_id,
                        assessed_on, awarded_at, established, state, reasons, created_at)
     select t.id, t.organisation, t.achievement, t.badge, t.person, s.id, t.assessor, t.assessed_on, t.awarded_at,
            t.established, 'planned', t.reasons, t.planned_at
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::date[],
                 $9::timestamptz[], $10::text[], $11::jsonb[], $12::timestamptz[])
       as t (id, organisation, achievement, badge, person, session, assessor, assessed_on, awarded_at, established,
             reasons, planned_at)
     left join session s on s.id = t.session
     on conflict do nothing`,
    [
      credentials.map((c) => c.award.id),
      credentials.map((c) => c.organisationId),
      credentials.map((c) => c.award.achievementId),
      credentials.map((c) => c.award.badgeCode),
      credentials.map((c) => c.award.personId),
      credentials.map((c) => c.award.sessionId),
      credentials.map((c) => c.award.assessorPersonId),
      credentials.map((c) => c.award.assessedOn),
      credentials.map((c) => c.award.awardedAt),
      credentials.map((c) => c.award.established),
      credentials.map((c) => JSON.stringify(c.award.reasons)),
      credentials.map(plannedAt),
    ],
  );

/**
 * Those that are planned already are made of the content that was signed, should theirs be another one by now; those
 * that had been refused before they were signed are refused no more.
 */
async function insertPlanned(tx: EntityManager, credentials: ArchivedCredential[]): Promise<void> {
  const outboxId = uuid();
  await tx.query(
    `insert into outbox (id, topic, organisation_id, priority, enqueued_at, done_at) values ($1, 'sign', $2, 10, now(), now())`,
    [outboxId, credentials[0]!.organisationId],
  );
  await tx.query(
    `insert into credential (id, award_id, organisation_id, edition, public_id, state, outbox_id, status_list_id,
                             status_index, issuer_did, payload, payload_sha256, supersedes, created_at)
     select id, award, organisation, edition, address, 'planned', $1, list, place, did, payload, digest, old, planned_at
     from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::int[], $9::text[],
                 $10::text[], $11::text[], $12::uuid[], $13::timestamptz[])
       as t (id, award, organisation, edition, address, list, place, did, payload, digest, old, planned_at)
     on conflict (id) do update set state = 'planned', refusal = null, payload = excluded.payload,
       payload_sha256 = excluded.payload_sha256
     where credential.state = 'refused' or credential.state = 'planned' and credential.payload <> excluded.payload`,
    [
      outboxId,
      credentials.map((c) => c.id),
      credentials.map((c) => c.award.id),
      credentials.map((c) => c.organisationId),
      credentials.map((c) => c.edition),
      credentials.map((c) => c.publicId),
      credentials.map((c) => c.statusListId),
      credentials.map((c) => c.statusIndex),
      credentials.map((c) => c.issuerDid),
      credentials.map((c) => c.payload),
      credentials.map((c) => hex(c.payload)),
      credentials.map((c) => c.supersedes ?? null),
      credentials.map(plannedAt),
    ],
  );
}

/** Keeps in mind what was given out and has nobody: listed, and revocable by id. */
export const insertOrphans = (
  tx: EntityManager,
  orphans: { credential: ArchivedCredential; why: OrphanReason }[],
): Promise<unknown> =>
  tx.query(
    `insert into orphan_credential (credential_id, organisation_id, award_id, badge_code, status_list_id, status_index, document_sha256, why)
     select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::text[])
     on conflict do nothing`,
    [
      orphans.map(({ credential }) => credential.id),
      orphans.map(({ credential }) => credential.organisationId),
      orphans.map(({ credential }) => credential.award.id),
      orphans.map(({ credential }) => credential.award.badgeCode),
      orphans.map(({ credential }) => credential.statusListId),
      orphans.map(({ credential }) => credential.statusIndex),
      orphans.map(({ credential }) => hex(credential.document)),
      orphans.map(({ why }) => why),
    ],
  );

/**
 * Badges that the restored backup has as never shown may have been shown since: those that could still vanish without
 * trace count as seen.
 */
export async function countAsSeen(tx: EntityManager): Promise<void> {
  await tx.query(
    `update credential c set first_shown_at = c.signed_at from award a
     where a.id = c.award_id and c.state = 'signed' and c.first_shown_at is null and ${isFresh('a')}`,
  );
}
