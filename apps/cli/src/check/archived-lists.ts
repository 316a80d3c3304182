import type { DataSource } from 'typeorm';
import type { ArchivedStatusList } from '#badges';
import { canonicalJson, sha256 } from '#platform';
import type { Fault } from './faults.js';

/** What the archive says of status lists and keys, one line after the other; small, whatever the archive's size. */
export class ArchivedRegister {
  private readonly lists = new Map<string, Map<number, Set<string>>>();
  private readonly keys = new Map<string, string>();

  addList({ id, version, document }: ArchivedStatusList): void {
    const versions = this.lists.get(id) ?? new Map<number, Set<string>>();
    const digest = sha256(document).toString('hex');
    // Two workers may have signed the same version: one of them was published.
    versions.set(version, (versions.get(version) ?? new Set()).add(digest));
    const newest = Math.max(...versions.keys());
    for (const known of versions.keys()) if (known < newest - 1) versions.delete(known);
    this.lists.set(id, versions);
  }

  addKey(key: { id: string; issuerId: string; algorithm: string; publicJwk: unknown }): void {
    this.keys.set(key.id, factsOf(key));
  }

  /** @param organisationId of the lists to look at, or null for all */
  async faults(database: DataSource, organisationId: string | null): Promise<Fault[]> {
    return [...(await this.listFaults(database, organisationId)), ...(await this.keyFaults(database))];
  }

  private async listFaults(database: DataSource, organisationId: string | null): Promise<Fault[]> {
    const rows: { id: string; version: number; document_sha256: string | null }[] = await database.query(
      `select id, version, document_sha256 from status_list
       where id = any($1) and ($2::uuid is null or organisation_id = $2) order by id`,
      [[...this.lists.keys()], organisationId],
    );
    return rows.flatMap(({ id, version, document_sha256: digest }): Fault[] => {
      const versions = this.lists.get(id)!;
      // The newest may have been archived by a worker that ended before it was published.
      if (version < Math.max(...versions.keys()) - 1) return [{ code: 'list_went_back', ids: { list: id } }];
      const digests = versions.get(version);
      return digests && !digests.has(digest ?? '')
        ? [{ code: 'list_differs', ids: { list: id, version } }]
        : [];
    });
  }

  private async keyFaults(database: DataSource): Promise<Fault[]> {
    const rows: { id: string; issuer_id: string; algorithm: string; public_jwk: unknown }[] =
      await database.query('select id, issuer_id, algorithm, public_jwk from signing_key');
    const known = new Map(
      rows.map(({ id, issuer_id: issuerId, algorithm, public_jwk: publicJwk }) => [
        id,
        factsOf({ issuerId, algorithm, publicJwk }),
      ]),
    );
    return [...this.keys].flatMap(([key, facts]): Fault[] => {
      const own = known.get(key);
      if (own === undefined) return [{ code: 'key_unknown', ids: { key } }];
      return own === facts ? [] : [{ code: 'key_altered', ids: { key } }];
    });
  }
}

const factsOf = ({
  issuerId,
  algorithm,
  publicJwk,
}: {
  issuerId: string;
  algorithm: string;
  publicJwk: unknown;
}): string => canonicalJson([issuerId, algorithm, publicJwk]);
