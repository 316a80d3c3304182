import {
  Body,
  Controller,
  HttpCode,
  Param,
  Post,
  Query,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import {
  CorrectRegister,
  type FileCorrection,
  reasonsFor,
  type SessionWithdrawal,
  type StatusReason,
  WithdrawSession,
} from '#badges';
import { SessionNotFound } from '#workshops';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { jsonSchema, querySchema } from '../http/json-schema.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import {
  digestSchema,
  isUuid,
  objectOf,
  oneOf,
  organisationParam,
  titled,
  withdrawalModeSchema,
} from './schemas.js';
import { type SessionFacts, sessionFactsProperties } from './sessions.controller.js';
import {
  reasonProperties,
  reasonQuery,
  reasonView,
  takingBackProperties,
  takingBackSchema,
  takingBackView,
} from './taking-back-view.js';

const digestQuery = querySchema<{ expectedDigest: string }>(objectOf({ expectedDigest: digestSchema }));

const optionalFacts = Object.keys(sessionFactsProperties);
const correctionRequest = jsonSchema<Partial<SessionFacts>>(
  titled('SessionCorrection', objectOf(sessionFactsProperties, optionalFacts)),
);
const confirmedCorrection = jsonSchema<Partial<SessionFacts> & { expectedDigest: string }>(
  titled(
    'ConfirmedSessionCorrection',
    objectOf({ ...sessionFactsProperties, expectedDigest: digestSchema }, optionalFacts),
  ),
);
const withdrawalRequest = jsonSchema<{ expectedDigest: string; reason: StatusReason }>(
  titled(
    'SessionWithdrawalRequest',
    objectOf({ expectedDigest: digestSchema, reason: oneOf(reasonsFor.withdraw) }),
  ),
);

const withdrawalQuery = reasonQuery('withdraw');

const csvOf = (body: unknown): Buffer => {
  if (Buffer.isBuffer(body)) return body;
  throw new UnsupportedMediaTypeException();
};

const withdrawalView = (told: SessionWithdrawal) => ({
  ...takingBackView(told),
  ...reasonView(told),
  mode: told.mode,
});

const fileView = (told: FileCorrection) => ({
  ...takingBackView(told),
  incompleteSessions: told.correction.incompleteSessions,
});

/** Corrected registers and withdrawn sessions: told first, then done exactly as told. */
@Controller('api/v1/organisations/:organisation')
export class TakingBackController {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly corrections: CorrectRegister,
    private readonly withdrawals: WithdrawSession,
  ) {}

  @Post('register-correction-analyses')
  @HttpCode(200)
  @WritesNothing('undoes')
  @Allow('award:revoke')
  async analyseFile(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body() body: unknown,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    return fileView(
      await this.corrections.analyseFile({ organisationId, bytes: csvOf(body), fileName: 'correction.csv' }),
    );
  }

  @Post('register-corrections')
  @HttpCode(200)
  @Allow('award:revoke')
  async correctFile(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: digestQuery }) { expectedDigest }: { expectedDigest: string },
    @Body() body: unknown,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const file = { organisationId, bytes: csvOf(body), fileName: 'correction.csv' };
    const by = `client:${caller.clientId}`;
    return fileView(await this.corrections.runFile({ ...file, expectedDigest, by }));
  }

  @Post('sessions/:session/correction-analyses')
  @HttpCode(200)
  @WritesNothing('undoes')
  @Allow('award:revoke')
  async analyseSession(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('session') session: string,
    @Body({ schema: correctionRequest }) facts: Partial<SessionFacts>,
  ) {
    const target = await this.sessionOf(caller, organisation, session);
    return takingBackView(await this.corrections.analyseSession({ ...target, ...allFacts(facts) }));
  }

  @Post('sessions/:session/corrections')
  @HttpCode(200)
  @Allow('award:revoke')
  async correctSession(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('session') session: string,
    @Body({ schema: confirmedCorrection })
    { expectedDigest, ...facts }: Partial<SessionFacts> & { expectedDigest: string },
  ) {
    const target = await this.sessionOf(caller, organisation, session);
    const by = `client:${caller.clientId}`;
    return takingBackView(
      await this.corrections.runSession({ ...target, ...allFacts(facts), expectedDigest, by }),
    );
  }

  @Post('sessions/:session/withdrawal-analyses')
  @HttpCode(200)
  @WritesNothing('undoes')
  @Allow('award:revoke')
  async analyseWithdrawal(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('session') session: string,
    @Query({ schema: withdrawalQuery }) { reason }: { reason?: StatusReason },
  ) {
    const target = await this.sessionOf(caller, organisation, session);
    return withdrawalView(await this.withdrawals.analyse({ ...target, reasonClass: reason }));
  }

  @Post('sessions/:session/withdrawals')
  @HttpCode(200)
  @Allow('award:revoke')
  async withdraw(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Param('session') session: string,
    @Body({ schema: withdrawalRequest })
    { expectedDigest, reason }: { expectedDigest: string; reason: StatusReason },
  ) {
    const target = await this.sessionOf(caller, organisation, session);
    const by = `client:${caller.clientId}`;
    return withdrawalView(await this.withdrawals.run({ ...target, expectedDigest, reasonClass: reason, by }));
  }

  private async sessionOf(caller: Caller, organisation: string, sessionId: string) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    if (!isUuid(sessionId)) throw new SessionNotFound(sessionId);
    return { organisationId, sessionId };
  }
}

