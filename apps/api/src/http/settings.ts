/** Statuses (and titles, where the code itself does not say enough) of one area's errors, by stable code. */
export type ErrorTable = Record<string, number | { status: number; title: string }>;

/** What the HTTP side of the api process needs to know; a Nest token as well. */
export abstract class HttpSettings {
  /** Scheme, host and port of the service, without a slash at the end. */
  abstract readonly origin: string;
  /** Key of the access tokens (HS256); at least 32 bytes, the same in every api process. */
  abstract readonly tokenSecret: string;
  /** With it, GET /metrics takes `Authorization: Bearer …` from anywhere; without it, only loopback may ask. */
  abstract readonly metricsToken?: string;
  /** Names of the migrations this program needs, for GET /ready. */
  abstract readonly migrations: string[];
  /** One table per area, beside the controllers that raise the errors. */
  abstract readonly errors: ErrorTable[];
}
