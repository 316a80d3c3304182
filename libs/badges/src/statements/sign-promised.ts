import type { DataSource } from 'typeorm';
import type { SignCredentials, SignedBatch } from '../sign-credentials.js';
import type { SignStatements } from './sign-statements.js';
import { statementTopic } from './statement.js';

/** Signs what an outbox row promises: badges, or a statement. */
export class SignPromised {
  constructor(
    private readonly database: DataSource,
    private readonly credentials: Pick<SignCredentials, 'run'>,
    private readonly statements: Pick<SignStatements, 'run'>,
  ) {}

  /**
   * @returns undefined when no row has this id: rows are committed before their job is made and are never deleted, so
   *   somebody else made the job, or the database is older than the queue
   * @throws as `SignCredentials.run`
   */
  async run(outboxId: string): Promise<SignedBatch | undefined> {
    const rows: { topic: string }[] = await this.database.query('select topic from outbox where id = $1', [
      outboxId,
    ]);
    if (!rows[0]) return undefined;
    return rows[0].topic === statementTopic ? this.statements.run(outboxId) : this.credentials.run(outboxId);
  }
}
