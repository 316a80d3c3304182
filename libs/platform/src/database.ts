import type { DataSourceOptions, EntitySchema, MixedList } from 'typeorm';

type Classes = MixedList<string | (new () => unknown) | EntitySchema>;

/**
 * TypeORM options for one role of the service's PostgreSQL. Never `synchronize`: migrations are written by hand.
 * @param url postgres:// address with the role's name and password
 * @param poolSize open connections at most (default 10)
 */
export const dataSourceOptions = (options: {
  url: string;
  // biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
  entities: Function[];
  // biome-ignore lint/complexity/noBannedTypes: TypeORM's own type for a list of classes
  migrations?: Function[];
  poolSize?: number;
}): DataSourceOptions => ({
  type: 'postgres',
  url: options.url,
  entities: options.entities as Classes as never,
  migrations: (options.migrations ?? []) as never,
  migrationsTableName: 'schema_migration',
  migrationsTransactionMode: 'all',
  synchronize: false,
  migrationsRun: false,
  logging: false,
  extra: { max: options.poolSize ?? 10, options: '-c TimeZone=UTC' },
});
