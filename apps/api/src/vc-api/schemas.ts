import { checkNames, notCheckedNames, notCheckedOfPresentation } from '#verification';
import {
  badgesInsideSchema,
  objectOf,
  oneOf,
  reasonSchema,
  textSchema,
  titled,
  verdictSchema,
} from '../v1/schemas.js';

const text = { type: 'string' } as const;

const check = (names: readonly string[]) =>
  objectOf(
    {
      name: oneOf(names),
      outcome: {
        ...oneOf(['passed', 'failed', 'unknown']),
        description: 'Unknown: could not be checked, and so not verified.',
      },
      code: reasonSchema,
      detail: textSchema,
      remark: text,
    },
    ['remark'],
  );

const problemDetailsSchema = {
  type: 'array',
  description: 'One for each check that did not pass; empty when verified.',
  items: titled(
    'ProblemDetails',
    objectOf({
      type: { type: 'string', format: 'uri', description: 'As the W3C’s recommendations name it.' },
      title: text,
      status: { const: 400 },
      code: text,
      detail: text,
    }),
  ),
} as const;

const notChecked = (names: readonly string[]) =>
  ({
    type: 'array',
    description: 'Checks that were left aside or could not be made, and why.',
    items: objectOf({ name: oneOf(names), code: reasonSchema, detail: textSchema, remark: text }, ['remark']),
  }) as const;

export const credentialResultSchema = titled(
  'CredentialVerification',
  objectOf(
    {
      verified: { type: 'boolean' },
      verdict: verdictSchema,
      checks: { type: 'array', items: check(checkNames) },
      notChecked: notChecked(notCheckedNames),
      issuer: text,
      badges: badgesInsideSchema,
      problemDetails: problemDetailsSchema,
      verifiableCredential: { type: 'object', description: 'With returnCredential: what was verified.' },
    },
    ['issuer', 'badges', 'verifiableCredential'],
  ),
);

export const presentationResultSchema = titled(
  'PresentationVerification',
  objectOf(
    {
      verified: {
        type: 'boolean',
        description: 'Every check of the presentation passed, and each credential in it is verified.',
      },
      checks: {
        type: 'array',
        items: check(['parse', 'context', 'schema', 'holder', 'proof']),
        description: 'Of the presentation itself.',
      },
      notChecked: notChecked(notCheckedOfPresentation),
      holder: { ...text, description: 'Who presents, as the signature shows; absent when it does not.' },
      problemDetails: problemDetailsSchema,
      credentialResults: { type: 'array', items: credentialResultSchema },
      verifiablePresentation: { type: 'object', description: 'With returnPresentation: what was verified.' },
    },
    ['holder', 'verifiablePresentation'],
  ),
);

/** Both kinds of verification take them, as test suites and wallets send them. */
export const commonOptions = {
  checks: {
    type: 'array',
    maxItems: 20,
    items: { type: 'string', maxLength: 100 },
    description: 'Taken and not needed: everything is always checked.',
  },
  returnProblemDetails: { type: 'boolean' },
  returnResults: { type: 'boolean' },
} as const;
