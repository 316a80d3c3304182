import type { Scope } from '#people';
import type { RequestSchema } from '../http/json-schema.js';

type Schema = object | RequestSchema<unknown>;

interface AnswerDescription {
  description: string;
  /** JSON Schema of the body; none when there is no body. */
  schema?: Schema;
  /** application/json when left out. */
  mediaType?: string;
  example?: unknown;
  headers?: Record<string, string>;
}

/** One route of the API, described beside its controller. Texts are English. */
export interface RouteDescription {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Whole path with parameters in braces: /api/v1/awards/{id}. */
  path: string;
  /** Unique name, for programs that make clients of the description. */
  operationId: string;
  /** Heading it stands under. */
  tag: string;
  summary: string;
  description?: string;
  /** The same as the route's `@Allow`, or 'everybody'. */
  scopes: Scope[] | 'everybody';
  /** What each parameter of the path is. */
  params?: Record<string, string>;
  query?: Schema;
  body?: {
    schema: Schema;
    mediaType?: string;
    example?: unknown;
    description?: string;
    /** Other forms in which it is taken. */
    others?: { mediaType: string; schema: Schema }[];
  };
  /** Answers by status: those that are no errors, and errors that look otherwise than everywhere else. */
  responses: Record<number, AnswerDescription>;
  /** Codes of the errors of its area; those of every route are added. */
  errors?: string[];
}

/** The JSON Schema itself, also of a `jsonSchema(…)` or `querySchema(…)`. */
export const schemaOf = (schema: Schema): object => ('~standard' in schema ? schema.schema : schema);

export const parametersOf = (path: string): string[] =>
  [...path.matchAll(/\{([A-Za-z]+)\}/g)].map((match) => match[1]!);

const problemAnswers = (scopes: RouteDescription['scopes']): string[] =>
  scopes === 'everybody' ? [] : ['access_token_missing', 'access_token_invalid', 'insufficient_scope'];

/** Every error code a route can answer with. */
export const errorsOf = (route: RouteDescription): string[] => [
  ...problemAnswers(route.scopes),
  ...(route.query || route.body ? ['invalid_input'] : []),
  ...(route.body ? ['malformed_request', 'body_too_large', 'media_type_not_supported'] : []),
  ...(route.method === 'POST' && route.scopes !== 'everybody'
    ? ['idempotency_key_malformed', 'idempotency_key_reused', 'request_in_progress']
    : []),
  ...(route.errors ?? []),
  'internal_error',
  'temporarily_unavailable',
];
