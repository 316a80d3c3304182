import { Body, Controller, Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { AwardCampaign } from '#badges';
import { Membership, type Role, roles } from '#people';
import { type ConfirmedStaff, confirmStaff, listUnconfirmedStaff, type UnconfirmedStaff } from '#workshops';
import { jsonSchema } from '../http/json-schema.js';
import { type Page, type PageRequest, pageQuery, pageSchema } from '../http/paging.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { GrantMembership } from './memberships.js';
import { idAfter, NextLink, pageById } from './pages.js';
import { plannedAwardsSchema, plannedAwardsView } from './planned-awards.js';
import {
  daySchema,
  idSchema,
  instantSchema,
  line,
  listOf,
  objectOf,
  oneOf,
  organisationParam,
  orNull,
  titled,
} from './schemas.js';

interface MembershipRequest {
  personId: string;
  role: Role;
  validFrom: string;
  validUntil?: string;
}

const membershipRequest = jsonSchema<MembershipRequest>(
  titled(
    'NewMembership',
    objectOf(
      {
        personId: idSchema,
        role: oneOf(roles),
        validFrom: { ...daySchema, description: 'First day.' },
        validUntil: { ...daySchema, description: 'Last day; open when left out.' },
      },
      ['validUntil'],
    ),
  ),
);

const membershipSchema = titled(
  'Membership',
  objectOf({
    id: idSchema,
    personId: idSchema,
    role: oneOf(roles),
    validFrom: daySchema,
    validUntil: orNull(daySchema),
    confirmedBy: { type: 'string' },
    createdAt: instantSchema,
  }),
);

const membershipView = (one: Membership) => ({
  id: one.id,
  personId: one.personId,
  role: one.role,
  validFrom: one.validFrom,
  validUntil: one.validUntil,
  confirmedBy: one.confirmedBy,
  createdAt: one.createdAt,
});

const confirmationRequest = jsonSchema<{ names: string[] }>(
  titled(
    'StaffConfirmation',
    objectOf({
      names: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: line(200),
        description: 'Names as the unconfirmed staff has them.',
      },
    }),
  ),
);

const unconfirmedSchema = titled(
  'UnconfirmedStaff',
  objectOf({
    name: { type: 'string' },
    asAssessor: { type: 'boolean' },
    asAnimator: { type: 'boolean' },
    firstDate: daySchema,
  }),
);

const unconfirmedView = ({ name, asAssessor, asAnimator, firstDate }: UnconfirmedStaff) => ({
  name,
  asAssessor,
  asAnimator,
  firstDate,
});

export const confirmedSchema = titled(
  'ConfirmedStaff',
  objectOf({
    name: { type: 'string' },
    personId: idSchema,
    roles: { type: 'array', items: oneOf(roles) },
    isNew: { type: 'boolean' },
  }),
);

export const confirmedView = ({ name, personId, roles, isNew }: ConfirmedStaff) => ({
  name,
  personId,
  roles,
  isNew,
});

/** Who may do what in an organisation, and the names that wait to be confirmed. */
@Controller('api/v1/organisations/:organisation')
@UseInterceptors(NextLink)
export class MembershipsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly grantMembership: GrantMembership,
    private readonly awardCampaign: AwardCampaign,
  ) {}

  @Get('memberships')
  @Allow('organisation:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: pageQuery }) page: PageRequest,
  ): Promise<Page<ReturnType<typeof membershipView>>> {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const rows = await this.database.manager.find(Membership, {
      where: { organisationId, id: MoreThan(idAfter(page)) },
      order: { id: 'ASC' },
      take: page.limit + 1,
    });
    return pageById(rows, page, membershipView);
  }

  @Post('memberships')
  @Allow('organisation:write')
  async grant(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: membershipRequest }) body: MembershipRequest,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const grant = { organisationId, ...body, confirmedBy: caller.clientId };
    const { recorded, awards } = await this.awardCampaign.record(organisationId, (onFacts) =>
      this.grantMembership.run(grant, onFacts),
    );
    return { membership: membershipView(recorded), awards: plannedAwardsView(awards) };
  }

  @Get('unconfirmed-staff')
  @Allow('organisation:read')
  async unconfirmed(@CurrentCaller() caller: Caller, @Param('organisation') organisation: string) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    return { items: (await listUnconfirmedStaff(this.database.manager, id)).map(unconfirmedView) };
  }

  @Post('staff-confirmations')
  @HttpCode(200)
  @Allow('organisation:write')
  async confirm(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: confirmationRequest }) { names }: { names: string[] },
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const { recorded, awards } = await this.awardCampaign.record(organisationId, (onFacts) =>
      this.database.transaction(async (tx) => {
        const { confirmed, learnerIds } = await confirmStaff(tx, {
          organisationId,
          names,
          by: caller.clientId,
        });
        const personIds = [...new Set([...learnerIds, ...confirmed.map((one) => one.personId)])];
        await onFacts(tx, { personIds, sessionIds: [] });
        return confirmed;
      }),
    );
    return { confirmed: recorded.map(confirmedView), awards: plannedAwardsView(awards) };
  }
}

const common = { tag: 'People', params: organisationParam } satisfies Partial<RouteDescription>;

export const membershipRoutes: RouteDescription[] = [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/memberships',
    operationId: 'listMemberships',
    summary: 'Who has which role in an organisation, between which days.',
    scopes: ['organisation:read'],
    query: pageQuery,
    responses: {
      200: {
        description: 'A page of memberships.',
        schema: pageSchema(membershipSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
    errors: ['organisation_not_found'],
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/memberships',
    operationId: 'grantMembership',
    summary: 'Gives a person a role.',
    description:
      'A role that covers these days already is answered, not added. Awards that waited for the mandate of this ' +
      'assessor are planned.',
    scopes: ['organisation:write'],
    body: {
      schema: membershipRequest,
      example: {
        personId: '01997b2c-7a00-7000-8000-000000000001',
        role: 'assessor',
        validFrom: '2026-09-01',
      },
    },
    responses: {
      201: {
        description: 'The membership, and the awards it made possible.',
        schema: objectOf({ membership: membershipSchema, awards: plannedAwardsSchema }),
      },
    },
    errors: ['organisation_not_found', 'person_not_found'],
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/unconfirmed-staff',
    operationId: 'listUnconfirmedStaff',
    summary: 'Names of assessors and animators that nobody has confirmed; their awards wait.',
    scopes: ['organisation:read'],
    responses: { 200: { description: 'The names.', schema: listOf(unconfirmedSchema) } },
    errors: ['organisation_not_found'],
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/staff-confirmations',
    operationId: 'confirmStaff',
    summary: 'Confirms who assessed and animated, and plans the awards that waited for it.',
    scopes: ['organisation:write'],
    body: { schema: confirmationRequest, example: { names: ['Odile FICTIVE'] } },
    responses: {
      200: {
        description: 'Who they are, and the awards.',
        schema: objectOf({
          confirmed: { type: 'array', items: confirmedSchema },
          awards: plannedAwardsSchema,
        }),
      },
    },
    errors: ['organisation_not_found', 'staff_not_confirmable'],
  },
];
