import { DomainError, type Fault, isOutage } from '#platform';
import type { ErrorTable } from './settings.js';

/** RFC 9457, schemas/problem.schema.json. */
export interface Problem {
  /** `about:blank`: the code says which error it is; or the name that a recommendation has for it. */
  type: string;
  title: string;
  status: number;
  /** Stable snake_case code. */
  code: string;
  detail?: string;
  /** urn:uuid of the request, also in X-Correlation-Id and in the logs. */
  instance: string;
  details?: Record<string, unknown>;
  faults?: Fault[];
}

/** An error that only HTTP knows (no token, too many tries): the one kind that carries its own status and headers. */
export class HttpRefusal extends DomainError {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** Errors that belong to no area of the API. */
const common: ErrorTable = {
  invalid_input: 400,
  invalid_framework_file: 422,
  framework_content_changed: 409,
  framework_not_found: 404,
  competency_not_found: 404,
  unknown_competency: 422,
  unknown_level: 422,
  code_list_entry_removed: 409,
  organisation_not_found: 404,
};

/** Codes of refusals that Fastify and Nest make themselves, by status. */
const byStatus: Record<number, { code: string; title: string }> = {
  400: { code: 'malformed_request', title: 'The request could not be read' },
  404: { code: 'not_found', title: 'Nothing is at this address' },
  405: { code: 'method_not_allowed', title: 'This address does not take this method' },
  406: { code: 'not_acceptable', title: 'None of the accepted media types is available' },
  413: { code: 'body_too_large', title: 'The body of the request is too large' },
  414: { code: 'address_too_long', title: 'The address is too long' },
  415: { code: 'media_type_not_supported', title: 'This media type is not supported' },
  503: { code: 'not_ready', title: 'The service is not ready' },
};

/** Statuses of the codes that `HttpRefusal` and unexpected errors carry. */
const ofHttp: Record<string, number> = {
  access_token_missing: 401,
  access_token_invalid: 401,
  insufficient_scope: 403,
  idempotency_key_malformed: 400,
  idempotency_key_reused: 422,
  request_in_progress: 409,
  internal_error: 500,
  temporarily_unavailable: 503,
  ...Object.fromEntries(Object.entries(byStatus).map(([status, { code }]) => [code, Number(status)])),
};

/** Status of an error code, undefined when nobody answers with it. */
export function errorStatus(code: string, table: ErrorTable): number | undefined {
  const row = table[code];
  return typeof row === 'object' ? row.status : (row ?? ofHttp[code]);
}

export interface Refusal {
  problem: Problem;
  headers: Record<string, string>;
}

const sentence = (code: string): string =>
  `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll('_', ' ')}`;

function statusOf(error: unknown): number | undefined {
  const { statusCode, status } = error as { statusCode?: unknown; status?: unknown };
  const found = typeof statusCode === 'number' ? statusCode : status;
  return typeof found === 'number' && Number.isInteger(found) && found >= 400 && found <= 599
    ? found
    : undefined;
}

/** One table out of those of the areas; a code told twice with two statuses is a mistake of ours. */
export function errorTable(areas: ErrorTable[]): ErrorTable {
  const all: ErrorTable = { ...common };
  for (const area of areas)
    for (const [code, row] of Object.entries(area)) {
      if (code in all && JSON.stringify(all[code]) !== JSON.stringify(row))
        throw new Error(`The error ${code} has two statuses`);
      all[code] = row;
    }
  return all;
}

function domainRefusal(error: DomainError, row: ErrorTable[string], instance: string): Refusal {
  const { status, title } = typeof row === 'number' ? { status: row, title: sentence(error.code) } : row;
  const { faults, problemType } = error as { faults?: Fault[]; problemType?: string };
  return {
    problem: {
      type: problemType ?? 'about:blank',
      title,
      status,
      code: error.code,
      detail: error.message,
      instance,
      ...(error.details && { details: error.details }),
      ...(Array.isArray(faults) && { faults }),
    },
    headers: error instanceof HttpRefusal ? error.headers : {},
  };
}

const unavailable = (instance: string): Refusal => ({
  problem: {
    type: 'about:blank',
    title: 'The service cannot do this at the moment',
    status: 503,
    code: 'temporarily_unavailable',
    detail:
      'Its database is away or takes no writes. Try the same request again in a moment; with an Idempotency-Key it runs once.',
    instance,
  },
  headers: { 'retry-after': '5' },
});

/**
 * What a caller is told of an error: everything of a domain error with a row in the table, the bare status of a
 * refusal by the server, that it may come back when the database is away, full or read-only, and of anything else only that it happened (`internal_error`, 500).
 */
export function refusalOf(error: unknown, table: ErrorTable, correlationId: string): Refusal {
  const instance = `urn:uuid:${correlationId}`;
  if (error instanceof DomainError) {
    const row = error instanceof HttpRefusal ? error.status : table[error.code];
    if (row !== undefined) return domainRefusal(error, row, instance);
  } else if (isOutage(error)) {
    return unavailable(instance);
  } else {
    const status = typeof error === 'object' && error !== null ? statusOf(error) : undefined;
    const known =
      status === undefined ? undefined : (byStatus[status] ?? (status < 500 ? byStatus[400] : undefined));
    if (status !== undefined && known)
      return {
        problem: { type: 'about:blank', title: known.title, status, code: known.code, instance },
        headers: {},
      };
  }
  const title = 'Something went wrong on our side';
  const detail = 'Nothing was told about it here; the instance identifies it in the logs of the service.';
  return {
    problem: { type: 'about:blank', title, status: 500, code: 'internal_error', detail, instance },
    headers: {},
  };
}
