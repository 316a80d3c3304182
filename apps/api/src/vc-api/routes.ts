import type { Provider, Type } from '@nestjs/common';
import type { ErrorTable } from '../http/settings.js';
import type { RouteDescription } from '../openapi/route.js';
import { VcApiVerifyController, vcApiVerifyRoutes } from './verify.controller.js';

/** Controllers of the VC-API. */
export const vcApiControllers: Type[] = [VcApiVerifyController];

export const vcApiRoutes: RouteDescription[] = [...vcApiVerifyRoutes];

export const vcApiProviders: Provider[] = [];

export const vcApiErrors: ErrorTable = {};
