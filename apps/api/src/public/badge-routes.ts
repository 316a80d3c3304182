import { badgeUrl } from '#badges';
import type { RouteDescription } from '../openapi/route.js';

const relation = 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement';

/**
 * Leads programs from a badge that stands to what others say of it (RFC 8288): the extension relation is the term of
 * Open Badges 3.0, `related` the registered one. The same whether anybody said anything.
 */
export const endorsementsLink = (origin: string, badge: { publicId: string }): Record<string, string> => ({
  Link: `<${badgeUrl(origin, badge.publicId)}/endorsements.json>; rel="related ${relation}"; type="application/json"`,
  'Access-Control-Expose-Headers': 'Link',
});

/** Addresses of shown badges that programs read without a token. */
export const badgeRoutes: RouteDescription[] = [
  {
    method: 'GET',
    path: '/b/{id}/endorsements.json',
    operationId: 'getEndorsementsOfBadge',
    tag: 'Endorsements',
    summary: 'What others say of one shown badge, signed.',
    description:
      'The accepted endorsements that stand, newest first, ten at most, each with its embedded proof and as VC-JWT; ' +
      'one that was signed elsewhere in the form it came in. Words that the structure received and signed itself are ' +
      'not among them. The header Link of `/b/{id}` leads here.',
    scopes: 'everybody',
    params: { id: 'Public id of the badge: the last part of its address.' },
    responses: {
      200: {
        description: 'Both lists, empty where nobody said anything.',
        schema: {
          type: 'object',
          required: ['badge', 'endorsement', 'endorsementJwt'],
          properties: {
            badge: {
              type: 'string',
              format: 'uri',
              description: 'Id of the badge, which each of them is about.',
            },
            endorsement: {
              type: 'array',
              maxItems: 10,
              items: { type: 'object', description: 'EndorsementCredential of Open Badges 3.0.' },
            },
            endorsementJwt: { type: 'array', maxItems: 10, items: { type: 'string' } },
          },
          additionalProperties: false,
        },
      },
      410: {
        description: 'The badge is suspended or revoked: an Assertion of Open Badges 2.0 that says why.',
        mediaType: 'application/ld+json',
        schema: { type: 'object', required: ['revoked'], properties: { revoked: { const: true } } },
      },
    },
    errors: ['not_found'],
  },
];
