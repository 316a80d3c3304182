import type { DataSource } from 'typeorm';
import { ArchivedRevocations, type ArchivedStatusList, compareList, type ListDocument } from '#badges';
import { canonicalJson, sha256 } from '#platform';
import { Bitstring } from '#signing';
import type { Fault } from './faults.js';

// A version is archived just before it is published; a worker that ends between the two begins again when it is back.
const settlesWithinMs = 5 * 60_000;

interface Version {
  digests: Set<string>;
  isSettled: boolean;
  lists: ArchivedStatusList[];
}

interface PublishedRow {
  id: string;
  version: number;
  document: string | null;
  document_sha256: string | null;
}

/** What the archive says of status lists and keys, one line after the other; small, whatever the archive's size. */
export class ArchivedRegister {
  private readonly lists = new Map<string, Map<number, Version>>();
  private readonly revocations = new ArchivedRevocations();
  private readonly unreadable: Fault[] = [];
  private readonly keys = new Map<string, string>();

  /** @param now versions of the last five minutes before it may still be on their way to the database */
  constructor(private readonly now = new Date()) {}

  addList(list: ArchivedStatusList): void {
    const { id, version, document } = list;
    const versions = this.lists.get(id) ?? new Map<number, Version>();
    const of = versions.get(version) ?? { digests: new Set(), isSettled: true, lists: [] };
    // Two workers may have signed the same version: one of them was published.
    of.digests.add(sha256(document).toString('hex'));
    versions.set(version, of);
    of.lists.push(list);
    const newest = Math.max(...versions.keys());
    for (const known of versions.keys()) if (known < newest - 1) versions.delete(known);
    this.lists.set(id, versions);
    try {
      const read = JSON.parse(document) as ListDocument;
      if (Date.parse(read.validFrom) > this.now.getTime() - settlesWithinMs) of.isSettled = false;
      else this.revocations.add(list, read);
    } catch {
      this.unreadable.push({ code: 'list_differs', ids: { list: id, version } });
    }
  }

  addKey(key: { id: string; issuerId: string; algorithm: string; publicJwk: unknown }): void {
    this.keys.set(key.id, factsOf(key));
  }

  /** @param organisationId of the lists to look at, or null for all */
  async faults(database: DataSource, organisationId: string | null): Promise<Fault[]> {
    return [
      ...this.unreadable,
      ...(await this.listFaults(database, organisationId)),
      ...(await this.keyFaults(database)),
    ];
  }

  private async listFaults(database: DataSource, organisationId: string | null): Promise<Fault[]> {
    const faults: Fault[] = [];
    for (const id of [...this.lists.keys()].sort()) {
      const [row]: PublishedRow[] = await database.query(
        `select id, version, document, document_sha256 from status_list
         where id = $1 and ($2::uuid is null or organisation_id = $2)`,
        [id, organisationId],
      );
      if (row)
        faults.push(
          ...(await this.versionFaults(database, row)),
          ...(await this.lostRevocations(database, row)),
        );
    }
    return faults;
  }

  private async versionFaults(
    database: DataSource,
    { id, version, document, document_sha256: digest }: PublishedRow,
  ): Promise<Fault[]> {
    const versions = this.lists.get(id)!;
    for (const [other, { isSettled, lists }] of versions) {
      // A first version that was never published is signed again only when a badge wants it.
      const isNext = other === version + 1 && (document === null || !isSettled);
      if (other <= version || isNext) continue;
      // What a worker kept and did not publish before it was killed tells nothing that the database does not know: the
      // next one that starts takes it over.
      const told = await Promise.all(lists.map((list) => compareList(database, list)));
      if (told.includes('older')) return [{ code: 'list_went_back', ids: { list: id } }];
    }
    const known = versions.get(version);
    return known && !known.digests.has(digest ?? '')
      ? [{ code: 'list_differs', ids: { list: id, version } }]
      : [];
  }

  /** A list that was restored and published again under the same number has an archived digest, and fewer bits. */
  private async lostRevocations(database: DataSource, { id, document }: PublishedRow): Promise<Fault[]> {
    const lost = this.revocations.missingIn(id, published(document));
    if (lost.length === 0) return [];
    const entries: { credential_id: string; position: number; waits: boolean }[] = await database.query(
      `select credential_id, position, state = 'revoked' and version <> listed_version as waits
       from status_entry where status_list_id = $1 and position = any($2)`,
      [id, lost],
    );
    const credentials = new Map(entries.map((entry) => [entry.position, entry.credential_id]));
    // The database knows it and says itself that its list does not tell it yet.
    const waiting = new Set(entries.filter(({ waits }) => waits).map(({ position }) => position));
    return lost.flatMap((index): Fault[] => {
      if (waiting.has(index)) return [];
      const credential = credentials.get(index);
      const ids = { list: id, index };
      return [{ code: 'revocation_lost', ids: credential ? { ...ids, credential } : ids }];
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

/** The published bits; none of them when the list cannot be read, which is a fault of its own. */
function published(document: string | null): Bitstring {
  try {
    return Bitstring.decode((JSON.parse(document ?? '') as ListDocument).credentialSubject.encodedList);
  } catch {
    return Bitstring.ofLength();
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
