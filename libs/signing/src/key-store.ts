import type { KeyObject } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { SigningKeyUnavailable } from './errors.js';
import { generateKey, type SigningAlgorithm } from './keys.js';
import { PublicKeys } from './public-keys.js';
import { openPrivateKey, sealPrivateKey } from './sealing.js';
import { SigningKey } from './signing-key.js';

/** A key ready to sign with. */
export interface Signer {
  keyId: string;
  issuerId: string;
  algorithm: SigningAlgorithm;
  privateKey: KeyObject;
}

const trustedForMs = 1_000;

/** Private keys: made, sealed and opened here, in the worker, and nowhere else. */
export class KeyStore {
  private readonly opened = new Map<string, { signer: Signer; askAgainAt: number }>();

  /** @param masterKey from `readMasterKey` */
  constructor(
    private readonly database: DataSource,
    private readonly masterKey: KeyObject,
  ) {}

  /**
   * The active Ed25519 and RS256 keys of an issuer, made if there are none. Safe to call from many processes at once:
   * the database lets one active key of each kind live and everybody gets that one.
   */
  async ensureKeys(issuerId: string): Promise<Record<SigningAlgorithm, SigningKey>> {
    const keys = new PublicKeys(this.database);
    const present = await keys.active(issuerId);
    for (const algorithm of ['Ed25519', 'RS256'] as const)
      if (!present[algorithm]) await this.create(issuerId, algorithm);
    return (await keys.active(issuerId)) as Record<SigningAlgorithm, SigningKey>;
  }

  /**
   * The signer of a key id, opened once and kept in memory. A retired key still signs what was planned with it (its
   * status list too). Whether it may is asked of the database again after a second at most, so that a theft reported
   * elsewhere counts at once and a batch does not ask for each badge.
   * @throws SigningKeyUnavailable (`signing_key_unavailable`) when unknown or compromised,
   *   SealedKeyUnreadable (`sealed_key_unreadable`) when the master key is another one
   */
  async signerFor(keyId: string): Promise<Signer> {
    const kept = this.opened.get(keyId);
    if (kept && performance.now() < kept.askAgainAt) return kept.signer;
    const row = await this.database.manager.findOne(SigningKey, {
      select: { id: true, issuerId: true, algorithm: true, sealedPrivateKey: true, compromisedSince: true },
      where: { id: keyId },
    });
    if (!row || row.compromisedSince) {
      this.opened.delete(keyId);
      throw new SigningKeyUnavailable(keyId, row ? 'compromised' : 'unknown');
    }
    const signer = kept?.signer ?? {
      keyId,
      issuerId: row.issuerId,
      algorithm: row.algorithm,
      privateKey: openPrivateKey(row.sealedPrivateKey, keyId, this.masterKey),
    };
    this.opened.set(keyId, { signer, askAgainAt: performance.now() + trustedForMs });
    return signer;
  }

  private async create(issuerId: string, algorithm: SigningAlgorithm): Promise<void> {
    const key = await generateKey(algorithm);
    await this.database.query(
      `insert into signing_key (id, issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (issuer_id, algorithm) where retired_at is null and compromised_since is null do nothing`,
      [
        key.id,
        issuerId,
        algorithm,
        JSON.stringify(key.publicJwk),
        key.publicMultibase,
        sealPrivateKey(key.privateKey, key.id, this.masterKey),
      ],
    );
  }
}
