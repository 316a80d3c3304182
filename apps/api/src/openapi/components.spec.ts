import { Components } from './components.js';

describe('schemas in the document', () => {
  it('are named once, with their parts beside them', () => {
    const components = new Components();
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'thing/1',
      type: 'object',
      properties: { part: { $ref: '#/$defs/part' } },
      $defs: { part: { anyOf: [{ $ref: '#/$defs/other' }] }, other: { type: 'string' } },
    };
    expect(components.embed(schema)).toEqual({ $ref: '#/components/schemas/thing-1' });
    expect(components.embed(schema)).toEqual({ $ref: '#/components/schemas/thing-1' });
    expect(components.schemas).toEqual({
      'thing-1': {
        title: 'thing/1',
        type: 'object',
        properties: { part: { $ref: '#/components/schemas/thing-1.part' } },
      },
      'thing-1.part': { anyOf: [{ $ref: '#/components/schemas/thing-1.other' }] },
      'thing-1.other': { type: 'string' },
    });
  });

  it('stay where they are without a title, but keep the names of what they hold', () => {
    const components = new Components();
    const page = { type: 'array', items: { title: 'Item', type: 'object' } };
    expect(components.embed(page)).toEqual({ type: 'array', items: { $ref: '#/components/schemas/Item' } });
  });

  it('may not share a title', () => {
    const components = new Components();
    components.embed({ title: 'A', type: 'string' });
    expect(() => components.embed({ title: 'A', type: 'number' })).toThrow('Two schemas have the title A');
    expect(() => components.embed({ $defs: {} })).toThrow('needs a title');
  });
});
