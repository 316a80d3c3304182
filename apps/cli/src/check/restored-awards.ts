import type { DataSource } from 'typeorm';

/**
 * Awards that came back from the archive after a restore, as the audit tells; read once, when first asked. What is
 * signed again for one of them stands on the same award.
 */
export class RestoredAwards {
  private ids?: Promise<Set<string>>;
  constructor(private readonly database: DataSource) {}

  /** @returns those of the given awards that came back */
  async among(ids: string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    this.ids ??= this.read();
    const restored = await this.ids;
    return new Set(ids.filter((id) => restored.has(id)));
  }

  private async read(): Promise<Set<string>> {
    const rows: { id: string }[] = await this.database.query(
      `select distinct subject->>'awardId' as id from audit_event
       where action = 'credential.restored' and subject ? 'awardId'`,
    );
    return new Set(rows.map(({ id }) => id));
  }
}
