import { Controller, Get, Param } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Achievement, achievementUrl, BadgeReader } from '#badges';
import { readProjectJson } from '#platform';
import { type Workshop, workshopsFor } from '#workshops';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import {
  idSchema,
  listOf,
  objectOf,
  oneOf,
  organisationParam,
  orNull,
  textSchema,
  titled,
} from './schemas.js';

const list = (items: object) => ({ type: 'array', items });
const criterion = objectOf({ code: { type: 'string' }, text: textSchema });

const workshopSchema = titled(
  'Workshop',
  objectOf({
    id: idSchema,
    organisationId: { ...idSchema, description: 'The organisation that owns the catalogue.' },
    code: { type: 'string' },
    version: { type: 'integer' },
    title: textSchema,
    aim: textSchema,
    easyText: textSchema,
    durationMinutes: { type: 'integer' },
    maxParticipants: { type: 'integer' },
    criteria: list(criterion),
    alignments: list(
      objectOf({ framework: { type: 'string' }, version: { type: 'string' }, code: { type: 'string' } }, [
        'version',
      ]),
    ),
    lessonUrl: orNull({ type: 'string' }),
  }),
);

const workshopView = (one: Workshop) => ({
  id: one.id,
  organisationId: one.organisationId,
  code: one.code,
  version: one.version,
  title: one.title,
  aim: one.aim,
  easyText: one.easyText,
  durationMinutes: one.durationMinutes,
  maxParticipants: one.maxParticipants,
  criteria: one.criteria.map(({ code, text }) => ({ code, text })),
  alignments: one.alignments.map(({ framework, version, code }) => ({ framework, version, code })),
  lessonUrl: one.lessonUrl,
});

const { properties: ruleProperties, $defs } = readProjectJson<Record<string, Record<string, object>>>(
  'schemas',
  'award-rule.schema.json',
);

const achievementSchema = titled('Achievement', {
  ...objectOf({
    id: idSchema,
    organisationId: { ...idSchema, description: 'The organisation that owns the catalogue.' },
    code: { type: 'string' },
    version: { type: 'integer' },
    kind: oneOf(['workshop', 'pathway', 'peer-animator', 'professional']),
    workshop: orNull({ type: 'string' }),
    name: textSchema,
    description: textSchema,
    easyText: textSchema,
    criteria: list(criterion),
    alignments: list({ type: 'object' }),
    rule: { ...objectOf(ruleProperties!), description: 'When the badge is awarded: every condition holds.' },
    uri: { type: 'string', format: 'uri', description: 'Its public address.' },
  }),
  $defs,
});

const achievementView = (one: Achievement, origin: string) => ({
  id: one.id,
  organisationId: one.organisationId,
  code: one.code,
  version: one.version,
  kind: one.kind,
  workshop: one.workshopCode,
  name: one.name,
  description: one.description,
  easyText: one.easyText,
  criteria: one.criteria.map(({ code, text }) => ({ code, text })),
  alignments: one.alignments,
  rule: one.rule,
  uri: achievementUrl(origin, one.publicId),
});

/** What an organisation may give: workshops and the badges they lead to, newest versions. */
@Controller('api/v1/organisations/:organisation')
export class WorkshopsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly badges: BadgeReader,
    private readonly settings: HttpSettings,
  ) {}

  @Get('workshops')
  @Allow('workshop:read')
  async workshops(@CurrentCaller() caller: Caller, @Param('organisation') organisation: string) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    return { items: (await workshopsFor(this.database.manager, id)).map(workshopView) };
  }

  @Get('achievements')
  @Allow('workshop:read')
  async achievements(@CurrentCaller() caller: Caller, @Param('organisation') organisation: string) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    const achievements = await this.badges.catalogueOf(id);
    return { items: achievements.map((one) => achievementView(one, this.settings.origin)) };
  }
}

const common = {
  method: 'GET',
  tag: 'Workshops',
  scopes: ['workshop:read'],
  params: organisationParam,
  errors: ['organisation_not_found'],
} satisfies Partial<RouteDescription>;

export const workshopRoutes: RouteDescription[] = [
  {
    ...common,
    path: '/api/v1/organisations/{organisation}/workshops',
    operationId: 'listWorkshops',
    summary: 'The workshops an organisation may give: its own and those of the organisations above it.',
    responses: { 200: { description: 'The workshops.', schema: listOf(workshopSchema) } },
  },
  {
    ...common,
    path: '/api/v1/organisations/{organisation}/achievements',
    operationId: 'listAchievements',
    summary: 'The badges an organisation may award, each with its rule.',
    responses: { 200: { description: 'The badges.', schema: listOf(achievementSchema) } },
  },
];
