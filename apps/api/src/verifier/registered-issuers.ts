import type { DataSource } from 'typeorm';
import { didWebFor } from '#signing';
import type { KnownIssuers } from '#verification';

/** The organisations of this installation, by their did:web. */
export const registeredIssuers =
  (database: DataSource, origin: string): KnownIssuers =>
  async (issuerId) => {
    const prefix = didWebFor(origin, '');
    if (!issuerId.startsWith(prefix)) return undefined;
    const [row]: { public_name: string }[] = await database.query(
      'select public_name from organisation where slug = $1',
      [decodeURIComponent(issuerId.slice(prefix.length))],
    );
    return row && { name: row.public_name };
  };
