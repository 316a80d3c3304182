import type { ArgumentMetadata } from '@nestjs/common';
import fc from 'fast-check';
import { jsonSchema, querySchema, requestPipe } from './json-schema.js';

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

describe('the pipe of requests', () => {
  const schema = jsonSchema<object>({
    type: 'object',
    properties: {
      name: { type: 'string' },
      inner: { type: 'object', properties: {}, additionalProperties: false },
    },
    additionalProperties: false,
  });
  const send = (text: string) =>
    requestPipe().transform(JSON.parse(text), { type: 'body', schema } as ArgumentMetadata);
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  const hostile = fc.oneof(
    fc.constantFrom(...inherited, 'prototype', 'then', 'length', ''),
    fc.string().filter((name) => !['name', 'inner'].includes(name)),
  );
  const place = (name: string): string => JSON.stringify(name);

  it('refuses every property that the schema does not name, whatever its name and value, at any depth', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, fc.jsonValue(), fc.boolean(), async (name, value, isInner) => {
        const object = `{${place(name)}: ${JSON.stringify(value)}}`;
        await expect(send(isInner ? `{"inner": ${object}}` : object)).rejects.toMatchObject({
          code: 'invalid_input',
          faults: [{ path: isInner ? '/inner' : '', message: `must not have the property "${name}"` }],
        });
      }),
      { numRuns: 300 },
    );
  });

  it('takes what the schema names, and leaves it as it was sent', async () => {
    await expect(send('{"name": "constructor", "inner": {}}')).resolves.toEqual({
      name: 'constructor',
      inner: {},
    });
    expect(Object.prototype).not.toHaveProperty('isAdministrator');
  });
});
