import type { RouteDescription } from '../openapi/route.js';

const schemaOf = (name: string): object => ({
  type: 'object',
  description: `${name} of CASE 1.1: https://purl.imsglobal.org/spec/case/v1p1/schema/openapi/`,
});
const statusInfo = {
  type: 'object',
  required: ['imsx_codeMajor', 'imsx_severity'],
  properties: {
    imsx_codeMajor: { const: 'failure' },
    imsx_severity: { const: 'error' },
    imsx_description: { type: 'string' },
    imsx_codeMinor: { type: 'object' },
  },
};
const text = { type: 'string' };
const language = { ...text, enum: ['fr', 'en'], description: 'Language of the texts; else Accept-Language.' };

const shared = {
  tag: 'Frameworks as CASE 1.1',
  scopes: 'everybody',
  method: 'GET',
} satisfies Partial<RouteDescription>;

/** The provider of 1EdTech's CASE 1.1, for everybody; its errors are those of that standard. */
export const caseRoutes: RouteDescription[] = [
  {
    ...shared,
    path: '/ims/case/v1p1/CFDocuments',
    operationId: 'getAllCFDocuments',
    summary: 'Every public framework as a CFDocument.',
    query: {
      type: 'object',
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
        offset: { type: 'integer', minimum: 0, default: 0 },
        sort: text,
        orderBy: { ...text, enum: ['asc', 'desc'] },
        filter: text,
        fields: text,
        lang: language,
      },
    },
    responses: {
      200: {
        description: 'CFDocuments.',
        schema: schemaOf('CFDocumentSet'),
        headers: { Link: 'The other pages.', 'X-Total-Count': 'How many there are.' },
      },
      400: { description: 'imsx_StatusInfo: the query cannot be read.', schema: statusInfo },
    },
  },
  {
    ...shared,
    path: '/ims/case/v1p1/{kind}/{identifier}',
    operationId: 'getCaseObject',
    summary: 'One object of CASE by its identifier.',
    params: {
      kind:
        'CFDocuments, CFPackages, CFItems, CFItemAssociations, CFAssociations, CFAssociationGroupings, CFConcepts, ' +
        'CFItemTypes, CFLicenses, CFSubjects or CFRubrics.',
      identifier: 'UUID of the object.',
    },
    query: { type: 'object', properties: { lang: language } },
    responses: {
      200: { description: 'The object.', schema: schemaOf('The object') },
      404: { description: 'imsx_StatusInfo: nothing of this kind has this identifier.', schema: statusInfo },
    },
  },
];
