import { Body, Controller, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import { Clock } from '#platform';
import {
  type AnyReport,
  Fetcher,
  KeyDocuments,
  type PresentationReport,
  verifyAnyCredential,
  verifyPresentation,
} from '#verification';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { jsonSchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import type { RouteDescription } from '../openapi/route.js';
import { line, objectOf, titled } from '../v1/schemas.js';
import { statusRegister } from '../v1/status-register.js';
import { problemsOf } from './problem-details.js';
import { commonOptions, credentialResultSchema, presentationResultSchema } from './schemas.js';

interface CredentialRequest {
  verifiableCredential: object;
  options?: { returnCredential?: boolean };
}

interface PresentationRequest {
  verifiablePresentation?: object;
  presentation?: object;
  options?: { challenge?: string; domain?: string | string[]; returnPresentation?: boolean };
}

const credentialRequest = jsonSchema<CredentialRequest>(
  titled(
    'VerifyCredentialRequest',
    objectOf(
      {
        verifiableCredential: {
          type: 'object',
          description:
            'With its proofs, or an EnvelopedVerifiableCredential. The whole request has at most 256 kB.',
        },
        options: objectOf({ ...commonOptions, returnCredential: { type: 'boolean' } }, [
          ...Object.keys(commonOptions),
          'returnCredential',
        ]),
      },
      ['options'],
    ),
  ),
);

const presentationRequest = jsonSchema<PresentationRequest>(
  titled('VerifyPresentationRequest', {
    ...objectOf(
      {
        verifiablePresentation: {
          type: 'object',
          description: 'With its proof, or an EnvelopedVerifiablePresentation.',
        },
        presentation: {
          type: 'object',
          description:
            'One without proof: its credentials are verified, and nothing shows who presents them.',
        },
        options: objectOf(
          {
            ...commonOptions,
            challenge: {
              ...line(1_000),
              description: 'What you gave the holder to sign; without it, not asked.',
            },
            domain: {
              description: 'Whom it must be made for; without it, not asked.',
              anyOf: [line(1_000), { type: 'array', minItems: 1, maxItems: 20, items: line(1_000) }],
            },
            returnPresentation: { type: 'boolean' },
          },
          [...Object.keys(commonOptions), 'challenge', 'domain', 'returnPresentation'],
        ),
      },
      ['verifiablePresentation', 'presentation', 'options'],
    ),
    oneOf: ['verifiablePresentation', 'presentation'].map((name) => ({
      type: 'object',
      properties: { [name]: true },
      required: [name],
    })),
  }),
);

/** The verifier of the VC-API: any credential or presentation of VC 2.0. */
@Controller('vc-api')
export class VcApiVerifyController {
  private readonly keyDocuments = new KeyDocuments();

  constructor(
    private readonly fetcher: Fetcher,
    private readonly clock: Clock,
    private readonly settings: HttpSettings,
    private readonly database: DataSource,
  ) {}

  @Post('credentials/verify')
  @WritesNothing('reads')
  @Allow('verification:run')
  async credential(
    @Body({ schema: credentialRequest }) { verifiableCredential, options = {} }: CredentialRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const result = this.credentialView(await verifyAnyCredential(verifiableCredential, this.around()));
    reply.status(result.verified ? 200 : 400);
    return { ...result, ...(options.returnCredential && { verifiableCredential }) };
  }

  @Post('presentations/verify')
  @WritesNothing('reads')
  @Allow('verification:run')
  async presentation(
    @Body({ schema: presentationRequest }) body: PresentationRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { verifiablePresentation, presentation, options = {} } = body;
    const { challenge, domain, returnPresentation } = options;
    const given = (verifiablePresentation ?? presentation)!;
    const report = await verifyPresentation(given, {
      ...this.around(),
      challenge,
      domain,
      mayBeUnsigned: presentation !== undefined,
    });
    reply.status(report.isVerified ? 200 : 400);
    return { ...this.presentationView(report), ...(returnPresentation && { verifiablePresentation: given }) };
  }

  private around() {
    const { fetcher, clock, keyDocuments, database } = this;
    const { origin } = this.settings;
    const register = statusRegister(database, origin);
    return { fetcher, now: clock.now(), origin, keyDocuments, register };
  }

  private readonly credentialView = ({ verdict, checks, issuer, badges, notChecked }: AnyReport) => ({
    verified: verdict === 'authentic',
    verdict,
    checks,
    notChecked,
    ...(badges && { badges }),
    ...(issuer && { issuer: issuer.id }),
    problemDetails: problemsOf(checks, this.settings.origin),
  });

  private presentationView({ isVerified, checks, notChecked, holder, credentials }: PresentationReport) {
    const credentialResults = credentials.map(this.credentialView);
    return {
      verified: isVerified,
      checks,
      notChecked,
      ...(holder !== undefined && { holder }),
      problemDetails: [
        ...problemsOf(checks, this.settings.origin),
        ...credentialResults.flatMap(({ problemDetails }) => problemDetails),
      ],
      credentialResults,
    };
  }
}

const tag = 'VC-API';

export const vcApiVerifyRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/vc-api/credentials/verify',
    operationId: 'vcApiVerifyCredential',
    tag,
    summary: 'Verifies any credential of VC 2.0.',
    description:
      'The data model, every word’s meaning, the proof or the enveloping JWT, dates, status and related resources; of a ' +
      'record (ClrCredential) each credential in it as well: it is verified only if they all are. ' +
      'Answers 200 when everything passed; 400, with the same body, when something failed or could not be checked. ' +
      '`notChecked` names what was not asked. Who the issuer is, is yours to decide: for badges, ' +
      '/api/v1/verifications asks that too.',
    scopes: ['verification:run'],
    body: {
      schema: credentialRequest,
      example: {
        verifiableCredential: {
          '@context': 'https://www.w3.org/ns/credentials/v2',
          type: 'EnvelopedVerifiableCredential',
          id: 'data:application/vc+jwt,eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.e30.c2ln',
        },
      },
    },
    responses: {
      200: { description: 'Verified.', schema: credentialResultSchema },
      400: { description: 'Not verified, and why.', schema: credentialResultSchema },
    },
  },
  {
    method: 'POST',
    path: '/vc-api/presentations/verify',
    operationId: 'vcApiVerifyPresentation',
    tag,
    summary: 'Verifies a presentation of VC 2.0 and each credential in it.',
    description:
      'Whoever signed must be the holder, if one is named, with a key that is meant for authentication. Give the ' +
      'challenge that you gave the holder, and your domain: without them anybody who saw a presentation can show it ' +
      'again. That the holder is whom the credentials are about is yours to decide. 200 and 400 as for credentials.',
    scopes: ['verification:run'],
    body: {
      schema: presentationRequest,
      example: {
        verifiablePresentation: {
          '@context': ['https://www.w3.org/ns/credentials/v2'],
          type: ['VerifiablePresentation'],
          verifiableCredential: [],
        },
        options: { challenge: 'd436f0c8-fbd9-4e48-bbb2-55fc5d0920a8', domain: 'verifier.example' },
      },
    },
    responses: {
      200: { description: 'Verified.', schema: presentationResultSchema },
      400: { description: 'Not verified, and why.', schema: presentationResultSchema },
    },
  },
];
