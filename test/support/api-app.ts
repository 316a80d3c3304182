import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '#platform';
import { ApiModule } from '../../apps/api/src/api.module.js';
import { configureHttp } from '../../apps/api/src/http/configure-http.js';
import { httpAdapter } from '../../apps/api/src/http/http-adapter.js';
import { errorPage } from '../../apps/api/src/public/error-page.js';
import { type IssuanceWorld, origin } from './issuance-world.js';

/** The api as it runs, on the database of a world; it listens to nobody until `listen` is called. */
export async function anApiApp(
  world: Pick<IssuanceWorld, 'urls'>,
  given: { origin?: string; clock?: Clock } = {},
): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.with(
      {
        DATABASE_URL: world.urls.url,
        INSIGNE_ORIGIN: given.origin ?? origin,
        PORT: 0,
        HOST: '127.0.0.1',
        tokenSecret: 'x'.repeat(40),
      },
      given.clock,
    ),
    httpAdapter(),
    { logger: ['error'] },
  );
  configureHttp(app, { errorPage });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
