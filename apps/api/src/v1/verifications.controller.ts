import { Body, Controller, HttpCode, PayloadTooLargeException, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '#platform';
import {
  type BadgeReport,
  checkNames,
  Fetcher,
  formatNames,
  KeyDocuments,
  type Recipient,
  verifyBadge,
} from '#verification';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { jsonSchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import type { RouteDescription } from '../openapi/route.js';
import { knownIssuers } from './known-issuers.js';
import { line, objectOf, oneOf, textSchema, titled } from './schemas.js';

const largestBytes = 256 * 1024;

interface VerificationRequest {
  credential: string | object;
  recipient?: Recipient;
}

const verificationRequest = jsonSchema<VerificationRequest>(
  titled(
    'VerificationRequest',
    objectOf(
      {
        credential: {
          type: ['object', 'string'],
          description:
            'The badge: as JSON, as JSON text, as a compact JWT or JWS, or the text of a baked SVG. At most 256 kB.',
        },
        recipient: {
          ...objectOf({ name: line(200), email: line(254) }, ['name', 'email']),
          minProperties: 1,
          description:
            'Whose badge it should be. Compared with what the badge says of its recipient; kept nowhere.',
        },
      },
      ['recipient'],
    ),
  ),
);

const text = { type: 'string' } as const;
const verdictSchema = oneOf(['authentic', 'expired', 'withdrawn', 'cannot_check', 'not_authentic']);
const issuerSchema = objectOf({ id: text, name: text }, ['name']);
const identitySchema = {
  ...objectOf({ source: oneOf(['register', 'domain', 'key', 'unknown']), name: text, domain: text }, [
    'name',
    'domain',
  ]),
  description:
    'Who the issuer is and how that is known: an organisation of this installation, the holder of a domain, the holder of a key. The name is the register’s, never the badge’s.',
};
const reportSchema = titled(
  'VerificationReport',
  objectOf(
    {
      verdict: verdictSchema,
      checks: {
        type: 'array',
        items: objectOf(
          {
            name: oneOf(checkNames),
            outcome: {
              ...oneOf(['passed', 'failed', 'unknown']),
              description: 'Unknown: could not be checked.',
            },
            code: text,
            detail: textSchema,
            remark: text,
          },
          ['remark'],
        ),
      },
      format: objectOf({
        name: oneOf(formatNames),
        carrier: oneOf(['text', 'png', 'svg']),
        text: textSchema,
      }),
      issuer: issuerSchema,
      identity: identitySchema,
      subject: objectOf({ id: text, name: text, email: text }, ['id', 'name', 'email']),
      endorsements: {
        type: 'array',
        items: objectOf(
          {
            of: oneOf(['credential', 'achievement', 'issuer']),
            by: issuerSchema,
            identity: identitySchema,
            comment: text,
            verdict: verdictSchema,
            code: text,
            detail: textSchema,
          },
          ['by', 'identity', 'comment'],
        ),
      },
      notChecked: { type: 'array', items: textSchema, description: 'What was left aside.' },
      notProven: {
        type: 'array',
        items: textSchema,
        description: 'What no verification of a badge shows.',
      },
    },
    ['format', 'issuer', 'identity', 'subject', 'endorsements'],
  ),
);

const reportView = ({ credential: _credential, ...report }: BadgeReport) => report;

function refuseLarge(credential: string | object): void {
  const length = Buffer.byteLength(typeof credential === 'string' ? credential : textOf(credential));
  if (length > largestBytes) throw new PayloadTooLargeException();
}

function textOf(credential: object): string {
  try {
    return JSON.stringify(credential);
  } catch {
    // Nested deeper than JavaScript writes: the report says so.
    return '';
  }
}

/** Verifies badges from anywhere. */
@Controller('api/v1/verifications')
export class VerificationsController {
  private readonly keyDocuments = new KeyDocuments();

  constructor(
    private readonly database: DataSource,
    private readonly fetcher: Fetcher,
    private readonly clock: Clock,
    private readonly settings: HttpSettings,
  ) {}

  @Post()
  @WritesNothing('reads')
  @HttpCode(200)
  @Allow('verification:run')
  async verify(@Body({ schema: verificationRequest }) { credential, recipient }: VerificationRequest) {
    refuseLarge(credential);
    const { fetcher, clock, keyDocuments, database } = this;
    const { origin } = this.settings;
    const known = knownIssuers(database, origin);
    const now = clock.now();
    return reportView(
      await verifyBadge(credential, { fetcher, now, origin, keyDocuments, recipient, knownIssuers: known }),
    );
  }
}

export const verificationRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/api/v1/verifications',
    operationId: 'verifyCredential',
    tag: 'Verification',
    summary: 'Verifies a badge from anywhere and answers named checks.',
    description:
      'Open Badges 3.0, in the shape of VC 2.0 or 1.1, with embedded proofs or as VC-JWT; Open Badges 2.0, hosted or ' +
      'signed. Signatures: eddsa-rdfc-2022, eddsa-jcs-2022, ecdsa-rdfc-2019, ecdsa-jcs-2019, derived ecdsa-sd-2023, ' +
      'Ed25519Signature2020; RS, PS, ES 256 to 512, EdDSA. Documents of other issuers are fetched by https from public addresses only. Who the issuer is, whose ' +
      'badge it is, whether there is a newer one and who endorses it are checks of their own.',
    scopes: ['verification:run'],
    body: {
      schema: verificationRequest,
      example: { credential: 'eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.e30.c2ln' },
    },
    responses: { 200: { description: 'What the checks amount to.', schema: reportSchema } },
  },
];
