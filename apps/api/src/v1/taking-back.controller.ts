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
import { digestSchema, isUuid, objectOf, oneOf, titled } from './schemas.js';
import { type SessionFacts, sessionFactsProperties } from './sessions.controller.js';
import { reasonQuery, reasonView, takingBackView } from './taking-back-view.js';

export const digestQuery = querySchema<{ expectedDigest: string }>(
  objectOf({ expectedDigest: digestSchema }),
);

const optionalFacts = Object.keys(sessionFactsProperties);
export const correctionRequest = jsonSchema<Partial<SessionFacts>>(
  titled('SessionCorrection', objectOf(sessionFactsProperties, optionalFacts)),
);
export const confirmedCorrection = jsonSchema<Partial<SessionFacts> & { expectedDigest: string }>(
  titled(
    'ConfirmedSessionCorrection',
    objectOf({ ...sessionFactsProperties, expectedDigest: digestSchema }, optionalFacts),
  ),
);
export const withdrawalRequest = jsonSchema<{ expectedDigest: string; reason: StatusReason }>(
  titled(
    'SessionWithdrawalRequest',
    objectOf({ expectedDigest: digestSchema, reason: oneOf(reasonsFor.withdraw) }),
  ),
);

export const withdrawalQuery = reasonQuery('withdraw');

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
