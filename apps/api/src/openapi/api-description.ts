import { scopeTexts } from '#people';
import { programVersion, readProjectJson } from '#platform';
import { errorStatus, errorTable } from '../http/problem.js';
import type { ErrorTable, HttpSettings } from '../http/settings.js';
import { Components } from './components.js';
import { errorsOf, parametersOf, type RouteDescription, schemaOf } from './route.js';

type Json = Record<string, unknown>;

const correlationId = {
  description: 'Identifies the request in the logs of the service.',
  schema: { type: 'string', format: 'uuid' },
};

/** The routes of the API and the OpenAPI 3.1 document made of them. */
export class ApiDescription {
  readonly routes: RouteDescription[];
  readonly origin: string;
  private readonly table: ErrorTable;
  private built?: Json;

  constructor(settings: HttpSettings, routes: RouteDescription[]) {
    this.routes = routes;
    this.origin = settings.origin;
    this.table = errorTable(settings.errors);
  }

  /** Status of an error code; undefined when no area has it in its table. */
  statusOf(code: string): number | undefined {
    return errorStatus(code, this.table);
  }

  /** The OpenAPI 3.1 document. @throws Error when two routes share an operationId or an error has no status */
  document(): Json {
    this.built ??= this.build();
    return this.built;
  }

  private build(): Json {
    const components = new Components();
    components.embed({ ...readProjectJson<object>('schemas', 'problem.schema.json'), title: 'Problem' });
    const paths: Record<string, Json> = {};
    const seen = new Set<string>();
    for (const route of this.routes) {
      if (seen.has(route.operationId)) throw new Error(`Two routes are named ${route.operationId}`);
      seen.add(route.operationId);
      paths[route.path] = {
        ...paths[route.path],
        [route.method.toLowerCase()]: this.operation(route, components),
      };
    }
    const scopes = Object.fromEntries(Object.entries(scopeTexts).map(([scope, text]) => [scope, text.en]));
    return {
      openapi: '3.1.0',
      jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
      info: {
        title: 'Insigne',
        version: programVersion,
        summary: 'From a digital workshop to an Open Badge an employer can trust.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: this.origin }],
      tags: [...new Set(this.routes.map((route) => route.tag))].map((name) => ({ name })),
      paths,
      components: {
        schemas: components.schemas,
        securitySchemes: {
          oauth2: {
            type: 'oauth2',
            description: 'Client credentials (RFC 6749, section 4.4); tokens last 15 minutes.',
            flows: { clientCredentials: { tokenUrl: `${this.origin}/oauth/token`, scopes } },
          },
        },
      },
    };
  }

  private operation(route: RouteDescription, components: Components): Json {
    return {
      operationId: route.operationId,
      tags: [route.tag],
      summary: route.summary,
      ...(route.description && { description: route.description }),
      security: route.scopes === 'everybody' ? [] : [{ oauth2: route.scopes }],
      parameters: this.parameters(route, components),
      ...(route.body && {
        requestBody: {
          required: true,
          ...(route.body.description && { description: route.body.description }),
          content: Object.assign(
            {},
            ...[route.body, ...(route.body.others ?? [])].map((form) => content(form, components)),
          ) as Json,
        },
      }),
      responses: together(this.answers(route, components), this.refusals(route)),
    };
  }

  private parameters(route: RouteDescription, components: Components): Json[] {
    const inPath = parametersOf(route.path).map((name) => {
      const description = route.params?.[name];
      if (!description) throw new Error(`${route.operationId} does not say what {${name}} is`);
      return { name, in: 'path', required: true, description, schema: { type: 'string' } };
    });
    const query = (route.query ? schemaOf(route.query) : {}) as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    const inQuery = Object.entries(query.properties ?? {}).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      required: query.required?.includes(name) ?? false,
      ...(description !== undefined && { description }),
      schema: components.embed(schema),
    }));
    if (route.method !== 'POST' || route.scopes === 'everybody') return [...inPath, ...inQuery];
    const description = 'A key of your choice: the same request with the same key runs once, for 24 hours.';
    const key = { name: 'Idempotency-Key', in: 'header', required: false, description };
    return [...inPath, ...inQuery, { ...key, schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' } }];
  }

  private answers(route: RouteDescription, components: Components): Json {
    return Object.fromEntries(
      Object.entries(route.responses).map(([status, answer]) => [
        status,
        {
          description: answer.description,
          headers: {
            'X-Correlation-Id': correlationId,
            ...Object.fromEntries(
              Object.entries(answer.headers ?? {}).map(([name, description]) => [
                name,
                { description, schema: { type: 'string' } },
              ]),
            ),
          },
          ...(answer.schema && { content: content({ ...answer, schema: answer.schema }, components) }),
        },
      ]),
    );
  }

  private refusals(route: RouteDescription): Json {
    const byStatus = new Map<number, string[]>();
    for (const code of errorsOf(route)) {
      const status = this.statusOf(code);
      if (status === undefined)
        throw new Error(`${route.operationId} names the error ${code}, which has no status`);
      byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
    }
    return Object.fromEntries(
      [...byStatus].map(([status, codes]) => [
        status,
        {
          description: `An error with the code ${[...new Set(codes)].join(' or ')}.`,
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      ]),
    );
  }
}

/** A status may stand for an answer and for an error: then the media type tells them apart. */
const together = (answers: Json, refusals: Json): Json =>
  Object.fromEntries(
    [...new Set([...Object.keys(answers), ...Object.keys(refusals)])].map((status) => {
      const [answer, refusal] = [answers[status], refusals[status]] as (Json | undefined)[];
      if (!answer || !refusal) return [status, answer ?? refusal];
      const description = `${String(answer.description)} ${String(refusal.description)}`;
      return [
        status,
        { ...answer, description, content: { ...(answer.content as Json), ...(refusal.content as Json) } },
      ];
    }),
  );

const content = (
  part: { schema: object; mediaType?: string; example?: unknown },
  components: Components,
): Json => ({
  [part.mediaType ?? 'application/json']: {
    schema: components.embed(schemaOf(part.schema)),
    ...(part.example !== undefined && { example: part.example }),
  },
});
