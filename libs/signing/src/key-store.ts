import type { KeyObject } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, canonicalJson, sha256 } from '#platform';
import { SigningKeyOfAnotherIssuer, SigningKeyUnavailable } from './errors.js';
import type { KeyService } from './key-service.js';
import { generateKey, type NewKey, type SigningAlgorithm } from './keys.js';
import { PublicKeys } from './public-keys.js';
import { openPrivateKey, type SealedKey, sealPrivateKey } from './sealing.js';
import { SigningKey } from './signing-key.js';

/** A key ready to sign with. */
export interface Signer {
  keyId: string;
  issuerId: string;
  algorithm: SigningAlgorithm;
  privateKey: KeyObject;
}

/** A new key with its private half sealed, not yet in the database. */
export interface PreparedKey {
  key: Omit<NewKey, 'privateKey'>;
  issuerId: string;
  sealed: SealedKey;
}

const trustedForMs = 1_000;
const algorithms = ['Ed25519', 'RS256'] as const;

/** Private keys: made, sealed and opened here, in the worker and the key commands, and nowhere else. */
export class KeyStore {
  private readonly opened = new Map<string, { signer: Signer; askAgainAt: number }>();
  private readonly services: KeyService[];

  /** @param services from `openKeyServices`: the first wraps new keys, the others open older ones */
  constructor(
    private readonly database: DataSource,
    services: KeyService | KeyService[],
  ) {
    this.services = [services].flat();
  }

  /**
   * The active Ed25519 and RS256 keys of an issuer, made if there are none. Safe to call from many processes at once:
   * the database lets one active key of each kind live and everybody gets that one.
   * @throws KeyServiceUnavailable (`key_service_unavailable`)
   */
  async ensureKeys(issuerId: string, actor = 'worker'): Promise<Record<SigningAlgorithm, SigningKey>> {
    const keys = new PublicKeys(this.database);
    // A key that was just made may be retired or reported stolen before it is read.
    for (let round = 0; round < 5; round += 1) {
      const present = await keys.active(issuerId);
      const missing = algorithms.filter((algorithm) => !present[algorithm]);
      if (missing.length === 0) return present as Record<SigningAlgorithm, SigningKey>;
      for (const algorithm of missing) await this.create(issuerId, algorithm, actor);
    }
    throw new SigningKeyUnavailable(issuerId, 'no key stays active');
  }

  /** A new key pair, its private half sealed; `insertKey` puts it into the database. */
  async prepareKey(issuerId: string, algorithm: SigningAlgorithm): Promise<PreparedKey> {
    const { privateKey, ...key } = await generateKey(algorithm);
    const sealed = await sealPrivateKey(privateKey, { keyId: key.id, issuerId }, this.services[0]!);
    return { key, issuerId, sealed };
  }

  /**
   * The signer of a key id, opened once and kept in memory. A retired key still signs what was planned with it (its
   * status list too). Whether it may is asked of the database again after a second at most, so that a theft reported
   * elsewhere counts at once and a batch does not ask for each badge.
   * @param issuerId when given, the only issuer for whom it may sign
   * @throws SigningKeyUnavailable (`signing_key_unavailable`) when unknown or compromised,
   *   SigningKeyOfAnotherIssuer (`signing_key_of_another_issuer`), KeyServiceUnavailable (`key_service_unavailable`),
   *   SealedKeyUnreadable (`sealed_key_unreadable`) when another key service wrapped it
   */
  async signerFor(keyId: string, issuerId?: string): Promise<Signer> {
    const kept = this.opened.get(keyId);
    const signer =
      kept && performance.now() < kept.askAgainAt ? kept.signer : await this.ask(keyId, kept?.signer);
    if (issuerId !== undefined && signer.issuerId !== issuerId) throw new SigningKeyOfAnotherIssuer(keyId);
    return signer;
  }

