import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { projectFile } from '#platform';
import { aBadge } from '../../../test/vectors/world.js';
import { canonizeByLibrary, type JsonObject } from './canonical.js';
import { bundledContexts } from './contexts.js';
import { assertMeaning } from './data-integrity.js';
import { heldDataset } from './held-dataset.js';
import { StringUses } from './string-uses.js';

const example = (name: string): JsonObject => {
  const text = readFileSync(projectFile('test/vectors/published/examples', name), 'utf8');
  const { proof: _proof, ...document } = JSON.parse(text) as JsonObject;
  return document;
};
const documents = [
  JSON.parse(JSON.stringify(aBadge())) as JsonObject,
  example('skillAssertionCase--skill-assertion-case.json'),
  example('fullOpenBadge--complete-openbadgecredential.json'),
];

interface Place {
  holder: JsonObject;
  name: string;
  text: string;
}

/** Every string that is the whole value of a member. */
function placesOf(value: unknown): Place[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]): Place[] =>
    typeof item === 'string' && !Array.isArray(value)
      ? [{ holder: value as JsonObject, name, text: item }]
      : placesOf(item),
  );
}

/** A copy of the document with one string exchanged. */
const withText = (document: JsonObject, place: Place, text: string): JsonObject => {
  const { holder, name } = place;
  const before = holder[name];
  holder[name] = text;
  const copy = JSON.parse(JSON.stringify(document)) as JsonObject;
  holder[name] = before;
  return copy;
};

const isRead = async (document: JsonObject): Promise<boolean> => {
  try {
    await canonizeByLibrary(document);
    return true;
  } catch {
    return false;
  }
};

describe('the uses of strings', () => {
  const text = fc.oneof(
    fc.constantFrom(
      'https://x.example/a',
      'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
      'schema:name',
      'relative',
      '#fragment',
      '@id',
      '@type',
      '_:b0',
      'Achievement',
      'https://x.example/>\n',
      '',
    ),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );

  it('allow no string that the JSON-LD library would refuse in its place', async () => {
    let [allowed, other] = [0, 0];
    for (const document of documents) {
      const uses = await assertMeaning(document);
      const places = placesOf(document);
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...places), text, async (place, changed) => {
          const use = uses.of(place.holder, place.name);
          if (!use?.(changed)) {
            other += 1;
            return;
          }
          allowed += 1;
          expect(await isRead(withText(document, place, changed))).toBe(true);
        }),
        { numRuns: 20 },
      );
    }
    expect(Math.min(allowed, other)).toBeGreaterThan(5);
  }, 60_000);

  it('allow the string itself where any other may stand, and know nothing of contexts and types', async () => {
    for (const document of documents) {
      const uses = await assertMeaning(document);
      const places = placesOf(document);
      expect(places.filter(({ holder, name }) => uses.of(holder, name)).length).toBeGreaterThan(10);
      for (const { holder, name, text } of places) {
        expect(uses.of(holder, name)?.(text) ?? true).toBe(true);
        if (name === '@context' || name === 'type') expect(uses.of(holder, name)).toBeUndefined();
      }
      expect(uses.of(document, '@context')).toBeUndefined();
    }
  });

  it('tell a text from an address, and an address from what is none', async () => {
    const document = documents[0]!;
    const uses = await assertMeaning(document);
    expect(uses.of(document, 'name')!('any text\n')).toBe(true);
    for (const [address, may] of [
      ['https://x.example/', true],
      ['did:web:x.example', true],
      ['x', false],
      ['_:b0', false],
      ['@type', false],
      ['https://x.example/ y', false],
      ['https://x.example/>', false],
    ] as const)
      expect([address, uses.of(document, 'id')!(address)]).toEqual([address, may]);
  });

  it('are none of a document that the library had to read', async () => {
    const { name: _name, ...rest } = documents[0]!;
    const odd = { ...rest, name: { '@value': 'Courriel', '@direction': 'ltr' } };
    const uses = new StringUses();
    expect(await heldDataset(odd, bundledContexts, uses)).toBeUndefined();
    expect(uses.of(odd, 'id')).toBeUndefined();
  });
});
