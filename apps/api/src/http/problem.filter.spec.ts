import { loggable } from './problem.filter.js';

describe('what the log says of an unexpected error', () => {
  it('holds kind, code, constraint and places, never a message with values', () => {
    const driverError = { code: '23505', constraint: 'person_once', detail: 'Key (name)=(amelie) exists' };
    const error = Object.assign(new Error('insert failed: Amélie'), { driverError, parameters: ['Amélie'] });
    const line = loggable(error);
    expect(line).toMatchObject({ error: 'Error', code: '23505', constraint: 'person_once' });
    expect(JSON.stringify(line)).not.toMatch(/am[eé]lie/i);
    expect(line.at).toEqual(expect.arrayContaining([expect.stringContaining('problem.filter.spec')]));
  });

  it('keeps the messages that the language writes, and follows the cause', () => {
    const cause = new TypeError("Cannot read properties of undefined (reading 'id')");
    expect(loggable(new Error('x', { cause })).cause).toMatchObject({
      error: 'TypeError',
      message: cause.message,
    });
  });

  it('survives a thrown text', () => {
    expect(loggable('Amélie')).toEqual({ error: 'string' });
  });
});
