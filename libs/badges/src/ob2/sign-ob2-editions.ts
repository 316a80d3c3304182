import type { DataSource } from 'typeorm';
import { appendAudit, logger } from '#platform';
import { assertKeysMaySign, type KeyStore, signJws } from '#signing';
import { signedAssertion } from './documents.js';

const log = logger('sign-ob2-editions');
const roundSize = 50;

interface WaitingRow {
  id: string;
  email_hash: string | null;
  salt: string | null;
  credential_id: string;
  public_id: string;
  document: string;
  organisation_id: string;
  slug: string;
}

/**
 * Signs the Open Badges 2.0 form of badges that somebody asked for (ADR 0021), beside issuance and never in its way.
 * May run twice at once: RS256 is deterministic, the first JWS that is stored stays, and its event is written with it.
 */
export class SignOb2Editions {
  constructor(
    private readonly database: DataSource,
    private readonly keyStore: KeyStore,
    private readonly origin: string,
  ) {}

  /**
   * One round over what waits. What cannot be signed now waits for the next round and does not hold up the others.
   * @returns how many were signed
   */
  async signWaiting(): Promise<number> {
    const rows: WaitingRow[] = await this.database.query(
      `select o2.id, o2.email_hash, o2.salt, c.id as credential_id, c.public_id, signed_document(c) as document, c.organisation_id, o.slug
       from ob2_edition o2 join credential c on c.award_id = o2.award_id and c.state = 'signed'
       join publication p on p.credential_id = c.id
       join status_entry e on e.credential_id = c.id and e.state = 'active'
       join organisation o on o.id = c.organisation_id and o.email is not null
       where o2.jws is null and o2.jws_asked_at is not null and o2.superseded_at is null
       order by o2.jws_asked_at limit $1`,
      [roundSize],
    );
    let signed = 0;
    for (const row of rows) {
      const isSigned = await this.sign(row).catch((error: Error & { code?: string }) => {
        log.error({ editionId: row.id, code: error.code, err: error.name }, 'signed form not made');
        return false;
      });
      if (isSigned) signed += 1;
    }
    return signed;
  }

  /** @returns false when another worker was first, or the edition was replaced meanwhile */
  private async sign(row: WaitingRow): Promise<boolean> {
    const { id: keyId } = (await this.keyStore.ensureKeys(row.organisation_id)).RS256;
    // I2: which key signs is written before anything is signed.
    await this.database.query(
      'update ob2_edition set rs256_key_id = $2, credential_id = $3 where id = $1 and jws is null',
      [row.id, keyId, row.credential_id],
    );
    const signer = await this.keyStore.signerFor(keyId, row.organisation_id);
    const assertion = signedAssertion({
      origin: this.origin,
      publicId: row.public_id,
      slug: row.slug,
      credential: JSON.parse(row.document) as Record<string, unknown>,
      recipient: row.email_hash && row.salt ? { emailHash: row.email_hash, salt: row.salt } : null,
      credentialId: row.credential_id,
      keyId,
    });
    const jws = await signJws(JSON.stringify(assertion), signer.privateKey);
    return this.database.transaction(async (tx) => {
      await assertKeysMaySign(tx, [{ keyId, issuerId: row.organisation_id }]);
      const [stored]: [unknown[], number] = await tx.query(
        `update ob2_edition set jws = $2, signed_at = now()
         where id = $1 and jws is null and superseded_at is null and rs256_key_id = $3 and credential_id = $4
         returning id`,
        [row.id, jws, keyId, row.credential_id],
      );
      if (stored.length === 0) return false;
      await appendAudit(tx, [
        {
          actor: 'worker',
          action: 'credential.signed_as_jws',
          subject: { credentialId: row.credential_id, editionId: row.id, keyId },
        },
      ]);
      return true;
    });
  }
}
