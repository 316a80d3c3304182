import { DataSource } from 'typeorm';
import { allEntities, assertKnowsArchive } from '#badges';
import { dataSourceOptions } from '#platform';

/**
 * As `assertKnowsArchive`, on a connection of its own.
 * @throws DatabaseOlderThanArchive (`database_older_than_archive`), ArchiveIncomplete (`archive_incomplete`)
 */
export async function refuseOlderThanArchive(databaseUrl: string, archiveFolder: string): Promise<void> {
  const database = await new DataSource(
    dataSourceOptions({ url: databaseUrl, entities: allEntities, poolSize: 1 }),
  ).initialize();
  try {
    await assertKnowsArchive(database, archiveFolder);
  } finally {
    await database.destroy();
  }
}
