import type { DataSource, EntityManager } from 'typeorm';
import { appendAudit, DomainError, sha256Hex } from '#platform';
import { SigningKeyUnavailable } from './errors.js';
import type { KeyService } from './key-service.js';
import { insertKey, type KeyStore, type PreparedKey } from './key-store.js';
import type { SigningAlgorithm } from './keys.js';
import { rewrapPrivateKey } from './sealing.js';
import { SigningKey } from './signing-key.js';

const algorithms = ['Ed25519', 'RS256'] as const;

/** The issuer has active keys already; `rotate` replaces them (`signing_keys_exist`). */
export class SigningKeysExist extends DomainError {
  readonly code = 'signing_keys_exist';
  readonly text = {
    fr: 'Cette structure a déjà des clés actives. Pour les remplacer : insigne keys rotate',
    en: 'This organisation has active keys already. To replace them: insigne keys rotate',
  };
  constructor(readonly keyIds: string[]) {
    super('This organisation has active keys already; rotate replaces them', { details: { keyIds } });
  }
}

export interface RotatedKey {
  algorithm: SigningAlgorithm;
  retired: string;
  created: string;
}

/** Makes, replaces and retires the keys of issuers, for the worker's timer and for `insigne keys`. */
export class KeyLifecycle {
  constructor(
    private readonly database: DataSource,
    private readonly store: KeyStore,
  ) {}

  /**
   * The first keys of an issuer, both in one transaction.
   * @param inTransaction called with the new keys before the commit; what it returns goes into the audit events
   * @param replaces ids of active keys that are retired in the same transaction, because they never signed
   * @throws SigningKeysExist (`signing_keys_exist`), KeyServiceUnavailable (`key_service_unavailable`)
   */
  async create(
    issuerId: string,
    actor: string,
    inTransaction: (
      keys: SigningKey[],
      tx: EntityManager,
    ) => Promise<Record<string, string>> = async () => ({}),
    replaces: string[] = [],
  ): Promise<SigningKey[]> {
    const prepared: PreparedKey[] = [];
    for (const algorithm of algorithms) prepared.push(await this.store.prepareKey(issuerId, algorithm));
    return this.database.transaction(async (tx) => {
      const made = prepared.map(({ key }) =>
        tx.create(SigningKey, { ...key, issuerId, retiredAt: null, compromisedSince: null }),
      );
      const subject = await inTransaction(made, tx);
      for (const id of replaces) await retireWithEvent(tx, { issuerId, keyId: id, actor });
      for (const key of prepared)
        if (!(await insertKey(tx, key, { actor, action: 'key.created', subject })))
          throw new SigningKeysExist((await activeOf(tx, issuerId)).map(({ id }) => id));
      return made;
    });
  }

  /**
   * Replaces active keys: the new one signs from the commit on, the old one stays published and still signs what was
   * planned with it. There is no moment without a key, and of several processes one succeeds.
   * @param olderThanDays only keys of at least this age; parts of a day count
   */
  async rotate(issuerId: string, actor: string, olderThanDays = 0): Promise<RotatedKey[]> {
    const due: { id: string; algorithm: SigningAlgorithm }[] = await this.database.query(
      `select id, algorithm from signing_key
       where issuer_id = $1 and retired_at is null and compromised_since is null
         and created_at <= now() - $2::float8 * interval '1 day' order by algorithm`,
      [issuerId, olderThanDays],
    );
    const rotated: RotatedKey[] = [];
    for (const { id, algorithm } of due) {
      const successor = await this.store.prepareKey(issuerId, algorithm);
      const isDone = await this.database.transaction(async (tx) => {
        if (!(await retireRow(tx, id))) return false;
        return insertKey(tx, successor, { actor, action: 'key.rotated', subject: { retired: id } });
      });
      if (isDone) rotated.push({ algorithm, retired: id, created: successor.key.id });
    }
    return rotated;
  }

  /** Replaces every active key of at least this age, of all issuers. An issuer whose turn fails does not stop the others. */
  async rotateDue(olderThanDays: number, actor: string): Promise<{ rotated: RotatedKey[]; failed: number }> {
    const issuers: { issuer_id: string }[] = await this.database.query(
      `select distinct issuer_id from signing_key where retired_at is null and compromised_since is null
       and created_at <= now() - $1::float8 * interval '1 day'`,
      [olderThanDays],
    );
    const results: (RotatedKey[] | undefined)[] = [];
    for (const { issuer_id } of issuers)
      results.push(await this.rotate(issuer_id, actor, olderThanDays).catch(() => undefined));
    return { rotated: results.flatMap((keys) => keys ?? []), failed: results.filter((keys) => !keys).length };
  }

