import { DataSource } from 'typeorm';
import { allEntities, isOlderThanArchive } from '#badges';
import { dataSourceOptions } from '#platform';
import { StartRefused } from '../../../libs/platform/src/processes.js';

/**
 * Refuses a database that knows less than its archive of signed bytes: an older backup was restored, and whoever plans
 * now could give a status index twice.
 * @throws StartRefused `database_older_than_archive`
 */
export async function refuseOlderThanArchive(databaseUrl: string, archiveFolder: string): Promise<void> {
  const database = await new DataSource(
    dataSourceOptions({ url: databaseUrl, entities: allEntities, poolSize: 1 }),
  ).initialize();
  try {
    if (!(await isOlderThanArchive(database, archiveFolder))) return;
  } finally {
    await database.destroy();
  }
  throw new StartRefused('database_older_than_archive', {
    fr: `La base est plus ancienne que l’archive ${archiveFolder} : une sauvegarde a été remise. Lancez « insigne restore reconcile » pour retrouver les badges délivrés depuis, puis démarrez (docs/runbooks/restore.md).`,
    en: `The database is older than the archive ${archiveFolder}: a backup was restored. Run "insigne restore reconcile" to find the badges issued since, then start (docs/runbooks/restore.md).`,
  });
}
