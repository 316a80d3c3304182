import { Body, Controller, HttpCode, PayloadTooLargeException, Post } from '@nestjs/common';
import { Clock } from '#platform';
import { Fetcher, type VerificationReport, verifyCredential } from '#verification';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { jsonSchema } from '../http/json-schema.js';
import { HttpSettings } from '../http/settings.js';
import { Allow } from '../oauth/allow.js';
import type { RouteDescription } from '../openapi/route.js';
import { objectOf, oneOf, textSchema, titled } from './schemas.js';

const largestBytes = 256 * 1024;

const verificationRequest = jsonSchema<{ credential: string | object }>(
  titled(
    'VerificationRequest',
    objectOf({
      credential: {
        type: ['object', 'string'],
        description: 'The credential: as JSON, as JSON text or as a compact JWT. At most 256 kB.',
      },
    }),
  ),
);

const text = { type: 'string' } as const;
const reportSchema = titled(
  'VerificationReport',
  objectOf(
    {
      verdict: oneOf(['authentic', 'expired', 'withdrawn', 'cannot_check', 'not_authentic']),
      checks: {
        type: 'array',
        items: objectOf(
          {
            name: oneOf(['parse', 'context', 'schema', 'links', 'issuer', 'proof', 'dates', 'status']),
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
      issuer: objectOf({ id: text, name: text }, ['name']),
    },
    ['issuer'],
  ),
);

const reportView = ({ verdict, checks, issuer }: VerificationReport) => ({ verdict, checks, issuer });

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
  constructor(
    private readonly fetcher: Fetcher,
    private readonly clock: Clock,
    private readonly settings: HttpSettings,
  ) {}

  @Post()
  @WritesNothing()
  @HttpCode(200)
  @Allow('verification:run')
  async verify(@Body({ schema: verificationRequest }) { credential }: { credential: string | object }) {
    refuseLarge(credential);
    const { fetcher, clock, settings } = this;
    return reportView(
      await verifyCredential(credential, { fetcher, now: clock.now(), origin: settings.origin }),
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
      'Open Badges 3.0 with an eddsa-rdfc-2022 proof, or VC-JWT with RS256 or ES256. Documents of other issuers are ' +
      'fetched by https from public addresses only.',
    scopes: ['verification:run'],
    body: {
      schema: verificationRequest,
      example: { credential: 'eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.e30.c2ln' },
    },
    responses: { 200: { description: 'What the checks amount to.', schema: reportSchema } },
  },
];
