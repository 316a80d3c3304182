import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BindRecipient, badgeUrl, OpenBadges2, ob2Url } from '#badges';
import { Organisation } from '#people';
import { jsonSchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import type { RouteDescription } from '../openapi/route.js';
import { AwardAccess } from './award-access.js';
import { line, objectOf, oneOf, titled } from './schemas.js';

const recipientRequest = jsonSchema<{ email: string }>(
  titled(
    'RecipientRequest',
    objectOf({
      email: {
        ...line(254),
        description:
          'Trimmed and put in small letters, then hashed with a random salt. The address itself is not kept.',
      },
    }),
  ),
);

const address = { type: 'string', format: 'uri' } as const;
const formsSchema = titled(
  'BadgeForms',
  objectOf(
    {
      page: address,
      json: { ...address, description: 'Open Badges 3.0 with an embedded proof.' },
      jwt: { ...address, description: 'Open Badges 3.0 as VC-JWT.' },
      png: { ...address, description: 'Picture with the badge in it.' },
      svg: address,
      openBadges2: {
        ...oneOf(['available', 'issuer_without_email']),
        description: 'issuer_without_email: that version requires a public e-mail address of the issuer.',
      },
      recipient: {
        ...oneOf(['email', 'none']),
        description: 'What the Open Badges 2.0 form is bound to.',
      },
      assertion: { ...address, description: 'Open Badges 2.0, hosted.' },
      signed: { ...address, description: 'Open Badges 2.0, signed: made when it is first asked for.' },
    },
    ['assertion', 'signed'],
  ),
);

/** The forms of a shown badge, and to whom its Open Badges 2.0 form is bound. */
@Controller('api/v1/awards')
export class AwardFormsController {
  constructor(
    private readonly database: DataSource,
    private readonly settings: HttpSettings,
    private readonly access: AwardAccess,
    private readonly openBadges2: OpenBadges2,
    private readonly bindRecipient: BindRecipient,
  ) {}

  @Get(':id/forms')
  @Allow('award:read')
  async forms(@CurrentCaller() caller: Caller, @Param('id') awardId: string) {
    const award = await this.access.issuedAwardOf(caller, awardId);
    const { publicId } = await this.access.shownCredentialOf(award);
    const { origin } = this.settings;
    const issuer = await this.database.manager.findOneByOrFail(Organisation, { id: award.organisationId });
    const page = badgeUrl(origin, publicId);
    return {
      page,
      json: `${page}.json`,
      jwt: `${page}.jwt`,
      png: `${page}.png`,
      svg: `${page}.svg`,
      openBadges2: issuer.email === null ? 'issuer_without_email' : 'available',
      recipient: (await this.openBadges2.isBoundToEmail(award.id)) ? 'email' : 'none',
      ...(issuer.email !== null && {
        assertion: ob2Url.assertion(origin, publicId),
        signed: ob2Url.signed(origin, publicId),
      }),
    };
  }

  @Put(':id/recipient')
  @HttpCode(204)
  @Allow('publication:write')
  async bind(
    @CurrentCaller() caller: Caller,
    @Param('id') awardId: string,
    @Body({ schema: recipientRequest }) { email }: { email: string },
  ): Promise<void> {
    const { id } = await this.access.issuedAwardOf(caller, awardId);
    await this.bindRecipient.run(id, email, caller.clientId);
  }

  @Delete(':id/recipient')
  @HttpCode(204)
  @Allow('publication:write')
  async unbind(@CurrentCaller() caller: Caller, @Param('id') awardId: string): Promise<void> {
    const { id } = await this.access.issuedAwardOf(caller, awardId);
    await this.bindRecipient.run(id, null, caller.clientId);
  }
}

const ofAward = {
  tag: 'Awards',
  params: { id: 'Id of the award.' },
} satisfies Partial<RouteDescription>;
const notIssued = ['award_not_found', 'award_not_issued'];

export const awardFormsRoutes: RouteDescription[] = [
  {
    ...ofAward,
    method: 'GET',
    path: '/api/v1/awards/{id}/forms',
    operationId: 'getBadgeForms',
    summary: 'Where each form of a shown badge is, and why one is missing.',
    scopes: ['award:read'],
    responses: { 200: { description: 'The addresses.', schema: formsSchema } },
    errors: [...notIssued, 'badge_not_shown'],
  },
  {
    ...ofAward,
    method: 'PUT',
    path: '/api/v1/awards/{id}/recipient',
    operationId: 'bindRecipient',
    summary: 'Binds the Open Badges 2.0 form of the badge to an e-mail address, as its learner wants.',
    description:
      'Some services accept a badge only when it was made for the address of the account: call this on the word of ' +
      'the learner. The Open Badges 3.0 forms stay as they are. A signed form that is out stays valid; the next one ' +
      'carries the new address.',
    scopes: ['publication:write'],
    body: { schema: recipientRequest, example: { email: 'lou@example.org' } },
    responses: { 204: { description: 'Bound to the address.' } },
    errors: [...notIssued, 'email_malformed'],
  },
  {
    ...ofAward,
    method: 'DELETE',
    path: '/api/v1/awards/{id}/recipient',
    operationId: 'unbindRecipient',
    summary: 'Binds the Open Badges 2.0 form of the badge to no address again.',
    scopes: ['publication:write'],
    responses: { 204: { description: 'Bound to no address.' } },
    errors: notIssued,
  },
];