  /**
   * Takes a key out of use without a successor: for an issuer that stops. Should it issue again, a key is made then.
   * @returns false when it was retired already
   * @throws SigningKeyUnavailable (`signing_key_unavailable`) when the issuer has no such key
   */
  async retire(issuerId: string, keyId: string, actor: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await tx.existsBy(SigningKey, { id: keyId, issuerId })))
        throw new SigningKeyUnavailable(keyId, 'unknown');
      return retireWithEvent(tx, { issuerId, keyId, actor });
    });
  }

  /**
   * Wraps every key's data key by another service. Each row is written alone, so that an interrupted run is simply
   * repeated; private keys are not opened, but for rows of the first sealing format.
   * @param from the services that open the rows now
   * @returns counts of keys: moved now, with the target already, and `publicOnly` those that were put back from the
   *   archive without their private half, which there is nothing to move of
   * @throws SealedKeyUnreadable (`sealed_key_unreadable`), KeyServiceUnavailable (`key_service_unavailable`)
   */
  async rewrap(
    from: KeyService[],
    target: KeyService,
    actor: string,
    isDryRun = false,
  ): Promise<{ moved: number; there: number; publicOnly: number }> {
    const all: RewrapRow[] = await this.database.query(
      'select id, issuer_id, sealed_private_key, wrapped_data_key, key_service from signing_key order by id',
    );
    const rows = all.filter((row) => row.sealed_private_key.length > 0);
    const { id: targetId, kind } = target.describe();
    const isThere = (row: RewrapRow): boolean => row.key_service === targetId && targetId !== 'passphrase';
    const waiting = rows.filter((row) => !isThere(row));
    let moved = 0;
    for (const row of isDryRun ? [] : waiting) if (await this.rewrapRow(row, from, target)) moved += 1;
    if (moved > 0)
      await this.database.transaction((tx) =>
        // The id holds what an operator named: the label of a token.
        appendAudit(tx, [
          {
            actor,
            action: 'key.rewrapped',
            subject: { keys: moved, keyServiceKind: kind, keyServiceSha256: sha256Hex(targetId) },
          },
        ]),
      );
    return {
      moved: isDryRun ? waiting.length : moved,
      there: rows.length - waiting.length,
      publicOnly: all.length - rows.length,
    };
  }

  private async rewrapRow(row: RewrapRow, from: KeyService[], target: KeyService): Promise<boolean> {
    const context = { keyId: row.id, issuerId: row.issuer_id };
    const { sealed, wrappedDataKey, keyService } = await rewrapPrivateKey(
      { sealed: row.sealed_private_key, wrappedDataKey: row.wrapped_data_key, keyService: row.key_service },
      context,
      from,
      target,
    );
    const [changed]: [unknown[], number] = await this.database.query(
      `update signing_key set sealed_private_key = $2, wrapped_data_key = $3, key_service = $4
       where id = $1 and wrapped_data_key is not distinct from $5 returning id`,
      [row.id, sealed, wrappedDataKey, keyService, row.wrapped_data_key],
    );
    return changed.length > 0;
  }
}

interface RewrapRow {
  id: string;
  issuer_id: string;
  sealed_private_key: Buffer;
  wrapped_data_key: Buffer | null;
  key_service: string | null;
}

const activeOf = (tx: EntityManager, issuerId: string): Promise<{ id: string }[]> =>
  tx.query(
    'select id from signing_key where issuer_id = $1 and retired_at is null and compromised_since is null',
    [issuerId],
  );

async function retireRow(tx: EntityManager, keyId: string): Promise<boolean> {
  const [retired]: [unknown[], number] = await tx.query(
    'update signing_key set retired_at = now() where id = $1 and retired_at is null returning id',
    [keyId],
  );
  return retired.length > 0;
}

async function retireWithEvent(
  tx: EntityManager,
  { issuerId, keyId, actor }: { issuerId: string; keyId: string; actor: string },
): Promise<boolean> {
  if (!(await retireRow(tx, keyId))) return false;
  await appendAudit(tx, [{ actor, action: 'key.retired', subject: { keyId, issuerId } }]);
  return true;
}
