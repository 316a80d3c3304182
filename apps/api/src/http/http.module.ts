import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, DiscoveryModule } from '@nestjs/core';
import { Clock, SystemClock } from '#platform';
import { AccessGuard } from '../oauth/access.guard.js';
import { AccessTokens } from '../oauth/access-token.js';
import { ClientDirectory } from '../oauth/client-directory.js';
import { IssueAccessToken } from '../oauth/issue-access-token.js';
import { Tenancy } from '../oauth/tenancy.js';
import { TokenController } from '../oauth/token.controller.js';
import { ApiDescription } from '../openapi/api-description.js';
import { OpenApiController, openApiRoutes } from '../openapi/openapi.controller.js';
import type { RouteDescription } from '../openapi/route.js';
import { RouteList } from '../openapi/route-list.js';
import { HealthController } from './health.controller.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';
import { IdempotencyStore } from './idempotency-store.js';
import { requestPipe } from './json-schema.js';
import { Metrics } from './metrics.js';
import { ProblemFilter } from './problem.filter.js';
import { ReadyChecks } from './readiness.js';
import { HttpSettings } from './settings.js';
import { SharedTries } from './shared-tries.js';
import { WriteTurnsInterceptor } from './write-turns.interceptor.js';

export interface HttpModuleOptions {
  settings: HttpSettings;
  /** Descriptions of every route under /api/v1, each kept beside its controller. */
  routes: RouteDescription[];
  /** Where the time comes from; the system's clock when left out. */
  clock?: Clock;
}

/**
 * The frame of the JSON API: errors, validation, access, repeated requests, health, metrics, description.
 * Needs a global `DataSource`. Gives `Tenancy`, `HttpSettings`, `Metrics`, `SharedTries` and `Clock` to the importing module.
 */
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: a Nest dynamic module
export class HttpModule {
  static with({ settings, routes, clock }: HttpModuleOptions): DynamicModule {
    return {
      module: HttpModule,
      imports: [DiscoveryModule],
      controllers: [HealthController, TokenController, OpenApiController],
      providers: [
        { provide: HttpSettings, useValue: settings },
        { provide: Clock, useValue: clock ?? new SystemClock() },
        {
          provide: ApiDescription,
          useFactory: () => new ApiDescription(settings, [...openApiRoutes, ...routes]),
        },
        {
          provide: AccessTokens,
          inject: [HttpSettings, Clock],
          useFactory: (http: HttpSettings, time: Clock) => new AccessTokens(http, time),
        },
        {
          provide: ProblemFilter,
          inject: [HttpSettings],
          useFactory: (http: HttpSettings) => new ProblemFilter(http),
        },
        RouteList,
        Metrics,
        ReadyChecks,
        IdempotencyStore,
        ClientDirectory,
        SharedTries,
        IssueAccessToken,
        Tenancy,
        { provide: APP_FILTER, useExisting: ProblemFilter },
        { provide: APP_GUARD, useClass: AccessGuard },
        { provide: APP_INTERCEPTOR, useClass: WriteTurnsInterceptor },
        { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
        { provide: APP_PIPE, useFactory: requestPipe },
      ],
      exports: [HttpSettings, Clock, Metrics, Tenancy, ReadyChecks, SharedTries],
    };
  }
}
