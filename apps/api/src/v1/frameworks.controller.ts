import { Controller, Get, Param } from '@nestjs/common';
import { competencyUrl, FrameworkReader, frameworkUrl } from '#frameworks';
import { querySchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import type { RouteDescription } from '../openapi/route.js';
import { line, listOf, objectOf, orNull, textSchema, titled } from './schemas.js';

interface FrameworkParams {
  code: string;
  version: string;
}

const frameworkParams = querySchema<FrameworkParams>(objectOf({ code: line(100), version: line(100) }));
const competencyParams = querySchema<FrameworkParams & { competency: string }>(
  objectOf({ code: line(100), version: line(100), competency: line(200) }),
);

const identifier = { type: 'string', description: 'Of its CASE object, the same in every installation.' };

const summary = {
  id: { type: 'string' },
  identifier,
  code: { type: 'string' },
  version: { type: 'string' },
  title: textSchema,
  publisher: { type: 'string' },
  issued: orNull({ type: 'string' }),
  licence: { type: 'object' },
  counts: { type: 'object', additionalProperties: { type: 'integer' } },
  uri: { type: 'string', format: 'uri', description: 'Its stable public address.' },
};
const item = {
  id: { type: 'string' },
  identifier,
  code: { type: 'string' },
  type: { type: 'string' },
  title: textSchema,
  description: orNull(textSchema),
  officialUri: orNull({ type: 'string' }),
};
const list = (items: object) => ({ type: 'array', items });

const frameworkSummarySchema = titled('FrameworkSummary', objectOf(summary));
const frameworkSchema = {
  ...titled(
    'Framework',
    objectOf({
      ...summary,
      provenance: { type: 'object' },
      importedAt: { type: 'string', format: 'date-time' },
      levels: list({ type: 'object' }),
      items: list({ $ref: '#/$defs/item' }),
    }),
  ),
  $defs: { item: objectOf({ ...item, children: list({ $ref: '#/$defs/item' }) }) },
};
const outcome = objectOf({ ...item, properties: { type: 'object' } });
const competencySchema = titled(
  'Competency',
  objectOf({
    ...item,
    framework: { type: 'object' },
    importedAt: { type: 'string', format: 'date-time' },
    properties: { type: 'object' },
    parent: { anyOf: [objectOf(item), { type: 'null' }] },
    children: list(objectOf(item)),
    statements: list(outcome),
    learningOutcomes: list(outcome),
    associations: list({ type: 'object' }),
    uri: summary.uri,
  }),
);

/** Competency frameworks, every version, with all their languages. */
@Controller('api/v1/frameworks')
export class FrameworksController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly frameworks: FrameworkReader,
  ) {}

  @Get()
  @Allow('framework:read')
  async list() {
    const frameworks = await this.frameworks.listFrameworks();
    return { items: frameworks.map((one) => ({ ...one, uri: frameworkUrl(this.settings.origin, one) })) };
  }

  @Get(':code/:version')
  @Allow('framework:read')
  async framework(@Param({ schema: frameworkParams }) { code, version }: FrameworkParams) {
    const view = await this.frameworks.frameworkView(code, version);
    return { ...view, uri: frameworkUrl(this.settings.origin, view) };
  }

  @Get(':code/:version/:competency')
  @Allow('framework:read')
  async competency(
    @Param({ schema: competencyParams })
    { code, version, competency }: FrameworkParams & { competency: string },
  ) {
    const view = await this.frameworks.competencyView(code, version, competency);
    return { ...view, uri: competencyUrl(this.settings.origin, view.framework, view.code) };
  }
}

const common = { tag: 'Frameworks', scopes: ['framework:read'] } satisfies Partial<RouteDescription>;
const params = { code: 'Code of the framework, as `crcn`.', version: 'Its version.' };

export const frameworkRoutes: RouteDescription[] = [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/frameworks',
    operationId: 'listFrameworks',
    summary: 'Every version of every competency framework.',
    responses: { 200: { description: 'The frameworks.', schema: listOf(frameworkSummarySchema) } },
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/frameworks/{code}/{version}',
    operationId: 'getFramework',
    summary: 'A framework with its levels and its tree of areas and competences.',
    params,
    responses: { 200: { description: 'The framework.', schema: frameworkSchema } },
    errors: ['framework_not_found', 'invalid_input'],
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/frameworks/{code}/{version}/{competency}',
    operationId: 'getCompetency',
    summary: 'A competency with what stands above, below and beside it.',
    params: { ...params, competency: 'Code of the competency, as `5.2`.' },
    responses: { 200: { description: 'The competency.', schema: competencySchema } },
    errors: ['framework_not_found', 'competency_not_found', 'invalid_input'],
  },
];
