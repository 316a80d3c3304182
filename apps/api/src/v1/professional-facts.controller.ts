import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AwardCampaign } from '#badges';
import { Clock, dateIn } from '#platform';
import { type ProfessionalFactKind, professionalFactKinds, recordProfessionalFact } from '#workshops';
import { jsonSchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { assertPersons } from './persons.js';
import { plannedAwardsSchema, plannedAwardsView } from './planned-awards.js';
import { daySchema, idSchema, objectOf, oneOf, organisationParam, titled } from './schemas.js';

interface FactRequest {
  personId: string;
  kind: ProfessionalFactKind;
  occurredOn: string;
  recordedByPersonId: string;
}

const factRequest = jsonSchema<FactRequest>(
  titled(
    'NewProfessionalFact',
    objectOf({
      personId: idSchema,
      kind: oneOf(professionalFactKinds),
      occurredOn: daySchema,
      recordedByPersonId: idSchema,
    }),
  ),
);

/** Trainings and observations that the badges of animators and professionals rest on. */
@Controller('api/v1/organisations/:organisation/professional-facts')
export class ProfessionalFactsController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly awardCampaign: AwardCampaign,
  ) {}

  @Post()
  @HttpCode(200)
  @Allow('workshop:write')
  async record(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: factRequest }) fact: FactRequest,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const { awards } = await this.awardCampaign.record(organisationId, (onFacts) =>
      this.database.transaction(async (tx) => {
        await assertPersons(tx, organisationId, [fact.personId, fact.recordedByPersonId]);
        await recordProfessionalFact(tx, { organisationId, ...fact }, dateIn(this.clock.now()));
        await onFacts(tx, { personIds: [fact.personId], sessionIds: [] });
      }),
    );
    return { awards: plannedAwardsView(awards) };
  }
}

export const professionalFactRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/professional-facts',
    operationId: 'recordProfessionalFact',
    tag: 'Workshops',
    summary: 'Records that a person was trained or observed, and plans the awards it earns.',
    description: 'The same fact again changes nothing. Nobody records a fact about himself.',
    scopes: ['workshop:write'],
    params: organisationParam,
    body: {
      schema: factRequest,
      example: {
        personId: '01997b2c-7a00-7000-8000-000000000001',
        kind: 'animator-training',
        occurredOn: '2026-09-15',
        recordedByPersonId: '01997b2c-7a00-7000-8000-000000000002',
      },
    },
    responses: {
      200: { description: 'The awards planned.', schema: objectOf({ awards: plannedAwardsSchema }) },
    },
    errors: ['organisation_not_found', 'person_not_found', 'professional_fact_refused'],
  },
];
