import { jsonSchema, querySchema } from './json-schema.js';

const faults = (schema: ReturnType<typeof jsonSchema>, value: unknown) => {
  const result = schema['~standard'].validate(value);
  return 'issues' in result ? result.issues : [];
};

describe('schemas of requests', () => {
  it('refuse to be made when they do not say what becomes of unknown fields', () => {
    expect(() => jsonSchema({ type: 'object', properties: {} })).toThrow('additionalProperties');
    expect(() => querySchema({ type: 'object', properties: {} })).toThrow('additionalProperties');
  });

  it('point to the fault, whatever signs the key has', () => {
    const properties = {
      'a/b~c': { type: 'object', properties: { d: { type: 'integer' } }, additionalProperties: false },
    };
    const schema = jsonSchema({ type: 'object', properties, additionalProperties: false });
    expect(faults(schema, { 'a/b~c': { d: 'x' } })).toEqual([
      { path: ['a/b~c', 'd'], message: 'must be integer' },
    ]);
    expect(faults(schema, {})).toEqual([]);
  });

  it('leave the value that was sent alone, also when a query is converted', () => {
    const schema = querySchema({
      type: 'object',
      properties: { n: { type: 'integer', default: 1 } },
      additionalProperties: false,
    });
    const sent = { n: '2' };
    expect(schema['~standard'].validate(sent)).toEqual({ value: { n: 2 } });
    expect(sent).toEqual({ n: '2' });
    expect(schema['~standard'].validate({})).toEqual({ value: { n: 1 } });
  });
});
