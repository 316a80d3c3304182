import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, UseInterceptors } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  AskEndorsement,
  DecideEndorsement,
  EndorsementNotFound,
  type EndorsementTarget,
  GiveEndorsement,
  StatementReader,
} from '#badges';
import { jsonSchema } from '../http/json-schema.js';
import { type PageRequest, pageQuery } from '../http/paging.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import { endorsementView } from './endorsement-view.js';
import { idAfter, NextLink, pageById } from './pages.js';
import { idSchema, isUuid, objectOf, oneOf, titled } from './schemas.js';
import { VerifiedFirst, verifiedTextOf } from './verified-first.js';

interface AskRequest {
  target: EndorsementTarget;
  achievement?: string;
  award?: string;
  validDays?: number;
}

export const askRequest = jsonSchema<AskRequest>(
  titled(
    'EndorsementQuestion',
    objectOf(
      {
        target: {
          ...oneOf(['achievement', 'issuer', 'badge']),
          description:
            'A version of a badge of this organisation, the organisation itself, or one badge that is shown.',
        },
        achievement: {
          type: 'string',
          maxLength: 60,
          description: 'Public id of the achievement, with target `achievement`.',
        },
        award: { ...idSchema, description: 'The award whose badge it is, with target `badge`.' },
        validDays: {
          type: 'integer',
          minimum: 1,
          maximum: 90,
          description: 'How long the link works; 30 when left out.',
        },
      },
      ['achievement', 'award', 'validDays'],
    ),
  ),
);

export const giveRequest = jsonSchema<{ link: string; comment: string }>(
  titled(
    'GivenEndorsement',
    objectOf({
      link: { type: 'string', maxLength: 500, description: 'The link that the asking organisation sent.' },
      comment: {
        type: 'string',
        maxLength: 8_000,
        description:
          'Plain text of 20 to 1,500 characters, without links, e-mail addresses and telephone numbers.',
      },
    }),
  ),
);

export const acceptRequest = jsonSchema<{ learnerAgreed?: boolean }>(
  titled(
    'EndorsementAcceptance',
    objectOf(
      {
        learnerAgreed: {
          type: 'boolean',
          description: 'The learner agrees that it is shown: needed for an endorsement of one badge.',
        },
      },
      ['learnerAgreed'],
    ),
  ),
);

const tokenOf = (link: string): string => /([^/?#]+)(?:[?#].*)?$/.exec(link.trim())?.[1] ?? '';

/** What others say of badges and structures: asked for, given, accepted or refused, withdrawn. */
@Controller('api/v1')
@UseInterceptors(NextLink)
export class EndorsementsController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly tenancy: Tenancy,
    private readonly ask: AskEndorsement,
    private readonly give: GiveEndorsement,
    private readonly decide: DecideEndorsement,
    private readonly reader: StatementReader,
  ) {}

  @Post('organisations/:organisation/endorsement-requests')
  @Allow('endorsement:write')
  async request(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: askRequest }) { award, validDays = 30, ...body }: AskRequest,
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const by = `client:${caller.clientId}`;
    const asked = await this.ask.run({ organisationId, ...body, awardId: award, validDays, by });
    const { id, token, expiresAt } = asked;
    return { id, link: `${this.settings.origin}/endorse/${token}`, expiresAt: expiresAt.toISOString() };
  }

  @Get('organisations/:organisation/endorsements')
  @Allow('award:read')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Query({ schema: pageQuery }) page: PageRequest,
  ) {
    const { id } = await this.tenancy.organisationOf(caller, organisation);
    const rows = await this.reader.ofOrganisation(id, idAfter(page), page.limit + 1);
    return pageById(rows, page, (row) => endorsementView(row, this.settings.origin));
  }

  @Post('organisations/:organisation/given-endorsements')
  @Allow('endorsement:write')
  async given(
    @CurrentCaller() caller: Caller,
    @Param('organisation') organisation: string,
    @Body({ schema: giveRequest }) { link, comment }: { link: string; comment: string },
  ) {
    const { id: organisationId } = await this.tenancy.organisationOf(caller, organisation);
    const by = `client:${caller.clientId}`;
    return this.view(caller, await this.give.asOrganisation(tokenOf(link), { organisationId, comment, by }));
  }

  @Get('endorsements/:id')
  @Allow('award:read')
  one(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.view(caller, id);
  }

  @Post('endorsements/:id/acceptance')
  @HttpCode(200)
  @Allow('endorsement:write')
  @VerifiedFirst()
  async accept(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Body({ schema: acceptRequest }) { learnerAgreed }: { learnerAgreed?: boolean },
  ) {
    const act = await this.act(caller, id);
    await this.decide.accept(act, { learnerAgreed, verifiedText: verifiedTextOf(request) });
    return this.view(caller, id);
  }

  @Post('endorsements/:id/refusal')
  @HttpCode(200)
  @Allow('endorsement:write')
  async refuse(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    await this.decide.refuse(await this.act(caller, id));
    return this.view(caller, id);
  }

  @Post('endorsements/:id/withdrawal')
  @HttpCode(200)
  @Allow('endorsement:write')
  async withdraw(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    await this.decide.withdraw(await this.act(caller, id));
    return this.view(caller, id);
  }

  private async act(caller: Caller, endorsementId: string) {
    const organisationIds = await this.tenancy.organisationIds(caller);
    if (!isUuid(endorsementId) || !(await this.reader.byId(endorsementId, organisationIds)))
      throw new EndorsementNotFound(endorsementId);
    return { endorsementId, organisationIds, by: `client:${caller.clientId}` };
  }

  private async view(caller: Caller, id: string) {
    const found = isUuid(id) && (await this.reader.byId(id, await this.tenancy.organisationIds(caller)));
    if (!found) throw new EndorsementNotFound(id);
    return endorsementView(found, this.settings.origin);
  }
}
