import type { Provider, Type } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { EndIssuedCredential, IssuanceQueue, IssueCredential } from '#badges';
import { HttpSettings } from '../http/settings.js';
import type { RouteDescription } from '../openapi/route.js';
import { VcApiIssueController, vcApiIssueRoutes } from './issue.controller.js';
import { OnceSigned } from './once-signed.js';
import { VcApiStatusController, vcApiStatusRoutes } from './status.controller.js';
import { VcApiVerifyController, vcApiVerifyRoutes } from './verify.controller.js';

export { vcApiErrors } from './vc-api-errors.js';

/** Controllers of the VC-API. */
export const vcApiControllers: Type[] = [VcApiVerifyController, VcApiIssueController, VcApiStatusController];

export const vcApiRoutes: RouteDescription[] = [
  ...vcApiVerifyRoutes,
  ...vcApiIssueRoutes,
  ...vcApiStatusRoutes,
];

export const vcApiProviders: Provider[] = [
  {
    provide: IssueCredential,
    inject: [DataSource, IssuanceQueue, HttpSettings],
    useFactory: (db: DataSource, queue: IssuanceQueue, { origin }: HttpSettings) =>
      new IssueCredential(db, queue, origin),
  },
  {
    provide: EndIssuedCredential,
    inject: [DataSource],
    useFactory: (db: DataSource) => new EndIssuedCredential(db),
  },
  OnceSigned,
  // Of the root module, and so around the interceptors of writers: it waits when they are done.
  { provide: APP_INTERCEPTOR, useExisting: OnceSigned },
];
