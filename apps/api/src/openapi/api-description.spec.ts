import { ApiDescription } from './api-description.js';
import type { RouteDescription } from './route.js';

const settings = {
  origin: 'http://localhost:4180',
  tokenSecret: 'x',
  migrations: [],
  errors: [{ gone_away: 410 }],
};
const route = (given: Partial<RouteDescription> = {}): RouteDescription => ({
  method: 'GET',
  path: '/api/v1/things',
  operationId: 'listThings',
  tag: 'Things',
  summary: 'Things.',
  scopes: ['workshop:read'],
  responses: { 200: { description: 'All.' } },
  ...given,
});
const operation = (given: Partial<RouteDescription>, method = 'get') => {
  const document = new ApiDescription(settings, [route(given)]).document();
  return (document.paths as Record<string, Record<string, Record<string, Record<string, object>>>>)[
    '/api/v1/things'
  ]![method]!;
};

describe('describing the API', () => {
  it('groups the errors of a route by status', () => {
    const { responses } = operation({ errors: ['gone_away', 'framework_not_found', 'competency_not_found'] });
    expect(responses).toMatchObject({
      401: { description: 'An error with the code access_token_missing or access_token_invalid.' },
      404: { description: 'An error with the code framework_not_found or competency_not_found.' },
      410: { description: 'An error with the code gone_away.' },
      500: { description: 'An error with the code internal_error.' },
    });
  });

  it('asks nobody for a token where everybody may call', () => {
    const { security, responses, parameters } = operation({ method: 'POST', scopes: 'everybody' }, 'post');
    expect([security, parameters]).toEqual([[], []]);
    expect(Object.keys(responses!)).toEqual(['200', '500', '503']);
  });

  it('takes CSV as well as JSON', () => {
    const body = { schema: { type: 'string' }, mediaType: 'text/csv' };
    expect(Object.keys(operation({ method: 'POST', body }, 'post').requestBody!.content!)).toEqual([
      'text/csv',
    ]);
  });

  it('refuses two operations with one name, and an error nobody has a status for', () => {
    const twice = new ApiDescription(settings, [route(), route({ method: 'DELETE' })]);
    expect(() => twice.document()).toThrow('Two routes are named listThings');
    expect(() => operation({ errors: ['unheard_of'] })).toThrow(
      'names the error unheard_of, which has no status',
    );
    expect(new ApiDescription(settings, []).statusOf('gone_away')).toBe(410);
  });
});
