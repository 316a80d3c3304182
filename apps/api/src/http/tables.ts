import { HttpIdempotency } from './idempotency.entity.js';
import { HttpIdempotency1700000006000 } from './migrations/1700000006000-http-idempotency.js';

/** Entities and migrations of the HTTP side. */
export const httpEntities = [HttpIdempotency];
export const httpMigrations = [HttpIdempotency1700000006000];
