import type { DataSource } from 'typeorm';
import {
  Bitstring,
  buildStatusListCredential,
  didWebFor,
  type KeyStore,
  signWithDataIntegrity,
} from '#signing';
import { statusListUrl } from './credential-for.js';

interface ListRow {
  id: string;
  public_id: string;
  organisation_id: string;
  slug: string;
  size: number;
  version: number;
}

/** Signs status lists (Bitstring Status List 1.0): a list is there before the first badge that points at it. */
export class PublishStatusLists {
  constructor(
    private readonly database: DataSource,
    private readonly keyStore: KeyStore,
    private readonly origin: string,
  ) {}

  /** Signs those of the lists that never were. */
  async ensureSigned(listIds: string[]): Promise<void> {
    const lists: ListRow[] = await this.database.query(
      `select l.id, l.public_id, l.organisation_id, o.slug, l.size, l.version
       from status_list l join organisation o on o.id = l.organisation_id where l.id = any($1) and l.document is null`,
      [listIds],
    );
    for (const list of lists) await this.sign(list);
  }

  private async sign(list: ListRow): Promise<void> {
    const revoked: { position: number }[] = await this.database.query(
      'select position from status_entry where status_list_id = $1 and revoked_at is not null',
      [list.id],
    );
    const bits = Bitstring.ofLength(list.size);
    for (const { position } of revoked) bits.set(position);
    const keys = await this.keyStore.ensureKeys(list.organisation_id);
    const signer = await this.keyStore.signerFor(keys.Ed25519.id);
    const [{ now }]: [{ now: Date }] = await this.database.query("select date_trunc('second', now()) as now");
    const issuer = didWebFor(this.origin, list.slug);
    const document = await signWithDataIntegrity({
      document: buildStatusListCredential({
        id: statusListUrl(this.origin, list.public_id),
        issuer,
        bits,
        validFrom: now,
      }),
      privateKey: signer.privateKey,
      verificationMethod: `${issuer}#${signer.keyId}`,
      created: now,
    });
    // A version never goes back (I5): somebody who signed the same version first is kept.
    await this.database.query(
      'update status_list set document = $3, version = version + 1, signed_at = $4 where id = $1 and version = $2',
      [list.id, list.version, JSON.stringify(document), now],
    );
  }
}
