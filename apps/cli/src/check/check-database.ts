import { DataSource } from 'typeorm';
import { allEntities } from '#badges';
import { dataSourceOptions } from '#platform';

/** A few connections as the worker's role, which may read all that is checked. */
export const openCheckDatabase = (url: string): Promise<DataSource> =>
  new DataSource(dataSourceOptions({ url, entities: allEntities, poolSize: 3 })).initialize();
