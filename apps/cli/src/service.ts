import { DataSource } from 'typeorm';
import { allEntities, IssuanceQueue } from '#badges';
import { dataSourceOptions, queueEngine, useQueueEngine } from '#platform';

/** The service's libraries, opened on a database for one command. */
export interface Service {
  database: DataSource;
  queue: IssuanceQueue;
  origin: string;
  close(): Promise<void>;
}

/**
 * @param options.databaseUrl the api's role: a command line may do what the api may, no more
 * @param options.origin under which badges are issued, without a slash at the end
 */
export async function openService(options: {
  databaseUrl: string;
  origin: string;
  redisUrl?: string;
}): Promise<Service> {
  const engine = queueEngine(options);
  useQueueEngine(engine);
  const database = await new DataSource(
    dataSourceOptions({ url: options.databaseUrl, entities: allEntities, poolSize: 4 }),
  ).initialize();
  const queue = new IssuanceQueue(database, engine);
  return {
    database,
    queue,
    origin: options.origin,
    close: async () => {
      await queue.close();
      await database.destroy();
    },
  };
}
