import pg from 'pg';
import type { IssuanceWorld } from './issuance-world.js';

/** Copies of a world's database, as backups hold it. */
export interface Backups {
  /** A copy of the database's files. */
  backUp(): Promise<void>;
  /** The copy in place of the database, which is lost. */
  restore(): Promise<void>;
  drop(): Promise<void>;
}

export function backupsOf({ api, worker, urls }: IssuanceWorld): Backups {
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
    backUp: () => withoutConnections(() => onServer(`create database ${name}_backup template ${name}`)),
    restore: () =>
      withoutConnections(() =>
        onServer(`drop database ${name} with (force)`, `create database ${name} template ${name}_backup`),
      ),
    drop: () => onServer(`drop database if exists ${name}_backup with (force)`),
  };
}
