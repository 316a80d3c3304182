import { Controller, HttpCode, PayloadTooLargeException, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { compileSchema, InvalidInput } from '#platform';
import { type BadgeReport, checkNames, formatNames, type Recipient, withoutFalseNames } from '#verification';
import { WritesNothing } from '../http/idempotency.interceptor.js';
import { Allow } from '../oauth/allow.js';
import type { RouteDescription } from '../openapi/route.js';
import { FormRefused, handedForm, recipientOf } from '../verifier/handed-form.js';
import { type HandedIn, VerifyHandedIn } from '../verifier/verify-handed-in.js';
import {
  badgesInsideSchema,
  issuerSchema,
  line,
  objectOf,
  oneOf,
  reasonSchema,
  resultsSchema,
  textSchema,
  titled,
  verdictSchema,
} from './schemas.js';

const largestBytes = 1024 * 1024;
const longestOf = { name: 200, email: 254 };

interface VerificationRequest {
  credential?: string | object;
  address?: string;
  recipient?: Recipient;
}

const verificationRequest = titled(
  'VerificationRequest',
  objectOf(
    {
      credential: {
        type: ['object', 'string'],
        description:
          'The badge: as JSON, as JSON text, as a compact JWT or JWS, or the text of a baked SVG; also a presentation of one or several badges (VerifiablePresentation, as JSON or JWT). At most 1 MB, with the rest of the body. Or `address` instead.',
      },
      address: {
        type: 'string',
        pattern: '^https?://[^\\s\\p{Cc}]+$',
        maxLength: 2_000,
        description:
          'Where the badge is. It is fetched by https from public addresses only, and from this service itself.',
      },
      recipient: {
        ...objectOf({ name: line(longestOf.name), email: line(longestOf.email) }, ['name', 'email']),
        minProperties: 1,
        description:
          'Whose badge it should be. Compared with what the badge says of its recipient; kept nowhere.',
      },
    },
    ['credential', 'address', 'recipient'],
  ),
);
const checked = compileSchema<VerificationRequest>(verificationRequest, 'The request');

const verificationForm = titled(
  'VerificationForm',
  objectOf(
    {
      file: {
        type: 'string',
        contentMediaType: 'application/octet-stream',
        description:
          'The badge as PNG, SVG, JSON or JWT, or a picture (PNG, JPEG) with a QR code that holds its address. At most 5 MB.',
      },
      name: { ...line(longestOf.name), description: 'Whose badge it should be.' },
      email: { ...line(longestOf.email), description: 'The same, by e-mail address.' },
    },
    ['name', 'email'],
  ),
);

const text = { type: 'string' } as const;
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
            code: reasonSchema,
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
      issuer: { ...issuerSchema, description: 'As the badge says it; of a false one without its name.' },
      badgeClass: {
        ...objectOf({ id: text, name: text, image: text, criteria: text }, [
          'id',
          'name',
          'image',
          'criteria',
        ]),
        description: 'Of Open Badges 2.0: what the BadgeClass says that the assertion leads to.',
      },
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
            code: reasonSchema,
            detail: textSchema,
          },
          ['by', 'identity', 'comment'],
        ),
      },
      results: resultsSchema,
      badges: badgesInsideSchema,
      notChecked: { type: 'array', items: textSchema, description: 'What was left aside.' },
      notProven: {
        type: 'array',
        items: textSchema,
        description: 'What no verification of a badge shows.',
      },
    },
    ['format', 'issuer', 'badgeClass', 'identity', 'subject', 'endorsements', 'results', 'badges'],
  ),
);

function reportView(report: BadgeReport) {
  const { credential: _credential, ...view } = withoutFalseNames(report);
  return view;
}

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

const invalid = (path: string, message: string): InvalidInput =>
  new InvalidInput([{ path, message }], 'The request');

/** What a JSON body hands in. @throws InvalidInput (`invalid_input`) */
function handedIn(body: unknown): { given: HandedIn; recipient?: Recipient } {
  const { credential, address, recipient } = checked(body);
  if ((credential === undefined) === (address === undefined))
    throw invalid('', 'must have either credential or address, and not both');
  if (credential === undefined) return { given: { text: address! }, recipient };
  refuseLarge(credential);
  return { given: { badge: credential }, recipient };
}

/** What a form hands in. @throws InvalidInput (`invalid_input`), FormRefused (`file_too_large`, `text_too_large`, `form_broken`) */
async function handedFile(request: FastifyRequest): Promise<{ given: HandedIn; recipient?: Recipient }> {
  const form = await handedForm(request);
  if (!form.file) throw invalid('/file', 'must be a file that is not empty');
  for (const [field, longest] of Object.entries(longestOf))
    if (form[field as 'name'].length > longest)
      throw invalid(`/${field}`, `must NOT have more than ${longest} characters`);
  return { given: { file: form.file }, recipient: recipientOf(form) };
}

/** Verifies badges from anywhere. */
@Controller('api/v1/verifications')
export class VerificationsController {
  constructor(private readonly verifyHandedIn: VerifyHandedIn) {}

  @Post()
  @WritesNothing('reads')
  @HttpCode(200)
  @Allow('verification:run')
  async verify(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    try {
      const { given, recipient } = request.isMultipart() ? await handedFile(request) : handedIn(request.body);
      return reportView(await this.verifyHandedIn.run(given, recipient));
    } catch (error) {
      // What was not read to its end cannot be answered on this connection any more.
      if (error instanceof FormRefused) reply.header('connection', 'close');
      throw error;
    }
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
      'Ed25519Signature2020; RS, PS, ES 256 to 512, ES256K, EdDSA. Documents of other issuers are fetched by https from ' +
      'public addresses only. Who the issuer is, whose badge it is, whether there is a newer one and who endorses it are checks of their own. The badge comes as JSON, ' +
      'by its address, or as a file of a form (multipart/form-data).',
    scopes: ['verification:run'],
    body: {
      schema: verificationRequest,
      example: { credential: 'eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.e30.c2ln' },
      others: [{ mediaType: 'multipart/form-data', schema: verificationForm }],
    },
    responses: { 200: { description: 'What the checks amount to.', schema: reportSchema } },
    errors: [
      'address_unreachable',
      'badge_gone',
      'no_badge_in_picture',
      'not_a_badge',
      'paper_handed_in',
      'qr_without_address',
      'picture_too_large',
      'file_too_large',
      'text_too_large',
      'form_broken',
    ],
  },
];
