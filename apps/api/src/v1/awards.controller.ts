import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, UseInterceptors } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BadgeReader, badgeUrl, issuanceSummary, PublishBadge } from '#badges';
import { jsonSchema, querySchema } from '../http/json-schema.js';
import { type PageRequest, pageProperties, pageSchema } from '../http/paging.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { AwardAccess } from './award-access.js';
import { awardSchema, awardView, type ShownAward } from './award-view.js';
import { idAfter, NextLink, pageById } from './pages.js';
import { count, counts, line, objectOf, organisationParam, titled } from './schemas.js';

type AwardQuery = PageRequest & { badge?: string };
const awardQuery = querySchema<AwardQuery>({
  type: 'object',
  properties: { ...pageProperties, badge: { ...line(60), description: 'Code of a badge.' } },
  additionalProperties: false,
});

const publicationRequest = jsonSchema<{ withName: boolean }>(
  titled(
    'PublicationRequest',
    objectOf({
      withName: { type: 'boolean', description: 'Show the name of the learner on the public page.' },
    }),
  ),
);

/** Awards with what they rest on, how far their badges are, and whether the learner shows them. */
@Controller('api/v1')
@UseInterceptors(NextLink)
export class AwardsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly settings: HttpSettings,
    private readonly badges: BadgeReader,
    private readonly access: AwardAccess,
    private readonly publishBadge: PublishBadge,
  ) {}

  @Get('organisations/:organisation/awards')
  @Allow('award:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: awardQuery }) { badge, ...page }: AwardQuery,
  ) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    const request = { badge, after: idAfter(page), limit: page.limit + 1 };
    const rows = (await this.badges.awards(id, request)) as ShownAward[];
    return pageById(rows, page, (one) => awardView(one, this.settings.origin));
  }

  @Get('organisations/:organisation/issuance')
  @Allow('award:read')
  async issuance(@CurrentCaller() caller: Caller, @Param('organisation') organisation: string) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    const { awards, planned, signed, refused } = await issuanceSummary(this.database.manager, id);
    return { awards, planned, signed, refused };
  }

  @Get('awards/:id')
  @Allow('award:read')
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    const award = await this.access.awardOf(caller, id);
    return awardView(await this.access.shown(award), this.settings.origin);
  }

  @Put('awards/:id/publication')
  @Allow('publication:write')
  async publish(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: publicationRequest }) { withName }: { withName: boolean },
  ) {
    const { id } = await this.access.issuedAwardOf(caller, awardId);
    const publicId = await this.publishBadge.publish(id, { withName, by: caller.clientId });
    return { address: badgeUrl(this.settings.origin, publicId), withName };
  }

  @Delete('awards/:id/publication')
  @HttpCode(204)
  @Allow('publication:write')
  async withdraw(@CurrentCaller() caller: Caller, @Param('id') awardId: string): Promise<void> {
    const { id } = await this.access.awardOf(caller, awardId);
    await this.publishBadge.withdraw(id, caller.clientId);
  }
}

const ofOrganisation = {
  method: 'GET',
  tag: 'Awards',
  scopes: ['award:read'],
  params: organisationParam,
  errors: ['organisation_not_found'],
} satisfies Partial<RouteDescription>;
const ofAward = {
  tag: 'Awards',
  params: { id: 'Id of the award.' },
  errors: ['award_not_found'],
} satisfies Partial<RouteDescription>;

export const awardRoutes: RouteDescription[] = [
  {
    ...ofOrganisation,
    path: '/api/v1/organisations/{organisation}/awards',
    operationId: 'listAwards',
    summary: 'Awards of an organisation with the facts they rest on, oldest first.',
    query: awardQuery,
    responses: {
      200: {
        description: 'A page of awards.',
        schema: pageSchema(awardSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
  },
  {
    ...ofOrganisation,
    path: '/api/v1/organisations/{organisation}/issuance',
    operationId: 'getIssuance',
    summary: 'How far the signing of badges is, in numbers.',
    responses: {
      200: {
        description: 'Awards by badge, and their credentials by state.',
        schema: objectOf({ awards: counts, planned: count, signed: count, refused: count }),
      },
    },
  },
  {
    ...ofAward,
    method: 'GET',
    path: '/api/v1/awards/{id}',
    operationId: 'getAward',
    summary: 'One award with the facts it rests on.',
    scopes: ['award:read'],
    responses: { 200: { description: 'The award.', schema: awardSchema } },
  },
  {
    ...ofAward,
    method: 'PUT',
    path: '/api/v1/awards/{id}/publication',
    operationId: 'publishBadge',
    summary: 'Shows the badge to whoever has its address, as its learner wants.',
    description:
      'Private is the rule, and showing is the own choice of the learner: call this only on their word. Again with ' +
      'another `withName` changes that.',
    scopes: ['publication:write'],
    body: { schema: publicationRequest, example: { withName: false } },
    responses: {
      200: {
        description: 'The public address of the badge.',
        schema: objectOf({ address: { type: 'string', format: 'uri' }, withName: { type: 'boolean' } }),
      },
    },
    errors: ['award_not_found', 'award_not_issued', 'too_young_to_publish'],
  },
  {
    ...ofAward,
    method: 'DELETE',
    path: '/api/v1/awards/{id}/publication',
    operationId: 'withdrawBadge',
    summary: 'Stops showing the badge: from the next request on its address looks like an unknown one.',
    scopes: ['publication:write'],
    responses: { 204: { description: 'The badge is private.' } },
  },
];
