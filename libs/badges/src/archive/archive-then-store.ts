import type { DataSource, EntityManager } from 'typeorm';
import { isOutage } from '#platform';
import { undone } from '../undone.js';

/**
 * Signed bytes are archived before the database knows of them, so that a database that is full or read-only, for days
 * perhaps, would have them archived again with every attempt. After it could not store, storing is tried and undone
 * before anything more is archived.
 */
export class ArchiveThenStore {
  private couldNot = false;

  constructor(private readonly database: DataSource) {}

  /**
   * @param store is run twice after it failed, the first time undone, in a transaction of the caller's
   * @throws what `archive` or `store` throws
   */
  async run<T>(archive: () => Promise<void>, store: (database: EntityManager) => Promise<T>): Promise<T> {
    try {
      if (this.couldNot) await undone(this.database, store);
      await archive();
      const stored = await store(this.database.manager);
      this.couldNot = false;
      return stored;
    } catch (error) {
      this.couldNot ||= isOutage(error);
      throw error;
    }
  }
}
