import type { EntityManager } from 'typeorm';
import { appendAudit, textArray } from '#platform';
import { assertKeysMaySign } from '#signing';
import type { AwardState } from './award.js';
import type { Refusal } from './credential-check.js';
import { assessorMandates } from './plan-awards.js';
import { allMandated, badgeMissing, type Judgement, notMandated, withdrawn } from './planned-credentials.js';
import type { ShortTexts } from './short-texts.js';
import { takePlaces } from './take-places.js';

/** A credential with both its signatures, as its bytes will be stored. */
export interface SignedCredential {
  id: string;
  organisationId: string;
  /** What its award rests on, to be asked once more. */
  judgements: Judgement[];
  personId: string;
  /** Codes of the badges that it stands on. */
  stones: string[];
  /** JSON text with the embedded proof. */
  document: string;
  /** Hexadecimal SHA-256 of that text in UTF-8. */
  documentSha256: string;
  /** The same credential as compact VC-JWT. */
  jwt: string;
  /** Both as they are stored, beside the payload. */
  short: ShortTexts;
  /** The keys that made both signatures, and whose they must be. */
  keys: { keyId: string; issuerId: string }[];
}

export interface StoredBatch {
  /** What was refused, also what fell only now. */
  refusals: RefusedCredential[];
  /** Pathway badges left planned, since a badge that they stand on has to be signed anew. */
  waiting: number;
}

export interface RefusedCredential {
  id: string;
  refusal: Refusal;
}

/**
 * Writes signatures and refusals of a batch in one transaction. Whoever signed first keeps the credential: only rows
 * still planned are written, none with a key that was reported stolen meanwhile nor of an award that was cancelled,
 * lost its assessor's mandate or a badge that it stands on meanwhile, and one that replaces another takes its place.
 * A pathway badge whose stone was replaced meanwhile stays planned.
 * @returns the refusals that were written, these among them, and how many wait
 * @throws SigningKeyUnavailable (`signing_key_unavailable`), SigningKeyOfAnotherIssuer (`signing_key_of_another_issuer`)
 */
export async function storeSigned(
  database: EntityManager,
  outboxId: string,
  signed: SignedCredential[],
  refused: RefusedCredential[],
): Promise<StoredBatch> {
  return database.transaction(async (tx) => {
    await assertKeysMaySign(
      tx,
      signed.flatMap(({ keys }) => keys),
    );
    const { fallen, waiting } = await fallenMeanwhile(tx, signed);
    let storedIds = new Set<string>();
    const kept = signed.filter(({ id }) => !fallen.has(id) && !waiting.has(id));
    const refusals = [...refused, ...[...fallen].map(([id, refusal]) => ({ id, refusal }))];
    await takePlaces(
      tx,
      kept.map(({ id }) => id),
    );
    if (kept.length > 0) {
      // Statistics from between two campaigns say that nothing is planned: whatever plan follows must cost little, so
      // the join carries ids alone and the texts are taken from their arrays by place.
      const stored: { id: string }[] = await tx.query(
        `with stored as (
           update credential c set state = 'signed', signed_at = now(),
             document_sha256 = ($2::text[])[t.place], proof = ($3::text[])[t.place], document = ($4::text[])[t.place],
             jwt_header = ($6::text[])[t.place], jwt_claims = ($7::text[])[t.place],
             jwt_signature = ($8::text[])[t.place], jwt = ($9::text[])[t.place]
           from unnest($1::uuid[]) with ordinality as t (id, place)
           where c.id = t.id and c.id = any($1) and c.state = 'planned'
             and array[c.ed25519_key_id, c.rs256_key_id] <@ $5::text[] returning c.id, c.award_id),
         issued as (
           update award set state = 'issued'
           where id = any(array(select award_id from stored)) and state = 'planned')
         select id from stored`,
        [
          kept.map((s) => s.id),
          textArray(kept.map((s) => s.documentSha256)),
          textArray(kept.map(({ short }) => short.proof)),
          textArray(kept.map(({ short }) => short.document)),
          keysOf(signed),
          ...[0, 1, 2].map((part) => textArray(kept.map(({ short }) => short.jwtParts?.[part]))),
          textArray(kept.map(({ short }) => short.jwt)),
        ],
      );
      storedIds = new Set(stored.map(({ id }) => id));
      await appendAudit(
        tx,
        kept
          .filter(({ id }) => storedIds.has(id))
          .map(({ id, documentSha256 }) => ({
            actor: 'worker',
            action: 'credential.signed',
            subject: { credentialId: id, documentSha256 },
          })),
      );
    }
    if (refusals.length > 0) {
      const stored: { id: string }[] = await tx.query(
        `with stored as (
           update credential c set state = 'refused', refusal = t.refusal || jsonb_build_object('at', now())
           from unnest($1::uuid[], $2::jsonb[]) as t (id, refusal)
           where c.id = t.id and c.state = 'planned' returning c.id, c.award_id),
         withdrawn as (
           update award set state = 'refused' where id in (select award_id from stored) and state = 'planned')
         select id from stored`,
        [refusals.map((r) => r.id), refusals.map((r) => JSON.stringify(r.refusal))],
      );
      const isStored = new Set(stored.map(({ id }) => id));
      await appendAudit(
        tx,
        refusals
          .filter(({ id }) => isStored.has(id))
          .map(({ id, refusal }) => ({
            actor: 'worker',
            action: 'credential.refused',
            subject: { credentialId: id, code: refusal.code },
          })),
      );
    }
    if (kept.length < signed.length || storedIds.size < kept.length)
      await refusedAfterSigning(
        tx,
        signed.map(({ id }) => id),
      );
    await tx.query(
      `update outbox set done_at = now() where id = $1 and done_at is null and topic = 'sign'
       and not exists (select from credential where outbox_id = $1 and state = 'planned')`,
      [outboxId],
    );
    return { refusals, waiting: waiting.size };
  });
}

