import pg from 'pg';
import { type ArchivedWorld, anArchivedWorld } from './archived-world.js';

/** An archived world whose database can be lost, and restored from a backup. */
export interface RestorableWorld extends ArchivedWorld {
  /** A copy of the database's files. */
  backUp(): Promise<void>;
  /** The copy in place of the database, which is lost. */
  restore(): Promise<void>;
}

export async function aRestorableWorld(): Promise<RestorableWorld> {
  const archived = await anArchivedWorld();
  const { api, worker, urls } = archived.world;
  const name = new URL(urls.ownerUrl).pathname.slice(1);
  const onServer = async (...statements: string[]): Promise<void> => {
    const address = new URL(urls.ownerUrl);
    address.pathname = '/postgres';
    const client = new pg.Client({ connectionString: address.href });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const withoutConnections = async (work: () => Promise<void>): Promise<void> => {
    await Promise.all([api.destroy(), worker.destroy()]);
    await work();
    await Promise.all([api.initialize(), worker.initialize()]);
  };
  return {
    ...archived,
    backUp: () => withoutConnections(() => onServer(`create database ${name}_backup template ${name}`)),
    restore: () =>
      withoutConnections(() =>
        onServer(`drop database ${name} with (force)`, `create database ${name} template ${name}_backup`),
      ),
    close: async () => {
      await onServer(`drop database if exists ${name}_backup with (force)`);
      await archived.close();
    },
  };
}
