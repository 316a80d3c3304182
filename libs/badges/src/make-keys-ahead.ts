import type { DataSource } from 'typeorm';
import type { KeyStore } from '#signing';

/**
 * Makes the first keys of structures before their first badge, so that no room waits for an RSA key. Only the worker
 * can: nobody else may hold a private key.
 */
export class MakeKeysAhead {
  constructor(
    private readonly database: DataSource,
    private readonly keyStore: Pick<KeyStore, 'ensureKeys'>,
  ) {}

  /**
   * Makes what one open structure lacks of its first keys, unless something waits to be signed: that goes first. A
   * structure of which any key was retired or reported stolen is left alone, because that was somebody's decision; the
   * next badge makes its key. May run in many processes at once, and again after it was cut off between two keys.
   * @returns the structure's id, or undefined when there was nothing to do or something to sign
   * @throws KeyServiceUnavailable (`key_service_unavailable`)
   */
  async run(): Promise<string | undefined> {
    // At random, so that two workers seldom make keys for the same one: the database keeps those of the first only.
    const [structure]: { id: string }[] = await this.database.query(
      `select o.id from organisation o
       where o.kind = 'structure' and (o.closed_on is null or o.closed_on > current_date)
         and (select count(distinct k.algorithm) from signing_key k where k.issuer_id = o.id) < 2
         and not exists (select from signing_key k where k.issuer_id = o.id
                         and (k.retired_at is not null or k.compromised_since is not null))
         and not exists (select from outbox where done_at is null and failed_at is null)
       order by random() limit 1`,
    );
    if (structure) await this.keyStore.ensureKeys(structure.id);
    return structure?.id;
  }
}
