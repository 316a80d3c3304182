import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { peopleEntities } from '#people';
import { type Clock, dataSourceOptions } from '#platform';
import { configureHttp, type HttpOptions } from '../../apps/api/src/http/configure-http.js';
import { HttpModule } from '../../apps/api/src/http/http.module.js';
import { httpAdapter } from '../../apps/api/src/http/http-adapter.js';
import { RequestDataSource } from '../../apps/api/src/http/request-transaction.js';
import type { ErrorTable } from '../../apps/api/src/http/settings.js';
import type { RouteDescription } from '../../apps/api/src/openapi/route.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export const testOrigin = 'http://localhost:4180';

@Module({})
class TinyApi {}

export interface HttpApp {
  app: NestFastifyApplication;
  database: TestDatabase;
  /** Role insigne_api. */
  api: DataSource;
  /** Role insigne_owner. */
  owner: DataSource;
  close(): Promise<void>;
}

/** The frame of the API around some controllers, on a fresh database; not listening, for `app.inject`. */
export async function startHttpApp(given: {
  controllers?: Type[];
  routes?: RouteDescription[];
  errors?: ErrorTable[];
  migrations?: string[];
  metricsToken?: string;
  clock?: Clock;
  options?: HttpOptions;
}): Promise<HttpApp> {
  const database = await createTestDatabase();
  const owner = await new DataSource(
    dataSourceOptions({ url: database.ownerUrl, entities: peopleEntities }),
  ).initialize();
  const settings = {
    origin: testOrigin,
    tokenSecret: 'a secret of the tests, long enough for HS256',
    metricsToken: given.metricsToken,
    migrations: given.migrations ?? [],
    errors: given.errors ?? [],
  };
  const root: DynamicModule = {
    module: TinyApi,
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => dataSourceOptions({ url: database.url, entities: peopleEntities, poolSize: 10 }),
        dataSourceFactory: async (options) => new RequestDataSource(options!),
      }),
      HttpModule.with({ settings, routes: given.routes ?? [], clock: given.clock }),
    ],
    controllers: given.controllers ?? [],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, httpAdapter(), {
    logger: false,
    abortOnError: false,
  });
  configureHttp(app, given.options);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return {
    app,
    database,
    api: app.get(DataSource),
    owner,
    close: async () => {
      await app.close();
      await owner.destroy();
      await database.drop();
    },
  };
}
