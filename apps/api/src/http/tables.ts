import { HttpIdempotency } from '#people';

/** Entities of the HTTP side; the table's migration lies with the API's clients in `people`, where `migrate` finds it. */
export const httpEntities = [HttpIdempotency];
