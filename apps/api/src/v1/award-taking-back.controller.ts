import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { type BadgeReplacement, ReplaceBadge, RevokeBadges, reasonsFor, type StatusReason } from '#badges';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { jsonSchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import type { RouteDescription } from '../openapi/route.js';
import { AwardAccess } from './award-access.js';
import { daySchema, digestSchema, line, objectOf, oneOf, orNull, titled } from './schemas.js';
import {
  analysedReason,
  reasonProperties,
  reasonQuery,
  reasonView,
  revocationAnalysisSchema,
  revocationView,
  takingBackProperties,
  takingBackView,
} from './taking-back-view.js';

interface Fault {
  givenName?: string;
  familyName?: string;
  heldOn?: string;
}

const faultProperties = {
  givenName: { ...line(100), description: 'How the name is spelt; every badge of the person is replaced.' },
  familyName: line(100),
  heldOn: {
    ...daySchema,
    description: 'The day the session was held; every badge that stands on it is replaced.',
  },
};
const faultNames = Object.keys(faultProperties);
const revocationQuery = reasonQuery('revoke');
const replacementAnalysis = jsonSchema<Fault & { reason?: StatusReason }>(
  titled(
    'BadgeFault',
    objectOf({ ...faultProperties, reason: analysedReason('replace') }, [...faultNames, 'reason']),
  ),
);
const replacementRequest = jsonSchema<Fault & { expectedDigest: string; reason: StatusReason }>(
  titled(
    'ReplacementRequest',
    objectOf(
      {
        ...faultProperties,
        expectedDigest: digestSchema,
        reason: {
          ...oneOf(reasonsFor.replace),
          description: 'What the page of the old badge says of it.',
        },
      },
      faultNames,
    ),
  ),
);

const replacementSchema = titled(
  'Replacement',
  objectOf({
    ...takingBackProperties,
    ...reasonProperties,
    replacedBy: {
      ...orNull({ type: 'string' }),
      description: 'Public id of the badge in its place; null before it is replaced.',
    },
  }),
);

const replacementView = (told: BadgeReplacement) => ({
  ...takingBackView(told),
  ...reasonView(told),
  replacedBy: told.replacedBy,
});

/** Single badges taken back: what would fall with one, and a corrected one in the place of a wrong one. */
@Controller('api/v1/awards/:id')
export class AwardTakingBackController {
  constructor(
    private readonly access: AwardAccess,
    private readonly revocations: RevokeBadges,
    private readonly replacements: ReplaceBadge,
  ) {}

  @Post('revocation-analyses')
  @HttpCode(200)
  @WritesNothing('undoes')
  @Allow('award:revoke')
  async analyseRevocation(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Query({ schema: revocationQuery }) { reason }: { reason?: StatusReason },
  ) {
    const { id, organisationId } = await this.access.awardOf(caller, awardId);
    const credentialIds = await this.access.standingCredentials(id);
    const by = `client:${caller.clientId}`;
    return revocationView(
      await this.revocations.analyse({ organisationId, credentialIds, reasonClass: reason, by }),
    );
  }

  @Post('replacement-analyses')
  @HttpCode(200)
  @WritesNothing('undoes')
  @Allow('award:revoke')
  async analyseReplacement(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: replacementAnalysis }) { reason, ...fault }: Fault & { reason?: StatusReason },
  ) {
    const badge = await this.badgeOf(caller, awardId, fault);
    return replacementView(await this.replacements.analyse({ ...badge, reasonClass: reason }));
  }

  @Post('replacements')
  @HttpCode(200)
  @Allow('award:revoke')
  async replace(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: replacementRequest })
    { expectedDigest, reason, ...fault }: Fault & { expectedDigest: string; reason: StatusReason },
  ) {
    const badge = await this.badgeOf(caller, awardId, fault);
    return replacementView(await this.replacements.run({ ...badge, expectedDigest, reasonClass: reason }));
  }

  private async badgeOf(caller: Caller, awardId: string, fault: Fault) {
    const { id, organisationId } = await this.access.awardOf(caller, awardId);
    const { publicId } = await this.access.currentCredential(id);
    return { organisationId, publicId, fault, by: `client:${caller.clientId}` };
  }
}

const common = {
  method: 'POST',
  tag: 'Taking back',
  scopes: ['award:revoke'],
  params: { id: 'Id of the award.' },
} satisfies Partial<RouteDescription>;
const errors = ['award_not_found', 'award_not_issued'];
const replacementErrors = [
  ...errors,
  'credential_revoked',
  'credential_suspended',
  'badge_not_carried',
  'badge_without_session',
  'person_name_taken',
  'person_refused',
  'session_refused',
];

export const awardTakingBackRoutes: RouteDescription[] = [
  {
    ...common,
    path: '/api/v1/awards/{id}/revocation-analyses',
    operationId: 'analyseRevocation',
    summary: 'Tells whether its learner shows it, and which badges would fall with it; writes nothing.',
    description: 'Badges fall with this one when they stand on it, such as the badge of a pathway.',
    query: revocationQuery,
    responses: { 200: { description: 'What would happen.', schema: revocationAnalysisSchema } },
    errors,
  },
  {
    ...common,
    path: '/api/v1/awards/{id}/replacement-analyses',
    operationId: 'analyseReplacement',
    summary: 'Tells which badges a corrected name or day would replace; writes nothing.',
    description: 'With nothing to correct, the badge alone is issued anew from what is recorded now.',
    body: { schema: replacementAnalysis, example: { familyName: 'MODÈLE' } },
    responses: { 200: { description: 'What would happen.', schema: replacementSchema } },
    errors: replacementErrors,
  },
  {
    ...common,
    path: '/api/v1/awards/{id}/replacements',
    operationId: 'replaceBadge',
    summary: 'Issues a corrected badge in the place of this one, exactly as told.',
    description:
      'A badge that somebody has seen stays known as replaced, with its bit set in the status list; its successor is ' +
      'shown in the same way. Again changes nothing and names the successor.',
    body: {
      schema: replacementRequest,
      example: { familyName: 'MODÈLE', expectedDigest: '0'.repeat(64), reason: 'issued_in_error' },
    },
    responses: { 200: { description: 'What was done.', schema: replacementSchema } },
    errors: [...replacementErrors, 'analysis_changed'],
  },
];
