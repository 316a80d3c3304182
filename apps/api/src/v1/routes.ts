import type { Type } from '@nestjs/common';
import type { ErrorTable } from '../http/settings.js';
import type { RouteDescription } from '../openapi/route.js';

/** Controllers of the JSON API. */
export const apiControllers: Type[] = [];
/** Their routes, each described beside its controller. */
export const apiRoutes: RouteDescription[] = [];
/** Statuses of the errors of the libraries. */
export const apiErrors: ErrorTable = {};
