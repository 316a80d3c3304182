import { Body, Controller, Get, Param, Post, Query, UnsupportedMediaTypeException } from '@nestjs/common';
import { DataSource } from 'typeorm';
import {
  CaseProvider,
  FrameworkReader,
  importCrosswalkCsv,
  importDocument,
  listMatches,
  type StatedMatch,
} from '#frameworks';
import { jsonSchema, querySchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import type { RouteDescription } from '../openapi/route.js';
import { count, idSchema, line, listOf, objectOf, oneOf, orNull, titled } from './schemas.js';

const document = {
  title: 'FrameworkDocument',
  description:
    'A CFPackage of CASE 1.0 or 1.1, or a document of the formats framework-import/1, framework-import-outcomes/1, code-lists/1 or crosswalk/1.',
  type: 'object',
  additionalProperties: true,
};
const importQuery = querySchema<{ code?: string }>(
  objectOf(
    {
      code: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9.-]{0,63}$',
        description: 'Code for the addresses of a CASE package that is new here.',
      },
    },
    ['code'],
  ),
);
const addressParams = querySchema<{ code: string; version: string }>(
  objectOf({ code: line(100), version: line(100) }),
);

interface MatchQuery {
  framework: string;
  version: string;
  limit: number;
  after?: string;
}
const matchQuery = querySchema<MatchQuery>(
  objectOf(
    {
      framework: { ...line(100), description: 'Code of the framework, as `crcn`.' },
      version: line(100),
      limit: { type: 'integer', minimum: 1, maximum: 1000, default: 200 },
      after: { ...idSchema, description: 'The `next` of the page before.' },
    },
    ['limit', 'after'],
  ),
);

const resultSchema = titled(
  'FrameworkImport',
  objectOf({
    kind: oneOf(['framework', 'outcomes', 'code-list', 'crosswalk']),
    code: { type: 'string' },
    version: orNull({ type: 'string' }),
    outcome: oneOf(['imported', 'updated', 'unchanged']),
    count,
  }),
);
const end = objectOf(
  {
    framework: { type: 'string' },
    version: { type: 'string' },
    code: { type: 'string' },
    uri: { type: 'string' },
    title: { type: 'string' },
  },
  ['framework', 'version', 'code', 'uri', 'title'],
);
const matchSchema = titled(
  'FrameworkMatch',
  objectOf({
    id: { type: 'string', description: 'Also the identifier of its CFAssociation at /ims/case/v1p1.' },
    kind: { type: 'string', description: 'An association type of CASE 1.1, or `ext:…`.' },
    origin: end,
    destination: end,
    statedBy: { type: 'string' },
    statedOn: { type: 'string', format: 'date' },
    source: { type: 'string' },
    sourceUri: orNull({ type: 'string' }),
    note: orNull({ type: 'string' }),
  }),
);

/** Frameworks and crosswalks come in, and go out whole; for staff, because every organisation shares them. */
@Controller('api/v1')
export class FrameworkImportsController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly database: DataSource,
    private readonly frameworks: FrameworkReader,
    private readonly provider: CaseProvider,
  ) {}

  @Post('framework-imports')
  @Allow('framework:write')
  async importFramework(
    @Query({ schema: importQuery }) { code }: { code?: string },
    @Body({ schema: jsonSchema<object>(document) }) body: object,
  ) {
    return {
      items: await this.database.transaction((tx) => importDocument(tx, body, 'The document', { code })),
    };
  }

  @Post('crosswalk-imports')
  @Allow('framework:write')
  async importCrosswalk(@Body() body: unknown) {
    if (!Buffer.isBuffer(body)) throw new UnsupportedMediaTypeException();
    return { items: await this.database.transaction((tx) => importCrosswalkCsv(tx, body, 'The crosswalk')) };
  }

  @Get('case-packages/:code/:version')
  @Allow('framework:write')
  async casePackage(@Param({ schema: addressParams }) { code, version }: { code: string; version: string }) {
    const { id } = await this.frameworks.frameworkView(code, version);
    return await this.provider.packageOf(id, { origin: this.settings.origin, language: 'fr' });
  }

  @Get('framework-matches')
  @Allow('framework:read')
  async matches(
    @Query({ schema: matchQuery }) query: MatchQuery,
  ): Promise<{ items: StatedMatch[]; next: string | null }> {
    const { limit } = query;
    const items = await listMatches(this.database.manager, { ...query, limit: limit + 1 });
    const page = items.slice(0, limit);
    return { items: page, next: items.length > limit ? page.at(-1)!.id : null };
  }
}

const common = { tag: 'Frameworks' } satisfies Partial<RouteDescription>;
const example = {
  format: 'crosswalk/1',
  statedBy: 'Groupe d’exemple',
  statedOn: '2026-05-04',
  source: 'Note de travail',
  matches: [
    {
      origin: { framework: 'crcn', code: '1.1' },
      kind: 'isRelatedTo',
      destination: { framework: 'digcomp-3.0', code: '1.1' },
    },
  ],
};

export const frameworkImportRoutes: RouteDescription[] = [
  {
    ...common,
    method: 'POST',
    path: '/api/v1/framework-imports',
    operationId: 'importFramework',
    summary: 'Import a framework (CASE 1.0 or 1.1, or a format of the house), a code list or a crosswalk.',
    description:
      'Up to 20 MB. The same document again changes nothing; a newer package of the same CFDocument becomes a version beside the old one.',
    scopes: ['framework:write'],
    query: importQuery,
    body: { schema: document, example },
    responses: { 201: { description: 'What was done.', schema: listOf(resultSchema) } },
    errors: [
      'invalid_framework_file',
      'framework_content_changed',
      'framework_not_found',
      'code_list_entry_removed',
    ],
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/crosswalk-imports',
    operationId: 'importCrosswalk',
    summary: 'Import matches between competencies from CSV.',
    scopes: ['framework:write'],
    body: {
      mediaType: 'text/csv',
      schema: { type: 'string' },
      example:
        'origin_framework,origin_code,kind,destination_framework,destination_code,stated_by,stated_on,source\ncrcn,1.1,isRelatedTo,digcomp-3.0,1.1,Groupe d’exemple,2026-05-04,Note de travail\n',
    },
    responses: { 201: { description: 'What was done.', schema: listOf(resultSchema) } },
    errors: ['invalid_framework_file'],
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/case-packages/{code}/{version}',
    operationId: 'getCasePackage',
    summary:
      'A framework as a CFPackage of CASE 1.1; of an imported one exactly what came, with its extensions.',
    scopes: ['framework:write'],
    params: { code: 'Code of the framework, as `crcn`.', version: 'Its version.' },
    responses: { 200: { description: 'The package.', schema: { type: 'object' } } },
    errors: ['framework_not_found', 'invalid_input'],
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/framework-matches',
    operationId: 'listFrameworkMatches',
    summary: 'What was said of competencies of this framework and others: who, when, in which source.',
    scopes: ['framework:read'],
    query: matchQuery,
    responses: {
      200: {
        description: 'The statements.',
        schema: objectOf({ items: { type: 'array', items: matchSchema }, next: orNull({ type: 'string' }) }),
      },
    },
  },
];
