import type { RouteDescription } from '../openapi/route.js';
import { objectOf, organisationParam, titled, withdrawalModeSchema } from './schemas.js';
import {
  confirmedCorrection,
  correctionRequest,
  digestQuery,
  withdrawalQuery,
  withdrawalRequest,
} from './taking-back.controller.js';
import { reasonProperties, takingBackProperties, takingBackSchema } from './taking-back-view.js';

const person = '01997b2c-7a00-7000-8000-000000000001';
const assessor = '01997b2c-7a00-7000-8000-000000000002';
const correctionExample = {
  attendances: [{ personId: person, status: 'present' }],
  assessments: [{ personId: person, competency: '5.2', outcome: 'not_yet', assessorPersonId: assessor }],
};
const digestExample = '0'.repeat(64);

const common = {
  method: 'POST',
  tag: 'Taking back',
  scopes: ['award:revoke'],
} satisfies Partial<RouteDescription>;
const ofFile = {
  ...common,
  params: organisationParam,
  body: {
    schema: { type: 'string', description: 'The CSV file as it is.' },
    mediaType: 'text/csv',
    description: 'The whole register of each session that the file names, in the form of a campaign file.',
  },
} satisfies Partial<RouteDescription>;
const ofSession = {
  ...common,
  params: { ...organisationParam, session: 'Id of a session.' },
} satisfies Partial<RouteDescription>;

const fileSchema = titled(
  'FileCorrection',
  objectOf({
    ...takingBackProperties,
    incompleteSessions: {
      type: 'array',
      items: { type: 'string' },
      description: 'Sessions with rows that could not be read: nobody is taken for absent there.',
    },
  }),
);
const withdrawalSchema = titled(
  'SessionWithdrawal',
  objectOf({
    ...takingBackProperties,
    ...reasonProperties,
    mode: withdrawalModeSchema,
  }),
);
const fileErrors = [
  'organisation_not_found',
  'campaign_not_ready',
  'campaign_refused',
  'credential_suspended',
];
const sessionErrors = ['organisation_not_found', 'session_not_found', 'credential_suspended'];
const factErrors = [...sessionErrors, 'session_withdrawn', 'session_refused', 'campaign_not_ready'];

export const takingBackRoutes: RouteDescription[] = [
  {
    ...ofFile,
    path: '/api/v1/organisations/{organisation}/register-correction-analyses',
    operationId: 'analyseRegisterCorrection',
    summary: 'Tells which awards would appear, change or fall with a corrected file; writes nothing.',
    description:
      'Whoever is recorded in a session and is not in its file any more counts as absent. A withdrawn session that ' +
      'the file names counts again, and is told first among the changes. Badges that stood on a fallen one are among ' +
      'the effects.',
    responses: { 200: { description: 'What would happen.', schema: fileSchema } },
    errors: fileErrors,
  },
  {
    ...ofFile,
    path: '/api/v1/organisations/{organisation}/register-corrections',
    operationId: 'correctRegister',
    summary: 'Does exactly what was told of a corrected file, in one transaction.',
    query: digestQuery,
    responses: { 200: { description: 'What was done.', schema: fileSchema } },
    errors: [...fileErrors, 'analysis_changed'],
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/correction-analyses',
    operationId: 'analyseSessionCorrection',
    summary: 'Tells which awards would appear, change or fall with corrected facts; writes nothing.',
    description:
      'Refused while the session is withdrawn (session_withdrawn): nothing of it counts, and only its whole register, ' +
      'as a corrected file, makes it count again.',
    body: { schema: correctionRequest, example: correctionExample },
    responses: { 200: { description: 'What would happen.', schema: takingBackSchema } },
    errors: factErrors,
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/corrections',
    operationId: 'correctSession',
    summary: 'Corrects presences and assessments of a session, exactly as told.',
    body: {
      schema: confirmedCorrection,
      example: { ...correctionExample, expectedDigest: digestExample },
    },
    responses: { 200: { description: 'What was done.', schema: takingBackSchema } },
    errors: [...factErrors, 'analysis_changed'],
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/withdrawal-analyses',
    operationId: 'analyseSessionWithdrawal',
    summary: 'Tells what taking back a whole session would do, and who has shown what; writes nothing.',
    query: withdrawalQuery,
    responses: { 200: { description: 'What would happen.', schema: withdrawalSchema } },
    errors: [...sessionErrors, 'session_already_withdrawn'],
  },
  {
    ...ofSession,
    path: '/api/v1/organisations/{organisation}/sessions/{session}/withdrawals',
    operationId: 'withdrawSession',
    summary: 'Takes back a whole session, exactly as told.',
    description:
      'Its register counts no more until a corrected file names the session; until then its own description tells ' +
      'since when (withdrawn).',
    body: {
      schema: withdrawalRequest,
      example: { expectedDigest: digestExample, reason: 'issued_in_error' },
    },
    responses: { 200: { description: 'What was done.', schema: withdrawalSchema } },
    errors: [...sessionErrors, 'session_already_withdrawn', 'analysis_changed'],
  },
];