const allFacts = ({ attendances = [], assessments = [] }: Partial<SessionFacts>): SessionFacts => ({
  attendances,
  assessments,
});

const person = '01997b2c-7a00-7000-8000-000000000001';
const assessor = '01997b2c-7a00-7000-8000-000000000002';
const correctionExample = {
  attendances: [{ personId: person, status: 'present' }],
  assessments: [{ personId: person, competency: '5.2', outcome: 'not_yet', assessorPersonId: assessor }],
};
const digestExample = '0'.repeat(64);

const common = {
  method: 'POST',
  tag: 'Taking back',
  scopes: ['award:revoke'],
} satisfies Partial<RouteDescription>;
const ofFile = {
  ...common,
  params: organisationParam,
  body: {
    schema: { type: 'string', description: 'The CSV file as it is.' },
    mediaType: 'text/csv',
    description: 'The whole register of each session that the file names, in the form of a campaign file.',
  },
} satisfies Partial<RouteDescription>;
const ofSession = {
  ...common,
  params: { ...organisationParam, session: 'Id of a session.' },
} satisfies Partial<RouteDescription>;

const fileSchema = titled(
  'FileCorrection',
  objectOf({
    ...takingBackProperties,
    incompleteSessions: {
      type: 'array',
      items: { type: 'string' },
      description: 'Sessions with rows that could not be read: nobody is taken for absent there.',
    },
  }),
);
const withdrawalSchema = titled(
  'SessionWithdrawal',
  objectOf({
    ...takingBackProperties,
    ...reasonProperties,
    mode: withdrawalModeSchema,
  }),
);
const fileErrors = [
  'organisation_not_found',
  'campaign_not_ready',
  'campaign_refused',
  'credential_suspended',
];
const sessionErrors = ['organisation_not_found', 'session_not_found', 'credential_suspended'];
const factErrors = [...sessionErrors, 'session_withdrawn', 'session_refused', 'campaign_not_ready'];

export const takingBackRoutes: RouteDescription[] = [
  {
    ...ofFile,
    path: '/api/v1/organisations/{organisation}/register-correction-analyses',
    operationId: 'analyseRegisterCorrection',
    summary: 'Tells which awards would appear, change or fall with a corrected file; writes nothing.',
    description:
      'Whoever is recorded in a session and is not in its file any more counts as absent. A withdrawn session that ' +
      'the file names counts again, and is told first among the changes. Badges that stood on a fallen one are among ' +
      'the effects.',
    responses: { 200: { description: 'What would happen.', schema: fileSchema } },
    errors: fileErrors,
  },
  {
    ...ofFile,
    path: '/api/v1/organisations/{organisation}/register-corrections',
    operationId: 'correctRegister',
    summary: 'Does exactly what was told of a corrected file, in one transaction.',
    query: digestQuery,
    responses: { 200: { description: 'What was done.', schema: fileSchema } },
    errors: [...fileErrors, 'analysis_changed'],
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/correction-analyses',
    operationId: 'analyseSessionCorrection',
    summary: 'Tells which awards would appear, change or fall with corrected facts; writes nothing.',
    description:
      'Refused while the session is withdrawn (session_withdrawn): nothing of it counts, and only its whole register, ' +
      'as a corrected file, makes it count again.',
    body: { schema: correctionRequest, example: correctionExample },
    responses: { 200: { description: 'What would happen.', schema: takingBackSchema } },
    errors: factErrors,
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/corrections',
    operationId: 'correctSession',
    summary: 'Corrects presences and assessments of a session, exactly as told.',
    body: {
      schema: confirmedCorrection,
      example: { ...correctionExample, expectedDigest: digestExample },
    },
    responses: { 200: { description: 'What was done.', schema: takingBackSchema } },
    errors: [...factErrors, 'analysis_changed'],
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/withdrawal-analyses',
    operationId: 'analyseSessionWithdrawal',
    summary: 'Tells what taking back a whole session would do, and who has shown what; writes nothing.',
    query: withdrawalQuery,
    responses: { 200: { description: 'What would happen.', schema: withdrawalSchema } },
    errors: [...sessionErrors, 'session_already_withdrawn'],
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/withdrawals',
    operationId: 'withdrawSession',
    summary: 'Takes back a whole session, exactly as told.',
    description:
      'Its register counts no more until a corrected file names the session; until then its own description tells ' +
      'since when (withdrawn).',
    body: {
      schema: withdrawalRequest,
      example: { expectedDigest: digestExample, reason: 'issued_in_error' },
    },
    responses: { 200: { description: 'What was done.', schema: withdrawalSchema } },
    errors: [...sessionErrors, 'session_already_withdrawn', 'analysis_changed'],
  },
];
