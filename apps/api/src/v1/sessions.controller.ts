import { Body, Controller, Get, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AwardCampaign, type RecordedSession, recordedSessions } from '#badges';
import { type NewSession, RecordSession, SessionNotFound } from '#workshops';
import { jsonSchema } from '../http/json-schema.js';
import { type Page, type PageRequest, pageQuery, pageSchema } from '../http/paging.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { idAfter, NextLink, pageById } from './pages.js';
import { plannedAwardsSchema, plannedAwardsView } from './planned-awards.js';
import {
  count,
  daySchema,
  idSchema,
  instantSchema,
  isUuid,
  line,
  objectOf,
  oneOf,
  organisationParam,
  orNull,
  titled,
  withdrawalModeSchema,
} from './schemas.js';

type SessionRequest = Omit<NewSession, 'organisationId' | 'staff' | 'anonymous' | 'assessments'> &
  Partial<Pick<NewSession, 'staff' | 'anonymous' | 'assessments'>>;

const many = (maxItems: number, items: object) => ({ type: 'array', maxItems, items });
const assessmentOf = (target: Record<string, object>) =>
  objectOf({
    personId: idSchema,
    ...target,
    outcome: oneOf(['acquired', 'almost', 'not_yet', 'not_assessed']),
    assessorPersonId: idSchema,
  });

export type SessionFacts = Pick<NewSession, 'attendances' | 'assessments'>;
export const sessionFactsProperties = {
  attendances: many(500, objectOf({ personId: idSchema, status: oneOf(['present', 'absent', 'excused']) })),
  assessments: many(2_000, {
    anyOf: [assessmentOf({ criterion: line(60) }), assessmentOf({ competency: line(60) })],
  }),
};

const sessionRequest = jsonSchema<SessionRequest>(
  titled(
    'NewSession',
    objectOf(
      {
        code: { ...line(40), description: 'Your number of the session.' },
        workshop: { ...line(40), description: 'Code of a workshop that the organisation may give.' },
        heldOn: daySchema,
        time: {
          type: 'string',
          pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
          description: 'HH:MM in Europe/Paris.',
        },
        durationMinutes: { type: 'integer', minimum: 1, maximum: 1_440 },
        place: line(200),
        staff: many(20, objectOf({ personId: idSchema, role: oneOf(['lead', 'co_animator', 'observer']) })),
        attendances: sessionFactsProperties.attendances,
        anonymous: { ...count, maximum: 500, description: 'Walk-ins without a name.' },
        assessments: sessionFactsProperties.assessments,
      },
      ['time', 'durationMinutes', 'place', 'staff', 'anonymous', 'assessments'],
    ),
  ),
);

const sessionSchema = titled(
  'Session',
  objectOf({
    id: idSchema,
    code: { type: 'string' },
    workshop: { type: 'string' },
    workshopVersion: { type: 'integer' },
    heldOn: daySchema,
    startsAt: orNull(instantSchema),
    durationMinutes: { type: 'integer' },
    place: orNull({ type: 'string' }),
    state: oneOf(['open', 'finalised']),
    present: { ...count, description: 'As recorded, also while the session is withdrawn.' },
    assessed: { ...count, description: 'People with at least one assessment.' },
    withdrawn: {
      anyOf: [objectOf({ at: instantSchema, mode: withdrawalModeSchema }), { type: 'null' }],
      description: 'Since when nothing of it counts, and how it was taken back; null while it counts.',
    },
  }),
);

const sessionView = ({ withdrawn, ...one }: RecordedSession) => ({
  id: one.id,
  code: one.code,
  workshop: one.workshop,
  workshopVersion: one.workshopVersion,
  heldOn: one.heldOn,
  startsAt: one.startsAt,
  durationMinutes: one.durationMinutes,
  place: one.place,
  state: one.state,
  present: one.present,
  assessed: one.assessed,
  withdrawn: withdrawn && { at: withdrawn.at, mode: withdrawn.mode },
});
type SessionView = ReturnType<typeof sessionView>;

/** The sessions of an organisation, and recording one without a campaign file. */
@Controller('api/v1/organisations/:organisation/sessions')
@UseInterceptors(NextLink)
export class SessionsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly recordSession: RecordSession,
    private readonly awardCampaign: AwardCampaign,
  ) {}

  @Get()
  @Allow('workshop:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: pageQuery }) page: PageRequest,
  ): Promise<Page<SessionView>> {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    const request = { after: idAfter(page), limit: page.limit + 1 };
    return pageById(await recordedSessions(this.database.manager, id, request), page, sessionView);
  }

  @Get(':session')
  @Allow('workshop:read')
  async one(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('session') sessionId: string,
  ): Promise<SessionView> {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    if (!isUuid(sessionId)) throw new SessionNotFound(sessionId);
    const request = { id: sessionId, limit: 1 };
    const [session] = await recordedSessions(this.database.manager, id, request);
    if (!session) throw new SessionNotFound(sessionId);
    return sessionView(session);
  }

  @Post()
  @Allow('workshop:write')
  async record(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: sessionRequest }) body: SessionRequest,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const session = { organisationId, staff: [], anonymous: 0, assessments: [], ...body };
    const { recorded, awards } = await this.awardCampaign.record(organisationId, (onFacts) =>
      this.recordSession.run(session, onFacts),
    );
    return { id: recorded.sessionId, code: recorded.code, awards: plannedAwardsView(awards) };
  }
}

const person = '01997b2c-7a00-7000-8000-000000000001';
const assessor = '01997b2c-7a00-7000-8000-000000000002';
const common = {
  path: '/api/v1/organisations/{organisation}/sessions',
  tag: 'Workshops',
  params: organisationParam,
} satisfies Partial<RouteDescription>;

export const sessionRoutes: RouteDescription[] = [
  {
    ...common,
    method: 'GET',
    operationId: 'listSessions',
    summary: 'The sessions of an organisation, as they were recorded.',
    scopes: ['workshop:read'],
    query: pageQuery,
    responses: {
      200: {
        description: 'A page of sessions.',
        schema: pageSchema(sessionSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
    errors: ['organisation_not_found'],
  },
  {
    ...common,
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/sessions/{session}',
    operationId: 'getSession',
    summary: 'One session, as it was recorded, and whether it counts.',
    scopes: ['workshop:read'],
    params: { ...organisationParam, session: 'Id of a session.' },
    responses: { 200: { description: 'The session.', schema: sessionSchema } },
    errors: ['organisation_not_found', 'session_not_found'],
  },
  {
    ...common,
    method: 'POST',
    operationId: 'recordSession',
    summary: 'Records a session with its attendances and assessments, and plans the awards they earn.',
    description:
      'Everything is recorded, or nothing. Who is assessed was present; the assessor is a person of the ' +
      'organisation and never the learner. Without the mandate of an assessor on that day the awards wait.',
    scopes: ['workshop:write'],
    body: {
      schema: sessionRequest,
      example: {
        code: 'S12',
        workshop: 'CE-1',
        heldOn: '2026-10-05',
        time: '09:30',
        staff: [{ personId: assessor, role: 'lead' }],
        attendances: [{ personId: person, status: 'present' }],
        assessments: [
          { personId: person, competency: '5.2', outcome: 'acquired', assessorPersonId: assessor },
        ],
      },
    },
    responses: {
      201: {
        description: 'The session, and the awards planned.',
        schema: objectOf({ id: idSchema, code: { type: 'string' }, awards: plannedAwardsSchema }),
      },
    },
    errors: ['organisation_not_found', 'session_refused', 'session_code_taken', 'campaign_not_ready'],
  },
];
