import { DomainError, InvalidInput } from './errors.js';

class TooMany extends DomainError {
  readonly code = 'too_many';
}

describe('an error of the house', () => {
  it('carries its class’s name, a stable code, its cause and details', () => {
    const cause = new Error('below');
    const error = new TooMany('There are too many', { cause, details: { limit: 3 } });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'TooMany', code: 'too_many', details: { limit: 3 } });
    expect(error.cause).toBe(cause);
    expect(`${error}`).toBe('TooMany: There are too many');
  });

  it('has no cause at all when none was given', () => {
    expect('cause' in new TooMany('x')).toBe(false);
    expect(new TooMany('x').details).toBeUndefined();
  });
});

describe('an input that is not valid', () => {
  it('says every fault and where, the whole being /', () => {
    const error = new InvalidInput([
      { path: '', message: 'must be object' },
      { path: '/a/0', message: 'must be string' },
    ]);
    expect(error.message).toBe('Input is not valid: / must be object; /a/0 must be string');
    expect(error.faults).toHaveLength(2);
    expect(error.code).toBe('invalid_input');
  });
});
