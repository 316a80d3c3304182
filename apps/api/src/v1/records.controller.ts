import { Body, Controller, Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  MakeRecord,
  RecordNotFound,
  RecordReader,
  type RecordView,
  recordUrl,
  WithdrawRecord,
} from '#badges';
import { jsonSchema } from '../http/json-schema.js';
import { type PageRequest, pageQuery, pageSchema } from '../http/paging.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { idAfter, NextLink, pageById } from './pages.js';
import {
  daySchema,
  idSchema,
  instantSchema,
  isUuid,
  objectOf,
  oneOf,
  organisationParam,
  orNull,
  titled,
} from './schemas.js';

interface NewRecord {
  person: string;
  awards: string[];
  consent: { on: string; how: 'said' | 'written' };
}

const consentSchema = objectOf({
  on: { ...daySchema, description: 'Day on which the learner agreed.' },
  how: { ...oneOf(['said', 'written']), description: 'How.' },
});
const recordRequest = jsonSchema<NewRecord>(
  titled(
    'NewRecord',
    objectOf({
      person: idSchema,
      awards: {
        type: 'array',
        minItems: 1,
        maxItems: 25,
        uniqueItems: true,
        items: idSchema,
        description: 'Awards of that person whose badges are shown, in the order the learner wants.',
      },
      consent: consentSchema,
    }),
  ),
);

const recordSchema = titled(
  'Record',
  objectOf({
    id: idSchema,
    person: idSchema,
    awards: { type: 'array', items: idSchema },
    consent: consentSchema,
    madeAt: instantSchema,
    withdrawnAt: orNull(instantSchema),
    isShown: {
      type: 'boolean',
      description:
        'It is signed, and whoever has the address can read it. Not while one of its badges is hidden.',
    },
    address: {
      type: 'string',
      description: 'Where it is read: a page, JSON-LD or a JWT. Nobody can guess it.',
    },
  }),
);

const recordView = (record: RecordView, origin: string) => ({
  id: record.id,
  person: record.personId,
  awards: record.awardIds,
  consent: { on: record.consentedOn, how: record.consentHow },
  madeAt: record.madeAt,
  withdrawnAt: record.withdrawnAt,
  isShown: record.isShown,
  address: recordUrl(origin, record.publicId),
});

/** Records: badges that a learner chose to show together, signed as one. */
@Controller('api/v1')
@UseInterceptors(NextLink)
export class RecordsController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly tenancy: Tenancy,
    private readonly makeRecord: MakeRecord,
    private readonly withdrawRecord: WithdrawRecord,
    private readonly reader: RecordReader,
  ) {}

  @Post('organisations/:organisation/records')
  @Allow('publication:write')
  async make(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: recordRequest }) { person, awards, consent }: NewRecord,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const { id } = await this.makeRecord.run({
      organisationId,
      personId: person,
      awardIds: awards,
      consentedOn: consent.on,
      consentHow: consent.how,
      by: `client:${caller.clientId}`,
    });
    return this.view(caller, id);
  }

  @Get('organisations/:organisation/records')
  @Allow('award:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: pageQuery }) page: PageRequest,
  ) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    const rows = await this.reader.ofOrganisation(id, idAfter(page), page.limit + 1);
    return pageById(rows, page, (row) => recordView(row, this.settings.origin));
  }

  @Get('records/:id')
  @Allow('award:read')
  one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.view(caller, id);
  }

  @Post('records/:id/withdrawal')
  @HttpCode(200)
  @Allow('publication:write')
  async withdraw(@CurrentCaller() caller: Caller, @Param('id') recordId: string) {
    if (!isUuid(recordId)) throw new RecordNotFound(recordId);
    const organisationIds = await this.tenancy.organisationIds(caller);
    await this.withdrawRecord.run({ recordId, organisationIds, by: `client:${caller.clientId}` });
    return this.view(caller, recordId);
  }

  private async view(caller: Caller, id: string) {
    const found = isUuid(id) && (await this.reader.byId(id, await this.tenancy.organisationIds(caller)));
    if (!found) throw new RecordNotFound(id);
    return recordView(found, this.settings.origin);
  }
}

const one = {
  tag: 'Records',
  params: { id: 'Id of the record.' },
  responses: { 200: { description: 'The record as it is now.', schema: recordSchema } },
} satisfies Partial<RouteDescription>;

export const recordRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/records',
    operationId: 'makeRecord',
    tag: 'Records',
    summary: 'Gathers badges that a learner chose into one signed record.',
    description:
      'A ClrCredential (Comprehensive Learner Record 2.0) in both forms, signed within seconds with the key of the ' +
      'structure. Each badge is in it with its own signature and status; badges that are hidden, suspended or revoked ' +
      'are refused. The learner’s consent is recorded with its day: a record lets readers see that its badges belong ' +
      'to one person.',
    scopes: ['publication:write'],
    params: organisationParam,
    body: {
      schema: recordRequest,
      example: {
        person: '019aa000-0000-7000-8000-000000000001',
        awards: ['019aa000-0000-7000-8000-000000000002'],
        consent: { on: '2026-11-20', how: 'said' },
      },
    },
    responses: { 201: { description: 'The record, which is signed within seconds.', schema: recordSchema } },
    errors: ['organisation_not_found', 'record_refused', 'record_not_found'],
  },
  {
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/records',
    operationId: 'listRecords',
    tag: 'Records',
    summary: 'Records that the organisation made, withdrawn ones too.',
    scopes: ['award:read'],
    params: organisationParam,
    query: pageQuery,
    responses: {
      200: {
        description: 'A page of records.',
        schema: pageSchema(recordSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
    errors: ['organisation_not_found'],
  },
  {
    ...one,
    method: 'GET',
    path: '/api/v1/records/{id}',
    operationId: 'getRecord',
    summary: 'One record of the client’s organisation.',
    scopes: ['award:read'],
    errors: ['record_not_found'],
  },
  {
    ...one,
    method: 'POST',
    path: '/api/v1/records/{id}/withdrawal',
    operationId: 'withdrawRecord',
    summary: 'Ends a record at the learner’s wish.',
    description:
      'Its address looks like an unknown one at once, its content is erased here, and the signed status list says within ' +
      'a minute that it is revoked. The badges in it stay as they are. Again changes nothing.',
    scopes: ['publication:write'],
    errors: ['record_not_found'],
  },
];
