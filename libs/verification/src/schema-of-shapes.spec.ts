import fc from 'fast-check';
import type { JsonObject, Shape } from '#signing';
import { aBadge, aSubject } from '../../../test/vectors/world.js';
import { schemaFaults } from './schema.js';
import { SchemaOfShapes } from './schema-of-shapes.js';

const slots = ['id', 'name', 'validFrom'];
/** A document's constants and its own strings, as templates part them. */
const shapeOf = ({ proof: _, ...content }: JsonObject): Shape => {
  const own = slots.filter((name) => typeof content[name] === 'string');
  const blank = Object.fromEntries(own.map((name) => [name, '']));
  return {
    constants: JSON.stringify({ ...content, ...blank }),
    values: own.map((name) => content[name] as string),
  };
};
const aProof = (given: object = {}): JsonObject => ({
  type: 'DataIntegrityProof',
  cryptosuite: 'eddsa-rdfc-2022',
  created: '2026-11-20T09:30:00Z',
  verificationMethod: 'did:web:badges.example:issuers:north#ed-issuer',
  proofPurpose: 'assertionMethod',
  proofValue: 'z3FXQjecWufY46yg5abdVZsXqLhxhueuSoZgNSARiKBk',
  ...given,
});
const signed = (given: { content?: JsonObject; proof?: unknown } = {}): JsonObject => ({
  ...aBadge({ credentialSubject: aSubject(), ...given.content }),
  proof: 'proof' in given ? given.proof : [aProof()],
});
const ask = (schema: SchemaOfShapes, document: JsonObject): unknown =>
  schema.faults(document, shapeOf(document));

describe('the schema of shapes', () => {
  it('validates a shape once', () => {
    const schema = new SchemaOfShapes();
    for (const number of [1, 2, 3]) {
      const content = { id: `https://badges.example/b/${number}`, name: `Badge ${number}` };
      const proof = [aProof({ proofValue: `z${'A'.repeat(number)}` })];
      expect(ask(schema, signed({ content, proof }))).toEqual([]);
    }
    expect(schema.hits).toBe(2);
  });

  it('answers as the schema itself, whatever stands in slots, constants and proofs, also after sound ones', () => {
    const schema = new SchemaOfShapes();
    ask(schema, signed());
    const text = fc.oneof(
      fc.constantFrom(
        '',
        '2026-11-20',
        '2026-11-20T09:30:00Z',
        'urn:uuid:x',
        'https://x.example/',
        'did:web:x',
        'z1',
      ),
      fc.string(),
    );
    const value = fc.oneof(text, fc.integer(), fc.constant(null), fc.constant([]), fc.constant({}));
    const mostly = (good: unknown): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 7, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: value });
    const contents = fc.record(
      {
        id: mostly('https://badges.example/b/7'),
        name: mostly('Envoyer un courriel'),
        validFrom: mostly('2026-11-21T09:30:00Z'),
        description: mostly('Un badge'),
      },
      { requiredKeys: [] },
    );
    const proofs = fc.oneof(
      fc
        .record(
          {
            proofValue: mostly('z77'),
            created: mostly('2026-11-21T09:30:00Z'),
            type: mostly('DataIntegrityProof'),
          },
          { requiredKeys: [] },
        )
        .map((given) => [aProof(given)]),
      fc.constantFrom<unknown>([], undefined, null, 'proof', [aProof(), aProof()], aProof(), [null], [[]]),
    );
    let sound = 0;
    fc.assert(
      fc.property(contents, proofs, (content, proof) => {
        const document = signed({ content: content as JsonObject, proof });
        const expected = schemaFaults(document);
        if (expected.length === 0) sound += 1;
        expect(ask(schema, document)).toEqual(expected);
        expect(ask(schema, document)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
    expect(sound).toBeGreaterThan(0);
    expect(schema.hits).toBeGreaterThan(0);
  });

  it('asks the schema itself without a shape', () => {
    expect(new SchemaOfShapes().faults(signed({ content: { name: 7 } }), undefined)).toEqual(
      schemaFaults(signed({ content: { name: 7 } })),
    );
  });
});
