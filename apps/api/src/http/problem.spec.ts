import { DomainError, InvalidInput } from '#platform';
import { errorStatus, errorTable, HttpRefusal, refusalOf } from './problem.js';

class Known extends DomainError {
  readonly code = 'known';
}
const id = '0199c0de-0000-7000-8000-000000000000';
const problemOf = (error: unknown, areas = [{ known: 409 }]) =>
  refusalOf(error, errorTable(areas), id).problem;

describe('what a caller is told of an error', () => {
  it('gives a domain error the status of its area and a title from its code', () => {
    expect(problemOf(new Known('It is known', { details: { a: 1 } }))).toEqual({
      type: 'about:blank',
      title: 'Known',
      status: 409,
      code: 'known',
      detail: 'It is known',
      instance: `urn:uuid:${id}`,
      details: { a: 1 },
    });
  });

  it('lists the faults of an input', () => {
    const faults = [{ path: '/a', message: 'must be text' }];
    expect(problemOf(new InvalidInput(faults))).toMatchObject({ status: 400, code: 'invalid_input', faults });
  });

  it('keeps status and headers of a refusal that only HTTP knows', () => {
    const refusal = refusalOf(new HttpRefusal(429, 'too_many', 'Wait', { 'retry-after': '3' }), {}, id);
    expect([refusal.problem.status, refusal.headers]).toEqual([429, { 'retry-after': '3' }]);
  });

  it.each([
    ['an unlisted domain error', Object.assign(new Known('Amélie'), { code: 'unlisted' })],
    ['an error', new Error('Amélie')],
    ['a text', 'Amélie'],
    ['nothing', undefined],
    ['an error with an odd status', Object.assign(new Error('Amélie'), { statusCode: 200 })],
    ['an error with the status of another server', Object.assign(new Error('Amélie'), { status: 502 })],
  ])('tells nothing of %s', (_, error) => {
    const problem = problemOf(error, []);
    expect([problem.status, problem.code]).toEqual([500, 'internal_error']);
    expect(JSON.stringify(problem)).not.toContain('Amélie');
  });

  it('passes on the status of a refusal by the server, not its message', () => {
    expect(problemOf(Object.assign(new Error('Amélie'), { statusCode: 413 }))).toEqual({
      type: 'about:blank',
      title: 'The body of the request is too large',
      status: 413,
      code: 'body_too_large',
      instance: `urn:uuid:${id}`,
    });
    expect(problemOf(Object.assign(new Error('x'), { statusCode: 418 })).status).toBe(418);
  });
});

describe('a database that is away, full or read-only', () => {
  it.each(['53100', '25006', '57P01', 'ECONNREFUSED'])('is told as 503 with Retry-After: %s', (code) => {
    const error = Object.assign(new Error('Amélie'), { code });
    const { problem, headers } = refusalOf(error, {}, id);
    expect([problem.status, problem.code]).toEqual([503, 'temporarily_unavailable']);
    expect(headers['retry-after']).toBe('5');
    expect(JSON.stringify(problem)).not.toContain('Amélie');
  });
});

describe('the table of errors', () => {
  it('refuses one code with two statuses', () => {
    expect(() => errorTable([{ a: 404 }, { a: 409 }])).toThrow('The error a has two statuses');
    expect(errorTable([{ a: 404 }, { a: 404 }])).toMatchObject({ a: 404 });
  });

  it('knows the status of a code, also of those that belong to no area', () => {
    const table = errorTable([{ a: { status: 410, title: 'Gone' } }]);
    expect(
      ['a', 'insufficient_scope', 'not_found', 'unheard_of'].map((code) => errorStatus(code, table)),
    ).toEqual([410, 403, 404, undefined]);
  });
});
