import fc from 'fast-check';
import { InvalidInput } from './errors.js';
import { ajv2019, compileSchema } from './schema.js';

interface Session {
  code: string;
  kind: 'workshop' | 'exam';
  people: { id: string; born?: number }[];
}

const readSession = compileSchema<Session>(
  {
    type: 'object',
    required: ['code', 'kind', 'people'],
    additionalProperties: false,
    properties: {
      code: { type: 'string', minLength: 1 },
      kind: { enum: ['workshop', 'exam'] },
      version: { const: 1 },
      people: {
        type: 'array',
        items: {
          type: 'object',
          required: ['id'],
          additionalProperties: false,
          properties: { id: { type: 'string', format: 'uuid' }, born: { type: 'integer' } },
        },
      },
    },
  },
  'Session',
);

const id = '01890000-0000-7000-8000-000000000000';
const faultsOf = (value: unknown): string[] => {
  try {
    readSession(value);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.faults.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
};

describe('a value and its schema', () => {
  it('comes back as it is, the same object', () => {
    const value = { code: 'S01', kind: 'exam', people: [{ id }] };
    expect(readSession(value)).toBe(value);
  });

  it('has every fault told at once, each with where it stands', () => {
    const faults = faultsOf({ kind: 'party', version: 2, people: [{ id: 'me' }, { id, name: 'x' }], x: 1 });
    expect(faults.sort()).toEqual([
      " must have required property 'code'",
      ' must not have the property "x"',
      '/kind must be one of ["workshop","exam"]',
      '/people/0/id must match format "uuid"',
      '/people/1 must not have the property "name"',
      '/version must be 1',
    ]);
  });

  it('is not bent to fit: no default, no conversion', () => {
    expect(faultsOf({ code: 1, kind: 'exam', people: [] })).toEqual(['/code must be string']);
    expect(faultsOf({ code: 'S', kind: 'exam', people: [{ id, born: '1990' }] })).toEqual([
      '/people/0/born must be integer',
    ]);
  });

  it('names the subject and a stable code in the refusal, and never the refused value', () => {
    const secret = 'Amina-TESTARD';
    try {
      readSession({ code: secret, kind: secret, people: secret });
      throw new Error('was taken');
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_input', name: 'InvalidInput' });
      expect((error as Error).message).toMatch(/^Session is not valid: \/kind /);
      expect((error as Error).message).not.toContain(secret);
    }
  });

  it('is taken or refused with a fault, whatever it is; nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        try {
          readSession(value);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidInput);
          expect((error as InvalidInput).faults.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('cannot hide a property behind the name of an inherited one', () => {
    const value = JSON.parse('{"code": "S", "kind": "exam", "people": [], "__proto__": {"admin": true}}');
    expect(faultsOf(value)).toEqual([' must not have the property "__proto__"']);
    expect(faultsOf({ code: 'S', kind: 'exam', people: [], constructor: 1 })).toEqual([
      ' must not have the property "constructor"',
    ]);
  });
});

describe('a schema', () => {
  it('of ours with a misspelt keyword checks nothing', () => {
    expect(() => compileSchema({ type: 'object', requred: ['a'] })({})).toThrow(/requred/);
  });

  it('of somebody else may have keywords of its own', () => {
    const check = ajv2019().compile({ type: 'object', 'x-label': 'theirs', required: ['a'] });
    expect([check({ a: 1 }), check({})]).toEqual([true, false]);
  });
});
