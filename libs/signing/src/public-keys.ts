import type { DataSource, EntityManager } from 'typeorm';
import { IsNull } from 'typeorm';
import type { SigningAlgorithm } from './keys.js';
import { SigningKey } from './signing-key.js';

/** The public half of every key, for processes that never sign. Asks for no column that holds a secret. */
export class PublicKeys {
  constructor(private readonly database: DataSource) {}

  /** The keys an issuer signs with now, at most one for each algorithm. @param tx to read inside a transaction */
  async active(
    issuerId: string,
    tx: EntityManager = this.database.manager,
  ): Promise<Partial<Record<SigningAlgorithm, SigningKey>>> {
    const keys = await tx.findBy(SigningKey, { issuerId, retiredAt: IsNull(), compromisedSince: IsNull() });
    return Object.fromEntries(keys.map((key) => [key.algorithm, key]));
  }

  /** Every key an issuer ever had, oldest first: what its DID document lists. */
  async all(issuerId: string): Promise<SigningKey[]> {
    return this.database.manager.find(SigningKey, {
      where: { issuerId },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  /** One key, or null. */
  async find(keyId: string): Promise<SigningKey | null> {
    return this.database.manager.findOneBy(SigningKey, { id: keyId });
  }
}
