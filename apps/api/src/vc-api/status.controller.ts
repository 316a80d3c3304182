import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { badgeUrl, CredentialNotFound, EndIssuedCredential, RevokeBadges } from '#badges';
import { jsonSchema } from '../http/json-schema.js';
import { HttpRefusal } from '../http/problem.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { line, objectOf, titled } from '../v1/schemas.js';
import { StatusChangeRefused } from './vc-api-errors.js';

type Value = boolean | string;

interface Entry {
  type: string;
  statusPurpose?: string;
  status?: Value;
}

interface StatusRequest {
  credentialId: string;
  credentialStatus: Entry | Entry[];
  status?: Value;
}

const value = {
  anyOf: [{ type: 'boolean' }, { type: 'string', enum: ['0', '1'] }],
  description: 'true or "1": revoked.',
};
const entry = objectOf(
  {
    id: { ...line(1_000), pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+$' },
    type: line(100),
    statusPurpose: { ...line(100), description: 'revocation, the only one that is changed here.' },
    statusListIndex: line(100),
    statusListCredential: line(1_000),
    status: value,
  },
  ['id', 'statusPurpose', 'statusListIndex', 'statusListCredential', 'status'],
);
const statusRequest = jsonSchema<StatusRequest>(
  titled(
    'CredentialStatusRequest',
    objectOf(
      {
        credentialId: {
          ...line(1_000),
          description:
            'Id of the credential, the name given to it, or the id of its status entry. A badge’s id needs the scope award:revoke too.',
        },
        credentialStatus: { anyOf: [entry, { type: 'array', minItems: 1, maxItems: 4, items: entry }] },
        status: {
          ...value,
          description: 'As in older editions of the VC-API: for every entry that says none.',
        },
        indexAllocator: { ...line(1_000), description: 'Taken and not needed.' },
      },
      ['status', 'indexAllocator'],
    ),
  ),
);

const changedSchema = titled(
  'ChangedCredentialStatus',
  objectOf({ credentialId: { type: 'string' }, revoked: { const: true } }),
);

const listTypes = ['BitstringStatusListEntry', 'BitstringStatusList'];

/** @throws StatusChangeRefused (`status_change_refused`) for anything but a revocation */
function refuseOthers({ credentialStatus, status: common }: StatusRequest): void {
  for (const { type, statusPurpose = 'revocation', status = common } of [credentialStatus].flat()) {
    if (!listTypes.includes(type))
      throw new StatusChangeRefused(`No ${type} is kept here: use BitstringStatusListEntry`);
    if (statusPurpose !== 'revocation')
      throw new StatusChangeRefused('Only revocation can be changed: credentials have no other status here');
    if (status === undefined) throw new StatusChangeRefused('Say which status it gets: "status": true');
    if (status === false || status === '0')
      throw new StatusChangeRefused('Revoked stays revoked: issue another credential instead');
  }
}

/** The status service of the VC-API: revokes what was issued here. */
@Controller('vc-api/credentials')
export class VcApiStatusController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly endIssued: EndIssuedCredential,
    private readonly revokeBadges: RevokeBadges,
  ) {}

  @Post('status')
  @HttpCode(200)
  @Allow('credential:revoke')
  async change(@CurrentCaller() caller: Caller, @Body({ schema: statusRequest }) body: StatusRequest) {
    refuseOthers(body);
    const { credentialId: name } = body;
    const organisationIds = await this.tenancy.organisationIds(caller);
    const by = `client:${caller.clientId}`;
    const isDone =
      (await this.endIssued.run({ name, organisationIds, by })) ||
      (await this.revokeBadge(name, caller, organisationIds));
    if (!isDone) throw new CredentialNotFound(1);
    return { credentialId: name, revoked: true };
  }

  private async revokeBadge(name: string, caller: Caller, organisationIds: string[]): Promise<boolean> {
    const base = badgeUrl(this.settings.origin, '');
    if (!name.startsWith(base)) return false;
    const publicId = name.slice(base.length);
    const [badge]: { organisation_id: string }[] = await this.database.query(
      'select organisation_id from credential where public_id = $1 and organisation_id = any($2) limit 1',
      [publicId, organisationIds],
    );
    if (!badge) return false;
    if (!caller.scopes.includes('award:revoke'))
      throw new HttpRefusal(403, 'insufficient_scope', 'The access token lacks: award:revoke, for a badge.', {
        'www-authenticate': 'Bearer realm="insigne", error="insufficient_scope", scope="award:revoke"',
      });
    await this.revokeBadges.run({
      organisationId: badge.organisation_id,
      publicIds: [publicId],
      reasonClass: 'organisation_request',
      by: `client:${caller.clientId}`,
    });
    return true;
  }
}

export const vcApiStatusRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/vc-api/credentials/status',
    operationId: 'vcApiUpdateStatus',
    tag: 'VC-API',
    summary: 'Revokes a credential that was issued here.',
    description:
      'For good: the signed status list says so within a minute, and its content is erased here. Again changes nothing. ' +
      'A badge is revoked with the reason organisation_request; when others stand on it, /api/v1/awards/{id}/revocation ' +
      'tells which and confirms.',
    scopes: ['credential:revoke'],
    body: {
      schema: statusRequest,
      example: {
        credentialId: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
        credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
      },
    },
    responses: { 200: { description: 'It is revoked.', schema: changedSchema } },
    errors: ['credential_not_found', 'credential_id_ambiguous', 'status_change_refused', 'others_would_fall'],
  },
];
