import type { DataSource } from 'typeorm';
import { sha256Hex } from '#platform';
import { PublicKeys } from '#signing';
import { type ArchiveTail, lastSigned } from './archive-tails.js';
import type { ArchivedCredential } from './archived-credential.js';
import type { ArchivedStatement } from './archived-statement.js';

type Signed = ArchivedCredential | ArchivedStatement;

/** A credential or statement that the database has without a signature. */
interface Unsigned {
  id: string;
  organisation_id: string;
  state: 'planned' | 'refused';
  payload_sha256: string;
  /** Both keys that were chosen for it; null until they are. */
  keys: (string | null)[];
  refused_at: Date | null;
}

/** SQL: when this credential or statement was refused; null when it is not. */
export const refusedAt = (row: string): string =>
  `case when ${row}.state = 'refused' then (${row}.refusal ->> 'at')::timestamptz end`;

/** Was it signed after this refusal, that is once somebody had asked for it again? */
export const isSignedSince = ({ signedAt }: Pick<Signed, 'signedAt'>, refused: Date | null): boolean =>
  refused !== null && refused < new Date(signedAt);

/**
 * Would a worker sign anew, and with other bytes, what the archive has signed? A worker that died between archiving and
 * storing leaves what comes out the same: content and keys are in the database before anything is signed (I2). A backup
 * from between planning and signing knows neither keys that came later nor that a refusal was mended.
 * @param tails what was signed in the last minutes
 */
export async function wouldSignOtherwise(
  database: DataSource,
  tails: readonly ArchiveTail[],
): Promise<boolean> {
  const unsigned = await unsignedOf(
    database,
    tails.flatMap(({ signedIds }) => signedIds),
  );
  if (unsigned.length === 0) return false;
  const archived = await archivedOf(tails, new Set(unsigned.map(({ id }) => id)));
  const stolen = await stolenAmong(database, [
    ...unsigned.flatMap(({ keys }) => keys),
    ...[...archived.values()].flatMap(keysOf),
  ]);
  for (const row of unsigned) {
    const signed = archived.get(row.id);
    if (signed && (await differs(database, row, signed, stolen))) return true;
  }
  return false;
}

async function differs(
  database: DataSource,
  row: Unsigned,
  signed: Signed,
  stolen: ReadonlySet<string | null>,
): Promise<boolean> {
  if (row.state === 'refused') return isSignedSince(signed, row.refused_at);
  if (row.payload_sha256 !== sha256Hex(signed.payload)) return true;
  const keys = keysOf(signed);
  // A database that knows of the theft is younger than that signature, and would know it had it ever been stored.
  if (keys.some((id) => stolen.has(id))) return false;
  const areChosen = row.keys.every((id) => id !== null && !stolen.has(id));
  const chosen = areChosen ? row.keys : await keysNow(database, row.organisation_id);
  return chosen.some((id, place) => id !== keys[place]);
}

const keysOf = ({ ed25519KeyId, rs256KeyId }: Signed): string[] => [ed25519KeyId, rs256KeyId];

async function keysNow(database: DataSource, organisationId: string): Promise<(string | undefined)[]> {
  const { Ed25519, RS256 } = await new PublicKeys(database).active(organisationId);
  return [Ed25519?.id, RS256?.id];
}

const unsignedOf = (database: DataSource, ids: string[]): Promise<Unsigned[]> =>
  database.query(
    ['credential', 'statement']
      .map(
        (table) =>
          `select t.id, t.organisation_id, t.state, t.payload_sha256, array[t.ed25519_key_id, t.rs256_key_id] as keys,
                  ${refusedAt('t')} as refused_at from ${table} t
           where t.id = any($1) and t.state in ('planned', 'refused')
             and not exists (select from orphan_credential o where o.credential_id = t.id)`,
      )
      .join(' union all '),
    [ids],
  );

/** The last archived form of each, whichever file it stands in. */
async function archivedOf(
  tails: readonly ArchiveTail[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, Signed>> {
  const last = new Map<string, Signed>();
  for (const { path, signedIds } of tails) {
    const ids = new Set(signedIds.filter((id) => wanted.has(id)));
    if (ids.size === 0) continue;
    for (const [id, signed] of await lastSigned(path, ids))
      if ((last.get(id)?.signedAt ?? '') <= signed.signedAt) last.set(id, signed);
  }
  return last;
}

async function stolenAmong(database: DataSource, ids: (string | null)[]): Promise<Set<string | null>> {
  const rows: { id: string }[] = await database.query(
    'select id from signing_key where id = any($1) and compromised_since is not null',
    [ids.filter((id) => id !== null)],
  );
  return new Set(rows.map(({ id }) => id));
}
