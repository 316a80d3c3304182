import type { DataSource } from 'typeorm';
import { appendAudit } from '#platform';
import { assertKeysMaySign } from '#signing';
import type { Refusal } from './credential-check.js';
import { takePlaces } from './take-places.js';

/** A credential with both its signatures, as its bytes will be stored. */
export interface SignedCredential {
  id: string;
  /** JSON text with the embedded proof. */
  document: string;
  /** Hexadecimal SHA-256 of that text. */
  documentSha256: string;
  /** The same credential as compact VC-JWT. */
  jwt: string;
  /** The keys that made both signatures, and whose they must be. */
  keys: { keyId: string; issuerId: string }[];
}

export interface RefusedCredential {
  id: string;
  refusal: Refusal;
}

/**
 * Writes signatures and refusals of a batch in one transaction. Whoever signed first keeps the credential: only rows
 * still planned are written, none with a key that was reported stolen meanwhile, and one that replaces another takes
 * its place.
 * @throws SigningKeyUnavailable (`signing_key_unavailable`), SigningKeyOfAnotherIssuer (`signing_key_of_another_issuer`)
 */
export async function storeSigned(
  database: DataSource,
  outboxId: string,
  signed: SignedCredential[],
  refused: RefusedCredential[],
): Promise<void> {
  await database.transaction(async (tx) => {
    await assertKeysMaySign(
      tx,
      signed.flatMap(({ keys }) => keys),
    );
    await takePlaces(
      tx,
      signed.map(({ id }) => id),
    );
    if (signed.length > 0) {
      const stored: { id: string }[] = await tx.query(
        `with stored as (
           update credential c set state = 'signed', document = t.document, document_sha256 = t.digest, jwt = t.jwt, signed_at = now()
           from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (id, document, digest, jwt)
           where c.id = t.id and c.state = 'planned' returning c.id, c.award_id),
         issued as (
           update award set state = 'issued' where id in (select award_id from stored) and state = 'planned')
         select id from stored`,
        [
          signed.map((s) => s.id),
          signed.map((s) => s.document),
          signed.map((s) => s.documentSha256),
          signed.map((s) => s.jwt),
        ],
      );
      const isStored = new Set(stored.map(({ id }) => id));
      await appendAudit(
        tx,
        signed
          .filter(({ id }) => isStored.has(id))
          .map(({ id, documentSha256 }) => ({
            actor: 'worker',
            action: 'credential.signed',
            subject: { credentialId: id, documentSha256 },
          })),
      );
    }
    if (refused.length > 0) {
      const stored: { id: string }[] = await tx.query(
        `with stored as (
           update credential c set state = 'refused', refusal = t.refusal
           from unnest($1::uuid[], $2::jsonb[]) as t (id, refusal)
           where c.id = t.id and c.state = 'planned' returning c.id, c.award_id),
         withdrawn as (
           update award set state = 'refused' where id in (select award_id from stored) and state = 'planned')
         select id from stored`,
        [refused.map((r) => r.id), refused.map((r) => JSON.stringify(r.refusal))],
      );
      const isStored = new Set(stored.map(({ id }) => id));
      await appendAudit(
        tx,
        refused
          .filter(({ id }) => isStored.has(id))
          .map(({ id, refusal }) => ({
            actor: 'worker',
            action: 'credential.refused',
            subject: { credentialId: id, code: refusal.code },
          })),
      );
    }
    await tx.query(
      `update outbox set done_at = now() where id = $1 and done_at is null
       and not exists (select from credential where outbox_id = $1 and state = 'planned')`,
      [outboxId],
    );
  });
}
