import { pageQuery, pageSchema } from '../http/paging.js';
import type { RouteDescription } from '../openapi/route.js';
import { endorsementSchema } from './endorsement-view.js';
import { acceptRequest, askRequest, giveRequest } from './endorsements.controller.js';
import { idSchema, instantSchema, objectOf, organisationParam, titled } from './schemas.js';

const one = {
  tag: 'Endorsements',
  params: { id: 'Id of the endorsement.' },
  responses: { 200: { description: 'The endorsement as it is now.', schema: endorsementSchema } },
} satisfies Partial<RouteDescription>;

export const endorsementRoutes: RouteDescription[] = [
  {
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/endorsement-requests',
    operationId: 'askForEndorsement',
    tag: 'Endorsements',
    summary: 'Makes a link with which somebody says something of a badge or of the organisation.',
    description:
      'Send the link to whoever shall endorse: it works once, until it expires. No account is needed: the page behind it ' +
      'is in plain words and works without JavaScript; an organisation of this service may answer by the API instead. ' +
      'What is said is shown only when it was accepted. At most 50 questions and undecided answers are open at once.',
    scopes: ['endorsement:write'],
    params: organisationParam,
    body: { schema: askRequest, example: { target: 'issuer' } },
    responses: {
      201: {
        description: 'The link. It is told this once; only a hash of its secret is kept.',
        schema: titled(
          'EndorsementLink',
          objectOf({ id: idSchema, link: { type: 'string' }, expiresAt: instantSchema }),
        ),
      },
    },
    errors: ['organisation_not_found', 'endorsement_refused', 'endorsement_too_many_open'],
  },
  {
    method: 'GET',
    path: '/api/v1/organisations/{organisation}/endorsements',
    operationId: 'listEndorsements',
    tag: 'Endorsements',
    summary: 'Endorsements that the organisation asked for or gave.',
    scopes: ['award:read'],
    params: organisationParam,
    query: pageQuery,
    responses: {
      200: {
        description: 'A page of endorsements.',
        schema: pageSchema(endorsementSchema),
        headers: { Link: 'The next page, when there is one.' },
      },
    },
    errors: ['organisation_not_found'],
  },
  {
    method: 'POST',
    path: '/api/v1/organisations/{organisation}/given-endorsements',
    operationId: 'giveEndorsement',
    tag: 'Endorsements',
    summary: 'Answers a link in the name of the organisation.',
    description:
      'When the asking organisation accepts it, the worker signs exactly these words with the key of the organisation ' +
      'that gives them, as an EndorsementCredential in both forms.',
    scopes: ['endorsement:write'],
    params: organisationParam,
    body: {
      schema: giveRequest,
      example: {
        link: 'https://badges.example/endorse/…',
        comment: 'Nous retrouvons ce savoir-faire chez les personnes qui ont ce badge.',
      },
    },
    responses: {
      201: { description: 'The endorsement, which waits for its acceptance.', schema: endorsementSchema },
    },
    errors: [
      'organisation_not_found',
      'endorsement_refused',
      'endorsement_link_invalid',
      'endorsement_not_found',
    ],
  },
  {
    ...one,
    method: 'GET',
    path: '/api/v1/endorsements/{id}',
    operationId: 'getEndorsement',
    summary: 'One endorsement that the client’s organisation asked for or gave.',
    scopes: ['award:read'],
    errors: ['endorsement_not_found'],
  },
  {
    ...one,
    method: 'POST',
    path: '/api/v1/endorsements/{id}/acceptance',
    operationId: 'acceptEndorsement',
    summary: 'Shows the endorsement from now on.',
    description:
      'The worker signs it within seconds, unless it was signed elsewhere: then it is verified once more. An endorsement ' +
      'of one badge needs the learner’s agreement.',
    scopes: ['endorsement:write'],
    body: { schema: acceptRequest, example: { learnerAgreed: true } },
    errors: ['endorsement_not_found', 'endorsement_refused', 'endorsement_state_conflict'],
  },
  {
    ...one,
    method: 'POST',
    path: '/api/v1/endorsements/{id}/refusal',
    operationId: 'refuseEndorsement',
    summary: 'Refuses the endorsement: it is never signed nor shown, and its words are erased.',
    scopes: ['endorsement:write'],
    errors: ['endorsement_not_found', 'endorsement_state_conflict'],
  },
  {
    ...one,
    method: 'POST',
    path: '/api/v1/endorsements/{id}/withdrawal',
    operationId: 'withdrawEndorsement',
    summary: 'Ends a question or an endorsement, by whoever asked for or gave it.',
    description:
      'An unanswered link stops working. What was accepted disappears from the pages at once, its words are erased and ' +
      'the signed status list says within a minute that it is revoked. Again changes nothing.',
    scopes: ['endorsement:write'],
    errors: ['endorsement_not_found', 'endorsement_state_conflict'],
  },
];
