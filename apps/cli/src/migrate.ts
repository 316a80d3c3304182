import { DataSource } from 'typeorm';
import { allEntities, allMigrations, signQueueName } from '#badges';
import { DomainError, dataSourceOptions, migrateQueue, programVersion } from '#platform';
import { refuseOtherEncoding } from './refuse-encoding.js';

/** The data was made by a newer version of the program (`data_is_newer`). */
export class DataIsNewer extends DomainError {
  readonly code = 'data_is_newer';
  constructor(unknown: string[]) {
    super(
      `Ces données viennent d'une version plus récente d'Insigne (${unknown.join(', ')} inconnu de la version ${programVersion}). ` +
        `Mettez le programme à jour. / This data comes from a newer version of Insigne (${unknown.join(', ')} ` +
        `is unknown to version ${programVersion}). Update the program.`,
    );
  }
}

/**
 * Brings the database to the schema of this program: the service's roles, the tables, the queue's tables.
 * Repeating it changes nothing.
 * @param ownerUrl postgres:// address of the owner's role
 * @throws DataIsNewer (`data_is_newer`), StartRefused (`database_not_utf8`)
 */
export async function migrate(ownerUrl: string): Promise<{ applied: string[] }> {
  const database = await new DataSource({
    ...dataSourceOptions({ url: ownerUrl, entities: allEntities, migrations: allMigrations, poolSize: 1 }),
    applicationName: 'insigne-migrate',
  } as never).initialize();
  try {
    await refuseOtherEncoding((sql) => database.query(sql));
    for (const role of ['insigne_api', 'insigne_worker'])
      await database.query(
        `do $$ begin create role ${role} login; exception when duplicate_object or unique_violation then null; end $$`,
      );
    await refuseNewerData(database);
    const applied = await database.runMigrations({ transaction: 'all' });
    await database.query('grant select on schema_migration to insigne_api, insigne_worker');
    await migrateQueue(ownerUrl, [signQueueName], (sql) => database.query(sql));
    return { applied: applied.map((m) => m.name) };
  } finally {
    await database.destroy();
  }
}

async function refuseNewerData(database: DataSource): Promise<void> {
  const [{ present }]: [{ present: boolean }] = await database.query(
    "select to_regclass('schema_migration') is not null as present",
  );
  if (!present) return;
  const rows: { name: string }[] = await database.query('select name from schema_migration');
  const known = new Set(database.migrations.map((m) => m.name ?? m.constructor.name));
  const unknown = rows.map((r) => r.name).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new DataIsNewer(unknown);
}
