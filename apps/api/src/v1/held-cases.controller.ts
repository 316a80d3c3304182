import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AwardCampaign } from '#badges';
import {
  type HeldCaseDecision,
  HeldCaseNotFound,
  type HeldCaseView,
  listHeldCases,
  ResolveHeldCase,
} from '#workshops';
import { jsonSchema, querySchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { plannedAwardsSchema, plannedAwardsView } from './planned-awards.js';
import {
  idSchema,
  instantSchema,
  isUuid,
  listOf,
  objectOf,
  oneOf,
  organisationParam,
  orNull,
  titled,
} from './schemas.js';

const list = (items: object) => ({ type: 'array', items });
const text = { type: 'string' } as const;
const states = ['open', 'resolved'] as const;

interface StateQuery {
  state?: (typeof states)[number];
}
const stateQuery = querySchema<StateQuery>(
  objectOf({ state: { ...oneOf(states), description: 'All of them when left out.' } }, ['state']),
);

const decisionRequest = jsonSchema<HeldCaseDecision>(
  titled(
    'HeldCaseDecision',
    objectOf(
      {
        decision: oneOf(['same_person', 'different_people', 'discard']),
        keepRow: {
          type: 'integer',
          minimum: 1,
          description: 'The row that is right, where rows of one person and session differ.',
        },
      },
      ['keepRow'],
    ),
  ),
);

const heldCaseSchema = titled(
  'HeldCase',
  objectOf({
    id: idSchema,
    kind: oneOf(['probable_duplicate', 'contradiction', 'contradicts_record']),
    state: oneOf(states),
    sessions: list(text),
    people: {
      ...list(objectOf({ name: text, birthYear: orNull({ type: 'integer' }), known: { type: 'boolean' } })),
      description: 'Who the rows may be about; the first stays when all are one.',
    },
    rows: list(
      objectOf({
        row: { type: 'integer' },
        person: { type: 'integer', description: 'Place in `people`, from 0; -1 when not told.' },
        session: text,
        status: text,
        assessments: list(objectOf({ target: text, outcome: text, assessor: text })),
      }),
    ),
    createdAt: instantSchema,
    resolvedAt: orNull(instantSchema),
    resolution: { type: ['object', 'null'] },
  }),
);

const heldCaseView = ({ detail, ...one }: HeldCaseView) => ({
  id: one.id,
  kind: one.kind,
  state: one.state,
  sessions: detail.sessionCodes,
  people: detail.people.map(({ name, birthYear, known }) => ({ name, birthYear, known })),
  rows: detail.rows.map(({ row, person, sessionCode, status, assessments }) => ({
    row,
    person: detail.people.findIndex(({ ref }) => ref === person),
    session: sessionCode,
    status,
    assessments: assessments.map(({ targetCode, outcome, assessorName }) => ({
      target: targetCode,
      outcome,
      assessor: assessorName,
    })),
  })),
  createdAt: one.createdAt,
  resolvedAt: one.resolvedAt,
  resolution: one.resolution,
});

/** Rows of campaign files that only a human can decide on. */
@Controller('api/v1/organisations/:organisation/held-cases')
export class HeldCasesController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly resolveHeldCase: ResolveHeldCase,
    private readonly awardCampaign: AwardCampaign,
  ) {}

  @Get()
  @Allow('import:write')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: stateQuery }) { state }: StateQuery,
  ) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    return { items: (await listHeldCases(this.database.manager, id, state)).map(heldCaseView) };
  }

  @Post(':id/resolution')
  @HttpCode(200)
  @Allow('import:write')
  async resolve(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('id') caseId: string,
    @Body({ schema: decisionRequest }) decision: HeldCaseDecision,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    if (!isUuid(caseId)) throw new HeldCaseNotFound(caseId);
    const { recorded, awards } = await this.awardCampaign.record(organisationId, (onFacts) =>
      this.resolveHeldCase.run({ organisationId, caseId, by: caller.clientId, ...decision }, onFacts),
    );
    return {
      personIds: recorded.personIds,
      sessionIds: recorded.sessionIds,
      awards: plannedAwardsView(awards),
    };
  }
}

const common = { tag: 'Campaigns', scopes: ['import:write'] } satisfies Partial<RouteDescription>;

export const heldCaseRoutes: RouteDescription[] = [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/held-cases',
    operationId: 'listHeldCases',
    summary: 'Rows that wait for a human: probable duplicates and contradictions.',
    params: organisationParam,
    query: stateQuery,
    responses: { 200: { description: 'The cases, oldest first.', schema: listOf(heldCaseSchema) } },
    errors: ['organisation_not_found'],
  },
  {
    ...common,
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/held-cases/{id}/resolution',
    operationId: 'resolveHeldCase',
    summary: 'Decides a held case, records its rows and plans the awards they earn.',
    description:
      '`same_person`: everybody of the case is the first one. `different_people`: each is somebody. `discard`: the ' +
      'rows are dropped, the only decision while their session is withdrawn (session_withdrawn).',
    params: { ...organisationParam, id: 'Id of the case.' },
    body: { schema: decisionRequest, example: { decision: 'same_person', keepRow: 29 } },
    responses: {
      200: {
        description: 'Who got facts, and the awards planned.',
        schema: objectOf({
          personIds: list(idSchema),
          sessionIds: list(idSchema),
          awards: plannedAwardsSchema,
        }),
      },
    },
    errors: [
      'organisation_not_found',
      'held_case_not_found',
      'held_case_already_resolved',
      'held_case_needs_row',
      'held_case_decision_refused',
      'session_withdrawn',
      'campaign_not_ready',
    ],
  },
];
