import { isOutage } from './outage.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

describe('an outage of the database', () => {
  it.each([
    ['a full disk', withCode('53100')],
    ['a read-only transaction', withCode('25006')],
    ['a server that is stopped', withCode('57P01')],
    ['a server that starts', withCode('57P03')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a refused connection by two addresses', new AggregateError([withCode('ECONNREFUSED')])],
    ['a broken connection', new Error('Connection terminated unexpectedly')],
    ['one that the mapper wraps', Object.assign(new Error('x'), { driverError: withCode('53200') })],
  ])('is %s', (_, error) => {
    expect(isOutage(error)).toBe(true);
  });

  it.each([
    ['a constraint', withCode('23505')],
    ['a missing right', withCode('42501')],
    ['an error of the program', new TypeError('x is not a function')],
    ['several errors of which one is ours', new AggregateError([withCode('ECONNREFUSED'), new Error('x')])],
    ['no error at all', '53100'],
  ])('is not %s', (_, error) => {
    expect(isOutage(error)).toBe(false);
  });
});
