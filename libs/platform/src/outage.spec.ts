import { DomainError } from './errors.js';
import { codeOfError, isOutage, isPassing, type Passing, passingOf } from './outage.js';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
const ofDriver = (code: string): Error => Object.assign(new Error('x'), { driverError: { code } });

class Refused extends DomainError {
  readonly code = 'ECONNREFUSED';
}
class Waiting extends DomainError {
  readonly code = 'waiting';
  override readonly isPassing = true;
}

const table: [string, unknown, Passing | undefined][] = [
  ['a connection that broke', ofDriver('08006'), 'away'],
  ['a full disk of the database', withCode('53100'), 'away'],
  ['too many connections', withCode('53300'), 'away'],
  ['a server that is stopped', withCode('57P01'), 'away'],
  ['a server that starts', withCode('57P03'), 'away'],
  ['an input or output error of the database', withCode('58030'), 'away'],
  ['a read-only transaction', withCode('25006'), 'away'],
  ['one that the mapper wraps', Object.assign(new Error('x'), { driverError: withCode('53200') }), 'away'],
  ...['EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT'].map(
    (code): [string, unknown, Passing] => [code, withCode(code), 'away'],
  ),
  [
    'two addresses that refuse',
    new AggregateError([withCode('ECONNREFUSED'), withCode('ETIMEDOUT')]),
    'away',
  ],
  ['a broken connection', new Error('Connection terminated unexpectedly'), 'away'],
  ['a server that ends connections', new Error('terminating connection due to crash'), 'away'],
  ['a client that was closed', new Error('Client was closed and is not queryable'), 'away'],
  ['no connection in time', new Error('timeout exceeded when trying to connect'), 'away'],
  ...['EDQUOT', 'EIO', 'EMFILE', 'ENOENT', 'ENOSPC', 'ENOTCONN', 'EROFS', 'ESTALE'].map(
    (code): [string, unknown, Passing] => [code, withCode(code), 'disk'],
  ),
  ['a serialisation failure', ofDriver('40001'), 'race'],
  ['a deadlock', ofDriver('40P01'), 'race'],
  ['a lock that was not to be had', ofDriver('55P03'), 'race'],
  ['a constraint', withCode('23505'), undefined],
  ['a value of another form', withCode('22P02'), undefined],
  ['a missing right', withCode('42501'), undefined],
  ['a refusal by a trigger', withCode('P0001'), undefined],
  ['a statement that took too long', withCode('57014'), undefined],
  ['a folder without rights', withCode('EACCES'), undefined],
  ['an error of the program', new TypeError('x is not a function'), undefined],
  ['words about a connection inside others', new SyntaxError('in "connection terminated"'), undefined],
  ['several errors of which one is ours', new AggregateError([withCode('EPIPE'), new Error('x')]), undefined],
  ['no errors at all', new AggregateError([]), undefined],
  ['an error of ours that has the code of another', new Refused('no'), undefined],
  ['no error', '53100', undefined],
  ['nothing', undefined, undefined],
];

describe('what passes by itself', () => {
  it.each(table)('%s', (_, error, kind) => {
    expect(passingOf(error)).toBe(kind);
    expect(isPassing(error)).toBe(kind !== undefined);
    expect(isOutage(error)).toBe(kind === 'away');
  });

  it('is what an error of ours says of itself, and never an outage', () => {
    expect(isPassing(new Waiting('later'))).toBe(true);
    expect(isOutage(new Waiting('later'))).toBe(false);
  });

  it('is known by the code of the database before that of the wrapper', () => {
    expect(codeOfError(Object.assign(new Error('x'), { code: 'A', driverError: { code: 'B' } }))).toBe('B');
    expect(codeOfError(new Error('x'))).toBe('');
    expect(codeOfError(null)).toBe('');
  });
});
