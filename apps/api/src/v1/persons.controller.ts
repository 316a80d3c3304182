import { Body, Controller, Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { badgesOfPerson } from '#badges';
import { Person } from '#people';
import type { Language } from '#platform';
import { mostOnSheet } from '../documents/badge-documents.js';
import { jsonSchema, querySchema } from '../http/json-schema.js';
import { type Page, type PageRequest, pageQuery, pageSchema } from '../http/paging.js';
import { HttpRefusal } from '../http/problem.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { idAfter, NextLink, pageById } from './pages.js';
import { AddPerson } from './persons.js';
import { idSchema, isUuid, line, objectOf, oneOf, organisationParam, orNull, titled } from './schemas.js';

interface PersonRequest {
  givenName: string;
  familyName: string;
  birthYear: number | null;
  phone?: string;
  email?: string;
  distinctFrom?: string[];
}

const personRequest = jsonSchema<PersonRequest>(
  titled(
    'NewPerson',
    objectOf(
      {
        givenName: line(100),
        familyName: line(100),
        birthYear: {
          type: ['integer', 'null'],
          minimum: 1890,
          maximum: 2200,
          description: 'Null for staff only: it keeps homonyms apart.',
        },
        phone: line(40),
        email: line(254),
        distinctFrom: {
          type: 'array',
          maxItems: 100,
          items: idSchema,
          description: 'People who look alike and are others, as a human has said.',
        },
      },
      ['phone', 'email', 'distinctFrom'],
    ),
  ),
);

const personSchema = titled(
  'Person',
  objectOf({
    id: idSchema,
    givenName: { type: 'string' },
    familyName: { type: 'string' },
    birthYear: orNull({ type: 'integer' }),
  }),
);

// Phone, e-mail and language stay inside: no caller needs them to know whose award it reads.
const personView = ({ id, givenName, familyName, birthYear }: Person) => ({
  id,
  givenName,
  familyName,
  birthYear,
});
type PersonView = ReturnType<typeof personView>;

const sheetQuery = querySchema<{ lang: Language }>(
  objectOf({ lang: { ...oneOf(['fr', 'en']), default: 'fr', description: 'Language of the sheet.' } }, [
    'lang',
  ]),
);
const sheetSchema = titled(
  'CvSheet',
  objectOf({
    address: orNull({
      type: 'string',
      description: 'Where the sheet is, as PDF, for whoever has the address; null when no badge goes on it.',
    }),
    badges: { type: 'array', items: objectOf({ award: idSchema, badge: { type: 'string' } }) },
    leftOut: {
      type: 'array',
      description: 'What is not on it, and why.',
      items: objectOf({
        award: idSchema,
        why: oneOf(['not_issued', 'hidden', 'without_name', 'suspended', 'revoked', 'too_many']),
      }),
    },
  }),
);

/** The people of an organisation, by name and birth year alone. */
@Controller('api/v1/organisations/:organisation/persons')
@UseInterceptors(NextLink)
export class PersonsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly addPerson: AddPerson,
    private readonly settings: HttpSettings,
  ) {}

  @Get()
  @Allow('award:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: pageQuery }) page: PageRequest,
  ): Promise<Page<PersonView>> {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const rows = await this.database.manager.find(Person, {
      where: { organisationId, id: MoreThan(idAfter(page)) },
      order: { id: 'ASC' },
      take: page.limit + 1,
    });
    return pageById(rows, page, personView);
  }

  @Post()
  @Allow('workshop:write')
  async add(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: personRequest }) { distinctFrom = [], ...given }: PersonRequest,
  ): Promise<PersonView> {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    return personView(await this.addPerson.run({ organisationId, ...given }, distinctFrom));
  }

  @Get(':person/cv-sheet')
  @Allow('award:read')
  async sheet(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('person') personId: string,
    @Query({ schema: sheetQuery }) { lang }: { lang: Language },
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    if (
      !isUuid(personId) ||
      !(await this.database.manager.existsBy(Person, { id: personId, organisationId }))
    )
      throw new HttpRefusal(404, 'person_unknown', 'No such person in this organisation');
    const all = await badgesOfPerson(this.database.manager, { organisationId, personId });
    const fit = all.filter(({ leftOut }) => leftOut === null);
    const chosen = fit.slice(-mostOnSheet);
    const tooMany = fit.slice(0, -mostOnSheet);
    const ids = chosen.map(({ publicId }) => publicId!);
    return {
      address:
        ids.length === 0 ? null : `${this.settings.origin}/cv.pdf?badges=${ids.join(',')}&lang=${lang}`,
      badges: chosen.map(({ awardId, publicId }) => ({ award: awardId, badge: publicId! })),
      leftOut: [
        ...all.flatMap(({ awardId, leftOut }) => (leftOut ? [{ award: awardId, why: leftOut }] : [])),
        ...tooMany.map(({ awardId }) => ({ award: awardId, why: 'too_many' as const })),
      ],
    };
  }
}

export const personRoutes: RouteDescription[] = [
  {
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/persons',
    operationId: 'listPersons',
    tag: 'People',
    summary: 'The people whose awards you may read, by name and birth year.',
    scopes: ['award:read'],
    params: organisationParam,
    query: pageQuery,
    responses: {
      200: {
        description: 'A page of people.',
        schema: pageSchema(personSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
    errors: ['organisation_not_found'],
  },
  {
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/persons',
    operationId: 'addPerson',
    tag: 'People',
    summary: 'Adds a person, or answers the one with the same name and birth year.',
    description:
      'Somebody who looks like one or more known people (two of: name, first name, phone, e-mail) is refused with ' +
      'their ids; when a human has said that they are others, name them in `distinctFrom`.',
    scopes: ['workshop:write'],
    params: organisationParam,
    body: {
      schema: personRequest,
      example: { givenName: 'Camille', familyName: 'MODÈLE', birthYear: 1984 },
    },
    responses: { 201: { description: 'The person.', schema: personSchema } },
    errors: ['organisation_not_found', 'person_refused', 'person_probable_duplicate'],
  },
  {
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/persons/{person}/cv-sheet',
    operationId: 'getCvSheet',
    tag: 'People',
    summary: 'The sheet for a CV of one person: its address, what is on it, and what is not.',
    description:
      'On it are the badges that count and that the person shows with their name, the newest 30, oldest first. Making ' +
      'the sheet shows nothing that is not shown already.',
    scopes: ['award:read'],
    params: { ...organisationParam, person: 'Id of a person of that organisation.' },
    query: sheetQuery,
    responses: { 200: { description: 'The sheet.', schema: sheetSchema } },
    errors: ['organisation_not_found', 'person_unknown'],
  },
];
