import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { assertInstallation, takeOverArchive } from '#badges';
import { logger, serve } from '#platform';
import { type KeyService, KeyServiceUnavailable, KeyStore } from '#signing';
import type { WorkerConfig } from './config.js';
import { WorkerModule } from './worker.module.js';

const log = logger('worker');

/**
 * Starts the worker and answers once it takes jobs.
 * @throws OriginChanged (`origin_changed`), SigningKeyUnavailable, DatabaseOlderThanArchive (`database_older_than_archive`),
 *   ArchiveIncomplete (`archive_incomplete`), RestoreRunning (`restore_running`)
 */
export async function startWorker(
  config: WorkerConfig,
  keyServices: KeyService[],
  version: string,
): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.with(config, keyServices),
    new FastifyAdapter(),
    { logger: ['error', 'warn'], abortOnError: false },
  );
  app.enableShutdownHooks();
  await assertInstallation(app.get(DataSource).manager, config.INSIGNE_ORIGIN, version);
  await serve(config.DATABASE_URL);
  await takeOverArchive(app.get(DataSource), config.INSIGNE_ARCHIVE_FOLDER);
  await refuseForeignKeys(app.get(KeyStore));
  await app.listen(config.WORKER_PORT, config.WORKER_HOST ?? '127.0.0.1');
}

/**
 * A key service that cannot open the keys of this data would fail at every badge; one that is away may come back. A
 * refused PIN ends nothing either: who restarts programs that end would offer it until the token locks.
 */
async function refuseForeignKeys(keys: KeyStore): Promise<void> {
  try {
    await keys.canOpenKeys();
  } catch (error) {
    if (!(error instanceof KeyServiceUnavailable)) throw error;
    const { fr, en } = error.text;
    log.error({ code: error.code, err: `${fr} / ${en}` }, 'key service cannot be used');
  }
}
