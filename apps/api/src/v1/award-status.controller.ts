import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  BadgeReader,
  ChangeStatus,
  type StatusChangeKind,
  type StatusReason,
  statusReasonCodes,
  statusReasons,
} from '#badges';
import { jsonSchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import type { RouteDescription } from '../openapi/route.js';
import { AwardAccess, AwardNotIssued } from './award-access.js';
import { count, instantSchema, objectOf, oneOf, orNull, textSchema, titled } from './schemas.js';

interface ChangeRequest {
  reason: StatusReason;
  expectedVersion?: number;
}

const changeRequest = jsonSchema<ChangeRequest>(
  titled(
    'StatusChangeRequest',
    objectOf(
      {
        reason: {
          ...oneOf(statusReasonCodes),
          description: 'A neutral class. Strangers see it, and nothing else.',
        },
        expectedVersion: {
          ...count,
          description:
            'The version that was read before deciding: when it is another one now, nothing changes.',
        },
      },
      ['expectedVersion'],
    ),
  ),
);

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
    history: {
      type: 'array',
      description: 'Every change, oldest first.',
      items: objectOf({
        change: oneOf(['revoke', 'suspend', 'reinstate', 'supersede']),
        from: stateSchema,
        to: stateSchema,
        reason: oneOf(statusReasonCodes),
        by: { type: 'string', description: 'Who did it, as an id.' },
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
  revoke(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: changeRequest }) body: ChangeRequest,
  ) {
    return this.change(caller, awardId, 'revoke', body);
  }

  @Post('suspension')
  @HttpCode(200)
  @Allow('award:revoke')
  suspend(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: changeRequest }) body: ChangeRequest,
  ) {
    return this.change(caller, awardId, 'suspend', body);
  }

  @Post('reinstatement')
  @HttpCode(200)
  @Allow('award:revoke')
  reinstate(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: changeRequest }) body: ChangeRequest,
  ) {
    return this.change(caller, awardId, 'reinstate', body);
  }

  private async change(
    caller: Caller,
    awardId: string,
    change: StatusChangeKind,
    { reason, expectedVersion }: ChangeRequest,
  ) {
    const { id, organisationId } = await this.access.awardOf(caller, awardId);
    await this.changeStatus.run({
      organisationId,
      credentialIds: await this.standing(id),
      change,
      reasonClass: reason,
      by: `client:${caller.clientId}`,
      expectedVersion,
    });
    return this.view(id);
  }

  private async view(awardId: string) {
    const current = await this.current(awardId);
    const { changes } = await this.badges.statusHistory(awardId);
    return {
      state: current.status,
      since: current.since,
      reason: current.reason,
      reasonText: current.reason && statusReasons[current.reason],
      version: current.version,
      isListed: current.isListed,
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

  /** The credentials that stand for the award: more than one while it is issued again. */
  private async standing(awardId: string): Promise<string[]> {
    const { credentials } = await this.badges.statusHistory(awardId);
    const standing = credentials.filter(({ state }) => state !== 'void' && state !== 'superseded');
    return standing.length > 0 ? standing.map(({ id }) => id) : [(await this.current(awardId)).id];
  }

  /** The credential that people see, or will see, or the last one there was. */
  private async current(awardId: string) {
    const { credentials } = await this.badges.statusHistory(awardId);
    const current =
      credentials.find(({ state }) => state === 'signed') ??
      credentials.filter(({ state }) => state !== 'void').at(-1) ??
      credentials.at(-1);
    if (!current) throw new AwardNotIssued(awardId);
    return current;
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
      'the next look, the signed status list within a minute. Again changes nothing.',
    body: { schema: changeRequest, example: { reason: 'issued_in_error' } },
  },
  {
    ...change,
    path: '/api/v1/awards/{id}/suspension',
    operationId: 'suspendAward',
    summary: 'Takes the badge back for now.',
    description:
      'Other verifiers read the same bit as for a revocation; our page and this API tell them apart. Again changes ' +
      'nothing.',
    body: { schema: changeRequest, example: { reason: 'under_review', expectedVersion: 0 } },
  },
  {
    ...change,
    path: '/api/v1/awards/{id}/reinstatement',
    operationId: 'reinstateAward',
    summary: 'Lifts a suspension.',
    body: { schema: changeRequest, example: { reason: 'review_closed' } },
    errors: [...change.errors, 'credential_not_suspended'],
  },
];
