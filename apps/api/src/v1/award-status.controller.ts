import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  BadgeReader,
  ChangeStatus,
  RevokeBadges,
  reasonsFor,
  type StatusReason,
  statusReasonCodes,
  statusReasons,
} from '#badges';
import { jsonSchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import type { RouteDescription } from '../openapi/route.js';
import { AwardAccess } from './award-access.js';
import {
  count,
  digestSchema,
  instantSchema,
  objectOf,
  oneOf,
  orNull,
  textSchema,
  titled,
} from './schemas.js';

interface ChangeRequest {
  reason: StatusReason;
  expectedVersion?: number;
}

const changeProperties = (act: 'revoke' | 'suspend' | 'reinstate') => ({
  reason: {
    ...oneOf(reasonsFor[act]),
    description: 'A neutral class that fits the act. Strangers see it, and nothing else.',
  },
  expectedVersion: {
    ...count,
    description: 'The version that was read before deciding: when it is another one now, nothing changes.',
  },
});
const suspensionRequest = jsonSchema<ChangeRequest>(
  titled('SuspensionRequest', objectOf(changeProperties('suspend'), ['expectedVersion'])),
);
const reinstatementRequest = jsonSchema<ChangeRequest>(
  titled('ReinstatementRequest', objectOf(changeProperties('reinstate'), ['expectedVersion'])),
);
const revocationRequest = jsonSchema<ChangeRequest & { expectedDigest?: string }>(
  titled(
    'RevocationRequest',
    objectOf(
      {
        ...changeProperties('revoke'),
        expectedDigest: {
          ...digestSchema,
          description:
            'Of a revocation analysis, without a reason or with this one: needed when other badges fall with this one.',
        },
      },
      ['expectedVersion', 'expectedDigest'],
    ),
  ),
);

const textSchemaOfId = { type: 'string' } as const;
const reasonSchema = orNull(oneOf(statusReasonCodes));
const stateSchema = oneOf(['active', 'suspended', 'revoked']);

const statusSchema = titled(
  'AwardStatus',
  objectOf({
    state: { ...stateSchema, description: 'Revoked stays revoked; a suspension can be lifted.' },
    since: { ...orNull(instantSchema), description: 'Since when it is suspended or revoked.' },
    reason: { ...reasonSchema, enum: [...statusReasonCodes, null] },
    reasonText: { anyOf: [textSchema, { type: 'null' }], description: 'What the public page says of it.' },
    version: { ...count, description: 'Number of changes so far.' },
    isListed: { type: 'boolean', description: 'The signed list that verifiers read tells it.' },
    replacedBy: {
      ...orNull(textSchemaOfId),
      description: 'Public id of the badge that stands in its place.',
    },
    history: {
      type: 'array',
      description: 'Every change, oldest first.',
      items: objectOf({
        change: oneOf(['revoke', 'suspend', 'reinstate', 'supersede']),
        from: stateSchema,
        to: stateSchema,
        reason: oneOf(statusReasonCodes),
        by: {
          type: 'string',
          description:
            'Who did it, as an id: client:…, cli (the command line), cli: and the code given to it.',
        },
        at: instantSchema,
        version: count,
      }),
    },
  }),
);

/** The status of an award's badge: who took it back, when and why. */
@Controller('api/v1/awards/:id')
export class AwardStatusController {
  constructor(
    private readonly access: AwardAccess,
    private readonly badges: BadgeReader,
    private readonly changeStatus: ChangeStatus,
    private readonly revocations: RevokeBadges,
  ) {}

  @Get('status')
  @Allow('award:read')
  async status(@CurrentCaller() caller: Caller, @Param('id') awardId: string) {
    const { id } = await this.access.awardOf(caller, awardId);
    return this.view(id);
  }

  @Post('revocation')
  @HttpCode(200)
  @Allow('award:revoke')
  async revoke(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: revocationRequest })
    { reason, ...body }: ChangeRequest & { expectedDigest?: string },
  ) {
    const { id, organisationId } = await this.access.awardOf(caller, awardId);
    const credentialIds = await this.access.standingCredentials(id);
    const by = `client:${caller.clientId}`;
    await this.revocations.run({ organisationId, credentialIds, reasonClass: reason, by, ...body });
    return this.view(id);
  }

  @Post('suspension')
  @HttpCode(200)
  @Allow('award:revoke')
  suspend(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: suspensionRequest }) body: ChangeRequest,
  ) {
    return this.change(caller, awardId, 'suspend', body);
  }

  @Post('reinstatement')
  @HttpCode(200)
  @Allow('award:revoke')
  reinstate(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: reinstatementRequest }) body: ChangeRequest,
  ) {
    return this.change(caller, awardId, 'reinstate', body);
  }

  private async change(
    caller: Caller,
    awardId: string,
    change: 'suspend' | 'reinstate',
    { reason, expectedVersion }: ChangeRequest,
  ) {
    const { id, organisationId } = await this.access.awardOf(caller, awardId);
    await this.changeStatus.run({
      organisationId,
      credentialIds: await this.access.standingCredentials(id),
      change,
      reasonClass: reason,
      by: `client:${caller.clientId}`,
      expectedVersion,
    });
    return this.view(id);
  }

  private async view(awardId: string) {
    const current = await this.access.currentCredential(awardId);
    const { changes } = await this.badges.statusHistory(awardId);
    return {
      state: current.status,
      since: current.since,
      reason: current.reason,
      reasonText: current.reason && statusReasons[current.reason],
      version: current.version,
      isListed: current.isListed,
      replacedBy: current.replacedBy,
      history: changes.map((one) => ({
        change: one.change,
        from: one.fromState,
        to: one.toState,
        reason: one.reason,
        by: one.by,
        at: one.changedAt,
        version: one.version,
      })),
    };
  }
}

