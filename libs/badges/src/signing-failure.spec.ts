import { DomainError } from '#platform';
import { codeOfError, explain, isPassing, WorkerLost } from './signing-failure.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
const ofDatabase = (code: string): Error => Object.assign(new Error('x'), { driverError: { code } });

class Refused extends DomainError {
  readonly code = 'ECONNREFUSED';
}

describe('what passes by itself', () => {
  it.each(['08006', '53100', '53300', '57P01', '57P03', '58030', '40001', '40P01', '55P03', '25006'])(
    'is an error of a database that is away, full or busy (%s)',
    (code) => expect(isPassing(ofDatabase(code))).toBe(true),
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'ENOSPC', 'EROFS', 'ETIMEDOUT'])('is %s', (code) =>
    expect(isPassing(withCode(code))).toBe(true),
  );

  it('is a connection that ended', () => {
    expect(isPassing(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isPassing(new Error('timeout exceeded when trying to connect'))).toBe(true);
  });

  it.each(['P0001', '23505', '22P02', '42501'])('is no refusal by the database (%s)', (code) =>
    expect(isPassing(ofDatabase(code))).toBe(false),
  );

  it('is no error of ours, whatever its code, and no unknown one', () => {
    expect(isPassing(new Refused('no'))).toBe(false);
    expect(isPassing(new WorkerLost())).toBe(false);
    expect(isPassing(new SyntaxError('Unexpected token'))).toBe(false);
  });
});

describe('the reason of a dead letter', () => {
  it('is told in French and English, with what to do', () => {
    for (const code of ['signing_key_unavailable', 'worker_lost', 'signing_failed']) {
      const { detail } = explain(code);
      expect(detail.fr).toMatch(/puis relancez/);
      expect(detail.en).toMatch(/then retry/);
    }
  });

  it('keeps an unknown code and tells it in general words', () => {
    expect(explain('key_service_away')).toEqual({
      code: 'key_service_away',
      detail: explain('signing_failed').detail,
    });
  });

  it('carries the code of the database before that of the wrapper', () => {
    expect(codeOfError(Object.assign(new Error('x'), { code: 'A', driverError: { code: 'B' } }))).toBe('B');
    expect(codeOfError(new Error('x'))).toBe('');
  });
});
