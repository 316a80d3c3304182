import { join } from 'node:path';
import { loadTypeScript } from './load-typescript.mjs';
import { clearForgotten, makeFolder, startRedis } from './services.mjs';

/**
 * One PostgreSQL, and one Redis when it is installed, for the whole run.
 * Their addresses reach the tests by INSIGNE_TEST_POSTGRES (JSON) and INSIGNE_TEST_REDIS_URL.
 */
export default async function globalSetup() {
  await clearForgotten();
  const { folder, end } = makeFolder();
  const { startEmbeddedPostgres } = await loadTypeScript('libs/platform/src/embedded-postgres.ts');
  const postgres = await startEmbeddedPostgres({
    dataFolder: join(folder, 'data'),
    // Tests kill processes, never the machine: nothing is lost without the slow flush to disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  const { ownerUrl, apiUrl, workerUrl } = postgres;
  process.env.INSIGNE_TEST_POSTGRES = JSON.stringify({ ownerUrl, apiUrl, workerUrl });
  process.env.INSIGNE_TEST_FOLDER = folder;
  const redisUrl = await startRedis(folder);
  if (redisUrl) process.env.INSIGNE_TEST_REDIS_URL = redisUrl;
  globalThis.insigneTestServices = { folder, end, postgres };
}
