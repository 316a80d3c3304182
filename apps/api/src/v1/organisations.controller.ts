import { Body, Controller, Get, Param, Patch, Post, Query, Res, UseInterceptors } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { And, DataSource, In, MoreThan } from 'typeorm';
import { changeEmail, Organisation, type OrganisationKind } from '#people';
import type { Text } from '#platform';
import { jsonSchema } from '../http/json-schema.js';
import { type Page, type PageRequest, pageQuery, pageSchema } from '../http/paging.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { AddOrganisation } from './add-organisation.js';
import { idAfter, NextLink, pageById } from './pages.js';
import {
  daySchema,
  idSchema,
  line,
  objectOf,
  oneOf,
  organisationParam,
  orNull,
  textSchema,
  titled,
} from './schemas.js';

export interface OrganisationRequest {
  parent?: string;
  kind: OrganisationKind;
  slug: string;
  legalName: string;
  publicName?: string;
  siret?: string;
  url?: string;
  email?: string;
  description?: Text;
}

const emailSchema = {
  type: 'string',
  format: 'email',
  maxLength: 254,
  description: 'Public contact address. Open Badges 2.0 shows it and does not exist without it.',
} as const;
const kinds: OrganisationKind[] = ['programme', 'region', 'structure'];
const optional = ['parent', 'publicName', 'siret', 'url', 'email', 'description'];
const organisationRequest = jsonSchema<OrganisationRequest>(
  titled(
    'NewOrganisation',
    objectOf(
      {
        parent: {
          ...line(60),
          description: 'Id or slug of the organisation above; your own when left out.',
        },
        kind: oneOf(kinds),
        slug: { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 60 },
        legalName: line(200),
        publicName: { ...line(200), description: 'What strangers read; a legal name can stigmatise.' },
        siret: { type: 'string', pattern: '^[0-9]{14}$' },
        url: { type: 'string', format: 'uri', pattern: '^https?://', maxLength: 500 },
        email: emailSchema,
        description: objectOf({ fr: line(2_000), en: line(2_000) }, ['fr', 'en']),
      },
      optional,
    ),
  ),
);

const organisationChange = jsonSchema<{ email: string }>(
  titled('OrganisationChange', objectOf({ email: emailSchema })),
);

const organisationSchema = titled(
  'Organisation',
  objectOf({
    id: idSchema,
    parentId: orNull(idSchema),
    kind: oneOf(kinds),
    slug: { type: 'string' },
    legalName: { type: 'string' },
    publicName: { type: 'string' },
    siret: orNull({ type: 'string' }),
    url: orNull({ type: 'string' }),
    email: orNull({ type: 'string' }),
    description: orNull(textSchema),
    closedOn: orNull(daySchema),
  }),
);

const organisationView = (one: Organisation) => ({
  id: one.id,
  parentId: one.parentId,
  kind: one.kind,
  slug: one.slug,
  legalName: one.legalName,
  publicName: one.publicName,
  siret: one.siret,
  url: one.url,
  email: one.email,
  description: one.description,
  closedOn: one.closedOn,
});
type OrganisationView = ReturnType<typeof organisationView>;

/** The organisations that the caller may act in. */
@Controller('api/v1/organisations')
@UseInterceptors(NextLink)
export class OrganisationsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly addOrganisation: AddOrganisation,
  ) {}

  @Get()
  @Allow('organisation:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: pageQuery }) page: PageRequest,
  ): Promise<Page<OrganisationView>> {
    const id = And(In(await this.tenancy.organisationIds(caller)), MoreThan(idAfter(page)));
    const rows = await this.database.manager.find(Organisation, {
      where: { id },
      order: { id: 'ASC' },
      take: page.limit + 1,
    });
    return pageById(rows, page, organisationView);
  }

  @Get(':organisation')
  @Allow('organisation:read')
  async one(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
  ): Promise<OrganisationView> {
    return organisationView(await this.tenancy.organisationOf(caller, organisation));
  }

  @Post()
  @Allow('organisation:write')
  async add(
    @CurrentCaller() caller: Caller,
    @Body({ schema: organisationRequest }) { parent, ...given }: OrganisationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<OrganisationView> {
    const above = await this.tenancy.organisationOf(caller, parent ?? caller.organisationId);
    const organisation = await this.addOrganisation.run(above.id, given, caller.clientId);
    reply.header('location', `/api/v1/organisations/${organisation.id}`);
    return organisationView(organisation);
  }

  @Patch(':organisation')
  @Allow('organisation:write')
  async change(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: organisationChange }) { email }: { email: string },
  ): Promise<OrganisationView> {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    return organisationView(
      await this.database.transaction((tx) =>
        changeEmail(tx, { organisationId, email, by: caller.clientId }),
      ),
    );
  }
}

export const organisationRoutes: RouteDescription[] = [
  {
    method: 'GET',
    path: '/api/v1/organisations',
    operationId: 'listOrganisations',
    tag: 'Organisations',
    summary: 'The organisations you may act in: your own and those below it.',
    scopes: ['organisation:read'],
    query: pageQuery,
    responses: {
      200: {
        description: 'A page of organisations.',
        schema: pageSchema(organisationSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
  },
  {
    method: 'GET',
    path: '/api/v1/organisations/{organisation}',
    operationId: 'getOrganisation',
    tag: 'Organisations',
    summary: 'One organisation.',
    scopes: ['organisation:read'],
    params: organisationParam,
    responses: { 200: { description: 'The organisation.', schema: organisationSchema } },
    errors: ['organisation_not_found'],
  },
  {
    method: 'POST',
    path: '/api/v1/organisations',
    operationId: 'addOrganisation',
    tag: 'Organisations',
    summary: 'Adds an organisation below one of yours.',
    description:
      'Programmes have regions and structures, regions have regions and structures; a structure issues badges. ' +
      'The slug is part of the addresses of its badges for ever. The same organisation again is answered, not added.',
    scopes: ['organisation:write'],
    body: {
      schema: organisationRequest,
      example: {
        kind: 'structure',
        slug: 'chantier-modele',
        legalName: 'Chantier Modèle',
        publicName: 'Atelier Modèle',
      },
    },
    responses: {
      201: {
        description: 'The organisation.',
        schema: organisationSchema,
        headers: { Location: 'Where it is.' },
      },
    },
    errors: ['organisation_not_found', 'organisation_refused', 'organisation_slug_taken'],
  },
  {
    method: 'PATCH',
    path: '/api/v1/organisations/{organisation}',
    operationId: 'changeOrganisation',
    tag: 'Organisations',
    summary: 'Gives an organisation its public e-mail address, or another one.',
    description:
      'From then on each of its badges has Open Badges 2.0 forms, those issued before too. No signed document holds ' +
      'the address: a new one reaches every badge at once, and nothing is signed again. It cannot be taken away, ' +
      'because badges that were handed out in that version could no longer be checked.',
    scopes: ['organisation:write'],
    params: organisationParam,
    body: { schema: organisationChange, example: { email: 'contact@example.org' } },
    responses: { 200: { description: 'The organisation.', schema: organisationSchema } },
    errors: ['organisation_not_found', 'organisation_refused'],
  },
];
