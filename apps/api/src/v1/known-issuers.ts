import type { DataSource } from 'typeorm';
import { didWebFor } from '#signing';
import type { KnownIssuers } from '#verification';

/** The register of structures of this installation: an issuer is known if it is the DID of one of them. */
export const knownIssuers =
  (database: DataSource, origin: string): KnownIssuers =>
  async (issuerId) => {
    const slug = /:([a-z0-9-]+)$/.exec(issuerId)?.[1];
    if (!slug || didWebFor(origin, slug) !== issuerId) return undefined;
    const rows: { name: string }[] = await database.query(
      'select public_name as name from organisation where slug = $1',
      [slug],
    );
    return rows[0];
  };