  /**
   * Opens the newest key of the database, as a test of the key service when a process starts. A key that came back
   * from the archive has no private half and is passed over.
   * @returns false when there is no key yet
   * @throws SealedKeyUnreadable (`sealed_key_unreadable`), KeyServiceUnavailable (`key_service_unavailable`)
   */
  async canOpenKeys(): Promise<boolean> {
    const [newest]: { id: string }[] = await this.database.query(
      `select id from signing_key where compromised_since is null and octet_length(sealed_private_key) > 0
       order by created_at desc, id limit 1`,
    );
    if (newest) await this.signerFor(newest.id);
    return newest !== undefined;
  }

  private async ask(keyId: string, known?: Signer): Promise<Signer> {
    const row = await this.database.manager.findOne(SigningKey, {
      select: {
        id: true,
        issuerId: true,
        algorithm: true,
        sealedPrivateKey: true,
        wrappedDataKey: true,
        keyService: true,
        compromisedSince: true,
      },
      where: { id: keyId },
    });
    if (!row || row.compromisedSince) {
      this.opened.delete(keyId);
      throw new SigningKeyUnavailable(keyId, row ? 'compromised' : 'unknown');
    }
    const { issuerId, algorithm } = row;
    const signer = known ?? {
      keyId,
      issuerId,
      algorithm,
      privateKey: await openPrivateKey(
        { sealed: row.sealedPrivateKey, wrappedDataKey: row.wrappedDataKey, keyService: row.keyService },
        { keyId, issuerId },
        this.services,
      ),
    };
    this.opened.set(keyId, { signer, askAgainAt: performance.now() + trustedForMs });
    return signer;
  }

  private async create(issuerId: string, algorithm: SigningAlgorithm, actor: string): Promise<void> {
    const prepared = await this.prepareKey(issuerId, algorithm);
    await this.database.transaction((tx) => insertKey(tx, prepared, { actor, action: 'key.created' }));
  }
}

/**
 * Puts a prepared key into the database as its issuer's active one, with the event that tells so.
 * @returns false, and no event, when the issuer has an active key of this kind already
 */
export async function insertKey(
  tx: EntityManager,
  { key, issuerId, sealed }: PreparedKey,
  event: { actor: string; action: 'key.created' | 'key.rotated'; subject?: Record<string, string> },
): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `insert into signing_key (id, issuer_id, algorithm, public_jwk, public_multibase, sealed_private_key,
                              wrapped_data_key, key_service)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (issuer_id, algorithm) where retired_at is null and compromised_since is null do nothing
     returning id`,
    [
      key.id,
      issuerId,
      key.algorithm,
      JSON.stringify(key.publicJwk),
      key.publicMultibase,
      sealed.sealed,
      sealed.wrappedDataKey,
      sealed.keyService,
    ],
  );
  if (rows.length === 0) return false;
  const { actor, action, subject } = event;
  await appendAudit(tx, [
    {
      actor,
      action,
      // What the key documents say of it from now on, bound into the chain.
      subject: {
        keyId: key.id,
        issuerId,
        algorithm: key.algorithm,
        publicJwkSha256: sha256(canonicalJson(key.publicJwk)).toString('hex'),
        ...subject,
      },
    },
  ]);
  return true;
}

/**
 * Makes sure, in the transaction that stores signatures, that none of the keys was reported stolen since they were
 * used. A report waits for this transaction, or this transaction sees it: there is nothing in between.
 * @throws SigningKeyUnavailable (`signing_key_unavailable`), SigningKeyOfAnotherIssuer (`signing_key_of_another_issuer`)
 */
export async function assertKeysMaySign(
  tx: EntityManager,
  keys: Iterable<{ keyId: string; issuerId: string }>,
): Promise<void> {
  const wanted = new Map([...keys].map(({ keyId, issuerId }) => [keyId, issuerId]));
  if (wanted.size === 0) return;
  const rows: { id: string; issuer_id: string; compromised_since: Date | null }[] = await tx.query(
    'select id, issuer_id, compromised_since from signing_key where id = any($1) order by id for share',
    [[...wanted.keys()]],
  );
  for (const [keyId, issuerId] of wanted) {
    const row = rows.find(({ id }) => id === keyId);
    if (!row || row.compromised_since)
      throw new SigningKeyUnavailable(keyId, row ? 'compromised' : 'unknown');
    if (row.issuer_id !== issuerId) throw new SigningKeyOfAnotherIssuer(keyId);
  }
}