const common = {
  tag: 'Awards',
  params: { id: 'Id of the award.' },
  responses: { 200: { description: 'The status, with its history.', schema: statusSchema } },
} satisfies Partial<RouteDescription>;
const change = {
  ...common,
  method: 'POST',
  scopes: ['award:revoke'],
  errors: ['award_not_found', 'award_not_issued', 'credential_revoked', 'status_changed_meanwhile'],
} satisfies Partial<RouteDescription>;

export const awardStatusRoutes: RouteDescription[] = [
  {
    ...common,
    method: 'GET',
    path: '/api/v1/awards/{id}/status',
    operationId: 'getAwardStatus',
    summary: 'Whether the badge stands, and every change of that with who made it.',
    scopes: ['award:read'],
    errors: ['award_not_found', 'award_not_issued'],
  },
  {
    ...change,
    path: '/api/v1/awards/{id}/revocation',
    operationId: 'revokeAward',
    summary: 'Takes the badge back for good.',
    description:
      'Possible from the moment the award is planned: what is not signed yet never is. The public page tells it at ' +
      'the next look, the signed status list within a minute. Again changes nothing, not the reason either. The same ' +
      'sessions never give it again, whatever the reason: to have it earned anew, correct their register instead. When ' +
      'other badges stand on it, nothing is done until they were looked at (revocation-analyses) and their digest is ' +
      'confirmed.',
    body: { schema: revocationRequest, example: { reason: 'issued_in_error' } },
    errors: [...change.errors, 'others_would_fall', 'analysis_changed'],
  },
  {
    ...change,
    path: '/api/v1/awards/{id}/suspension',
    operationId: 'suspendAward',
    summary: 'Takes the badge back for now.',
    description:
      'Other verifiers read the same bit as for a revocation; our page and this API tell them apart. Again changes ' +
      'nothing.',
    body: { schema: suspensionRequest, example: { reason: 'under_review', expectedVersion: 0 } },
  },
  {
    ...change,
    path: '/api/v1/awards/{id}/reinstatement',
    operationId: 'reinstateAward',
    summary: 'Lifts a suspension.',
    body: { schema: reinstatementRequest, example: { reason: 'review_closed' } },
    errors: [...change.errors, 'credential_not_suspended'],
  },
];