/**
 * What was signed, archived and then refused, here or by somebody else meanwhile, was refused after it was signed, by
 * whichever clock: a signature after a refusal tells a reconciliation that the refusal was mended.
 */
const refusedAfterSigning = (tx: EntityManager, ids: string[]): Promise<unknown> =>
  tx.query(
    `update credential set refusal = refusal || jsonb_build_object(
       'at', greatest((refusal ->> 'at')::timestamptz, clock_timestamp(), $2::timestamptz))
     where id = any($1) and state = 'refused'`,
    [ids, new Date()],
  );

/**
 * What must not be stored after all, and why, and what must wait. Locks credentials, those whose places they take among
 * them, and then their awards and those that they stand on: each by id and in the order in which a change of status
 * does, so that neither ever waits for the other while it holds what the other needs.
 */
async function fallenMeanwhile(
  tx: EntityManager,
  signed: SignedCredential[],
): Promise<{ fallen: Map<string, Refusal>; waiting: Set<string> }> {
  const fallen = new Map<string, Refusal>();
  const waiting = new Set<string>();
  const [first] = signed;
  if (!first) return { fallen, waiting };
  const ids = signed.map(({ id }) => id);
  await tx.query(
    `select id from credential
     where id = any(array(select unnest($1::uuid[]) union select supersedes from credential where id = any($1)))
     order by id for update`,
    [ids],
  );
  const under = signed.flatMap(({ personId: person, stones }) => stones.map((badge) => ({ person, badge })));
  // A stone by its name: another award may have taken its place. With other keys, it is not stored from here.
  const awards: AwardInHand[] = await tx.query(
    `select a.id, a.person_id, a.badge_code, a.state, c.id as credential_id
     from award a left join credential c on c.award_id = a.id and c.id = any($1) and c.state = 'planned'
       and array[c.ed25519_key_id, c.rs256_key_id] <@ $5::text[]
     where a.id = any(array(
       select award_id from credential where id = any($1)
       union select s.id from unnest($3::uuid[], $4::text[]) as t (person, badge)
             join award s on s.organisation_id = $2 and s.person_id = t.person and s.badge_code = t.badge
             where s.state <> 'cancelled'))
     order by a.id for update of a`,
    [
      ids,
      first.organisationId,
      under.map(({ person }) => person),
      under.map(({ badge }) => badge),
      keysOf(signed),
    ],
  );
  const mandated = await assessorMandates(tx, first.organisationId);
  const ownAward = new Map(awards.map((award) => [award.credential_id, award]));
  const nameOf = (person: string, badge: string): string => `${person} ${badge}`;
  const states = new Map<string, AwardState>();
  for (const { person_id: person, badge_code: badge, state } of awards)
    if (state !== 'cancelled') states.set(nameOf(person, badge), state);
  // What stands on others comes after them.
  for (const { id, personId, judgements, stones } of signed) {
    const award = ownAward.get(id);
    // Somebody else has stored or refused it.
    if (!award) continue;
    const footing = stones.map((badge) => states.get(nameOf(personId, badge)));
    const refusal = !['planned', 'issued'].includes(award.state)
      ? withdrawn
      : !allMandated(judgements, mandated)
        ? notMandated
        : footing.some((state) => state !== 'planned' && state !== 'issued')
          ? badgeMissing
          : undefined;
    if (refusal) fallen.set(id, refusal);
    else if (footing.includes('planned')) waiting.add(id);
    const became = refusal ? 'refused' : waiting.has(id) ? 'planned' : 'issued';
    if (award.state === 'planned') states.set(nameOf(personId, award.badge_code), became);
  }
  return { fallen, waiting };
}

interface AwardInHand {
  id: string;
  person_id: string;
  badge_code: string;
  state: AwardState;
  /** Of the credential that will be stored for it here, if one will. */
  credential_id: string | null;
}

/** Another attempt may have named other keys meanwhile: what these did not sign is not theirs. */
const keysOf = (signed: SignedCredential[]): string[] => [
  ...new Set(signed.flatMap(({ keys }) => keys.map(({ keyId }) => keyId))),
];
