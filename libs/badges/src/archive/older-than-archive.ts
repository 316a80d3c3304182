import type { DataSource } from 'typeorm';
import { DomainError, type Text } from '#platform';
import { lastArchivedIds } from './read-archive.js';

/** An older backup was restored and not reconciled with its archive (`database_older_than_archive`). */
export class DatabaseOlderThanArchive extends DomainError {
  readonly code = 'database_older_than_archive';
  constructor(
    folder: string,
    readonly text: Required<Text> = {
      fr: `La base est plus ancienne que l’archive ${folder} : une sauvegarde a été remise. Lancez « insigne restore reconcile » pour retrouver les badges délivrés depuis, puis démarrez (docs/runbooks/restore.md).`,
      en: `The database is older than the archive ${folder}: a backup was restored. Run "insigne restore reconcile" to find the badges issued since, then start (docs/runbooks/restore.md).`,
    },
  ) {
    super(`${text.fr} / ${text.en}`);
  }
}

/**
 * Does the archive know credentials that the database has never heard of? Then an older backup was restored, and a
 * status index could be given twice. Looks at the last credential of each file only, which is enough and quick.
 */
export async function isOlderThanArchive(database: DataSource, folder: string): Promise<boolean> {
  const last = await lastArchivedIds(folder);
  if (last.length === 0) return false;
  const [{ unknown }]: [{ unknown: number }] = await database.query(
    `select count(*)::int as unknown from unnest($1::uuid[]) as t (id)
     where not exists (select from credential c where c.id = t.id)
       and not exists (select from statement s where s.id = t.id)
       and not exists (select from orphan_credential o where o.credential_id = t.id)`,
    [last],
  );
  return unknown > 0;
}

/**
 * Refuses a database that knows less than its archive of signed bytes: whoever plans or signs now could give a status
 * index twice.
 * @throws DatabaseOlderThanArchive (`database_older_than_archive`)
 */
export async function assertKnowsArchive(database: DataSource, folder: string): Promise<void> {
  if (await isOlderThanArchive(database, folder)) throw new DatabaseOlderThanArchive(folder);
}
