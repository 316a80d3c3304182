import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { assertInstallation, IssuanceQueue } from '#badges';
import { DomainError, logger, programVersion } from '#platform';
import { ApiModule } from './api.module.js';
import { readApiConfig } from './config.js';
import { configureHttp } from './http/configure-http.js';
import { httpAdapter } from './http/http-adapter.js';
import { errorPage } from './public/error-page.js';

const log = logger('api');

async function main(): Promise<void> {
  const config = readApiConfig(process.env);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), httpAdapter(), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const queue = app.get(IssuanceQueue);
  configureHttp(app, { errorPage, checks: { queue: () => queue.counts() } });
  app.enableShutdownHooks();
  await assertInstallation(app.get(DataSource).manager, config.INSIGNE_ORIGIN, programVersion);
  await app.listen(config.PORT, config.HOST);
  log.info({ port: config.PORT, engine: config.REDIS_URL ? 'redis' : 'postgres' }, 'api ready');
}

main().catch((error: unknown) => {
  const code = error instanceof DomainError ? error.code : undefined;
  log.fatal({ code, err: (error as Error).message }, 'api could not start');
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 100).unref();
});
