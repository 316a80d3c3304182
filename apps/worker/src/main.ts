import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { assertInstallation } from '#badges';
import { DomainError, logger, programVersion } from '#platform';
import { KeyServiceUnavailable, KeyStore } from '#signing';
import { readWorkerConfig } from './config.js';
import { WorkerModule } from './worker.module.js';

const log = logger('worker');

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const app = await NestFactory.create<NestFastifyApplication>(
    WorkerModule.with(config),
    new FastifyAdapter(),
    {
      logger: ['error', 'warn'],
      abortOnError: false,
    },
  );
  app.enableShutdownHooks();
  await assertInstallation(app.get(DataSource).manager, config.INSIGNE_ORIGIN, programVersion);
  await refuseForeignKeys(app.get(KeyStore));
  await app.listen(config.WORKER_PORT, '127.0.0.1');
  log.info({ port: config.WORKER_PORT, engine: config.REDIS_URL ? 'redis' : 'postgres' }, 'worker ready');
}

/** A key service that cannot open the keys of this data would fail at every badge; one that is away may come back. */
async function refuseForeignKeys(keys: KeyStore): Promise<void> {
  try {
    await keys.canOpenKeys();
  } catch (error) {
    if (!(error instanceof KeyServiceUnavailable)) throw error;
    log.error({ code: error.code, err: error.message }, 'key service away');
  }
}

main().catch((error: unknown) => {
  const code = error instanceof DomainError ? error.code : undefined;
  log.fatal({ code, err: (error as Error).message }, 'worker could not start');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100).unref();
});
