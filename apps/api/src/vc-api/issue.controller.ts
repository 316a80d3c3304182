import { Body, Controller, HttpCode, PayloadTooLargeException, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IssueCredential } from '#badges';
import { didWebFor, type JsonObject } from '#signing';
import { anyCredentialFaults } from '#verification';
import { jsonSchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import { type Caller, CurrentCaller } from '../oauth/caller.js';
import { Tenancy } from '../oauth/tenancy.js';
import type { RouteDescription } from '../openapi/route.js';
import { line, objectOf, oneOf, titled } from '../v1/schemas.js';
import { AnsweredOnceSigned, type Ordered } from './once-signed.js';
import {
  BadgeNotIssuedThisWay,
  CredentialIdRefused,
  CredentialMalformed,
  IssuerDiffers,
} from './vc-api-errors.js';

interface IssueRequest {
  credential: JsonObject;
  options?: { credentialId?: string; form?: 'embedded' | 'enveloped' };
}

const issueRequest = jsonSchema<IssueRequest>(
  titled(
    'IssueCredentialRequest',
    objectOf(
      {
        credential: {
          type: 'object',
          description:
            'Without proof, at most 64 kB. The issuer may be left out; a status entry is added to those it has.',
        },
        options: objectOf(
          {
            credentialId: {
              ...line(1_000),
              pattern: '^[A-Za-z][A-Za-z0-9+.-]*:[^\\s]+$',
              description: 'A name to change its status by, for a credential without id.',
            },
            form: {
              ...oneOf(['embedded', 'enveloped']),
              description:
                'Embedded (the default): a proof eddsa-rdfc-2022. Enveloped: an EnvelopedVerifiableCredential around a JWT, RS256.',
            },
          },
          ['credentialId', 'form'],
        ),
      },
      ['options'],
    ),
  ),
);

const issuedSchema = titled(
  'IssuedCredential',
  objectOf({
    verifiableCredential: { type: 'object', description: 'Signed, with the status entry in it.' },
  }),
);

interface Issuer {
  organisationId: string;
  did: string;
}

/** The issuer of the VC-API: any credential of VC 2.0 that is no badge. */
@Controller('vc-api/credentials')
export class VcApiIssueController {
  constructor(
    private readonly settings: HttpSettings,
    private readonly tenancy: Tenancy,
    private readonly database: DataSource,
    private readonly issueCredential: IssueCredential,
  ) {}

  @Post('issue')
  @HttpCode(201)
  @Allow('credential:issue')
  @AnsweredOnceSigned()
  async issue(
    @CurrentCaller() caller: Caller,
    @Body({ schema: issueRequest }) { credential, options = {} }: IssueRequest,
  ): Promise<Ordered> {
    const { credentialId, form } = options;
    const { own, named } = await this.issuersOf(caller, credential);
    const { faults } = await anyCredentialFaults({ ...credential, issuer: credential.issuer ?? own.did });
    if (faults.some(({ code }) => code === 'too_large')) throw new PayloadTooLargeException();
    if (faults.some(({ code }) => code === 'badge_refused')) throw new BadgeNotIssuedThisWay();
    if (faults.length > 0) throw new CredentialMalformed(faults);
    if (!named) throw new IssuerDiffers(own.did);
    for (const id of [credential.id, credentialId])
      if (String(id).toLowerCase().startsWith(this.settings.origin.toLowerCase()))
        throw new CredentialIdRefused();
    const order = await this.issueCredential.run({
      organisationId: named.organisationId,
      credential,
      credentialId,
      isEnveloped: form === 'enveloped',
      by: `client:${caller.clientId}`,
    });
    return { order, organisationId: named.organisationId };
  }

  /**
   * Whose keys sign: the organisation that the credential names, the client's own when it names none; undefined for
   * one that the client may not act in.
   */
  private async issuersOf(caller: Caller, { issuer }: JsonObject): Promise<{ own: Issuer; named?: Issuer }> {
    const rows: { id: string; slug: string }[] = await this.database.query(
      'select id, slug from organisation where id = any($1)',
      [await this.tenancy.organisationIds(caller)],
    );
    const known = rows.map(({ id, slug }) => ({
      organisationId: id,
      did: didWebFor(this.settings.origin, slug),
    }));
    const own = known.find(({ organisationId }) => organisationId === caller.organisationId)!;
    if (issuer === undefined) return { own, named: own };
    const named = typeof issuer === 'string' ? issuer : (issuer as JsonObject | null)?.id;
    return { own, named: known.find(({ did }) => did === named) };
  }
}

export const vcApiIssueRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/vc-api/credentials/issue',
    operationId: 'vcApiIssueCredential',
    tag: 'VC-API',
    summary: 'Issues a credential of VC 2.0 that is no badge.',
    description:
      'Everything that the data model asks is asked before anything is signed; each word needs a context that is held ' +
      'here, or an absolute address. The worker signs it with the key of the organisation, and the answer waits for it, ' +
      'ten seconds at most: after 503 credential_not_signed_yet, the same request with the same Idempotency-Key gives ' +
      'the same credential. What it says is your word under the organisation’s name; badges are refused.',
    scopes: ['credential:issue'],
    body: {
      schema: issueRequest,
      example: {
        credential: {
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
          type: ['VerifiableCredential'],
          name: 'Member',
          validFrom: '2026-11-22T09:00:00Z',
          credentialSubject: { id: 'did:example:member', name: 'Member of the structure' },
        },
      },
    },
    responses: { 201: { description: 'The signed credential.', schema: issuedSchema } },
    errors: [
      'credential_malformed',
      'issuer_differs',
      'credential_id_refused',
      'badge_not_issued_this_way',
      'credential_id_taken',
      'issued_credential_ended',
      'issued_credential_refused',
      'credential_not_signed_yet',
    ],
  },
];
