import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { assertInstallation, IssuanceQueue } from '#badges';
import { serve } from '#platform';
import { ApiModule } from './api.module.js';
import type { ApiConfig } from './config.js';
import { configureHttp } from './http/configure-http.js';
import { httpAdapter } from './http/http-adapter.js';
import { errorPage } from './public/error-page.js';

/** Starts the api and answers once it serves. @throws OriginChanged (`origin_changed`), RestoreRunning (`restore_running`) */
export async function startApi(config: ApiConfig, version: string): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), httpAdapter(config), {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const queue = app.get(IssuanceQueue);
  configureHttp(app, { errorPage, checks: { queue: () => queue.counts() } });
  app.enableShutdownHooks();
  await assertInstallation(app.get(DataSource).manager, config.INSIGNE_ORIGIN, version);
  await serve(config.DATABASE_URL);
  await app.listen(config.PORT, config.HOST);
}
