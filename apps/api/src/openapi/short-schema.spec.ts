import { reasonSchema, verdictSchema } from '../v1/schemas.js';
import { shortSchema } from './short-schema.js';

describe('a schema on the page for developers', () => {
  it('shows a short list of values whole', () => {
    expect(JSON.parse(shortSchema(verdictSchema))).toEqual(verdictSchema);
  });

  it('cuts a long list short, counts the rest and says where it stands', () => {
    const { enum: values, ...rest } = JSON.parse(shortSchema({ items: reasonSchema })).items;
    expect(rest).toEqual({ title: 'ReasonCode', type: 'string', description: reasonSchema.description });
    expect(values).toEqual([
      ...reasonSchema.enum.slice(0, 3),
      `… ${reasonSchema.enum.length - 3} more in /api/v1/openapi.json`,
    ]);
  });

  it('leaves a property alone that is called like the word', () => {
    const schema = { properties: { enum: { type: 'string' } } };
    expect(JSON.parse(shortSchema(schema))).toEqual(schema);
  });
});
