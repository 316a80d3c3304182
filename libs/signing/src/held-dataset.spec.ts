import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { DomainError, projectFile } from '#platform';
import { canonize, canonizeByLibrary, type JsonObject } from './canonical.js';
import {
  bundledContexts,
  ContextStore,
  openBadgesContext,
  openBadgesExtensions,
  vcContext,
} from './contexts.js';
import { heldDataset } from './held-dataset.js';

const vc11Context = 'https://www.w3.org/2018/credentials/v1';
const examples = 'test/vectors/published/examples';
const example = (name: string): JsonObject => {
  const { proof: _proof, ...document } = JSON.parse(
    readFileSync(projectFile(examples, name), 'utf8'),
  ) as JsonObject;
  return document;
};
const full = example('fullOpenBadge--complete-openbadgecredential.json');
const basic = example('basicOpenBadgeCredential--sample-openbadgecredential.json');

type Canonizer = (document: JsonObject, contexts?: ContextStore) => Promise<string>;

/** The canonical text, or why there is none. */
const outcomeOf = async (canonizer: Canonizer, document: JsonObject): Promise<string> => {
  try {
    return await canonizer(document);
  } catch (error) {
    if (error instanceof DomainError) return `${error.code}: ${error.message}`;
    throw error;
  }
};

const expectSame = async (document: JsonObject): Promise<void> => {
  expect(await outcomeOf(canonize, document)).toBe(await outcomeOf(canonizeByLibrary, document));
};

const isHeld = async (document: JsonObject): Promise<boolean> =>
  (await heldDataset(document, bundledContexts)) !== undefined;

const address = fc.constantFrom(
  'https://badges.example/a',
  'https://badges.example/b',
  'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
  'did:web:badges.example:issuers:north',
  'schema:name',
  'xsd:string',
  'cred:foo',
  'https://exämple.example/é',
);
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('@', ':', '/', '_', 'a', '>', ' ', '\n', '"', '\\', '#', '.'),
    maxLength: 6,
  }),
  fc.constantFrom(
    '',
    '@id',
    '@type',
    '@json',
    '@graph',
    '_:b0',
    'relative',
    '#fragment',
    '//host/x',
    'a,b:c',
    ':x',
  ),
);
const text = fc.oneof(
  { weight: 4, arbitrary: address },
  fc.constantFrom('Rédige', '2026-11-20T09:30:00Z', '1'),
  hostile,
);
const scalar = fc.oneof(
  { weight: 6, arbitrary: text },
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1e21, 1.5, null),
);
const typeName = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      'VerifiableCredential',
      'OpenBadgeCredential',
      'AchievementCredential',
      'Achievement',
      'AchievementSubject',
      'Profile',
      'Image',
      'Result',
      'ResultDescription',
      'Alignment',
      'Evidence',
      'IdentityObject',
      'Criteria',
      'DataIntegrityProof',
      'BitstringStatusListEntry',
      'EndorsementCredential',
      'EndorsementSubject',
      '1EdTechJsonSchemaValidator2019',
      'Address',
      'GeoCoordinates',
    ),
  },
  text,
);
const word = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(
      'name',
      'description',
      'issuer',
      'credentialSubject',
      'achievement',
      'criteria',
      'narrative',
      'image',
      'caption',
      'validFrom',
      'issuanceDate',
      'evidence',
      'result',
      'value',
      'resultDescription',
      'rubricCriterionLevel',
      'level',
      'alignment',
      'targetName',
      'targetType',
      'tag',
      'hashed',
      'identityHash',
      'salt',
      'identifier',
      'creditsEarned',
      'credentialStatus',
      'statusPurpose',
      'statusListIndex',
      'endorsement',
      'endorsementComment',
      'otherIdentifier',
      'proof',
      'proofPurpose',
      'verificationMethod',
      'cryptosuite',
      'created',
      'parentOrg',
      'geo',
      'latitude',
      'url',
      'related',
      'inLanguage',
      'achievementType',
      'creator',
      'allowedValue',
      'credentialSchema',
      'termsOfUse',
      'digestSRI',
    ),
  },
  fc.constantFrom(
    '@value',
    '@language',
    '@direction',
    '@id',
    '@type',
    'schema:name',
    'https://badges.example/p',
    '__proto__',
  ),
  hostile,
);
const contextOf = fc.oneof(
  { weight: 5, arbitrary: fc.constant([vcContext, openBadgesContext]) },
  fc.constant([vcContext, openBadgesContext, openBadgesExtensions] as string[]),
  fc.constant([vc11Context, 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json']),
  fc.constantFrom<string | string[]>(vcContext, [], 'https://w3id.org/security/data-integrity/v2', [
    'https://w3id.org/openbadges/v2',
  ]),
);

const { node: anyNode } = fc.letrec<{ node: JsonObject; value: unknown }>((tie) => ({
  node: fc
    .record(
      {
        id: fc.oneof({ weight: 4, arbitrary: address }, text),
        type: fc.oneof(fc.array(typeName, { maxLength: 3 }), typeName),
        '@context': contextOf,
        words: fc.array(fc.tuple(word, tie('value')), { maxLength: 4 }),
      },
      { requiredKeys: ['words'] },
    )
    .map(({ words, ...rest }) => Object.fromEntries([...Object.entries(rest), ...words]) as JsonObject),
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.record(
      { '@value': text, '@language': fc.constantFrom('fr', 'EN-gb', 'x y', 3) },
      { requiredKeys: ['@value'] },
    ),
    tie('node'),
    fc.array(fc.oneof(tie('node'), scalar), { maxLength: 2 }),
  ),
}));

/** Every place in a document that holds a value. */
const places = (value: unknown, path: (string | number)[] = []): (string | number)[][] =>
  value !== null && typeof value === 'object'
    ? Object.entries(value).flatMap(([name, item]) => [[...path, name], ...places(item, [...path, name])])
    : [];

const changed = (document: JsonObject, path: (string | number)[], value: unknown): JsonObject => {
  const copy = structuredClone(document);
  let at = copy as Record<string | number, unknown>;
  for (const name of path.slice(0, -1)) at = at[name] as Record<string | number, unknown>;
  at[path.at(-1)!] = value;
  return copy;
};

describe('statements with held contexts', () => {
  it.each(readdirSync(projectFile(examples)))(
    'are those of the library for the published example %s',
    async (name) => {
      await expectSame(example(name));
    },
  );

  it('are made for every published badge, without asking the library', async () => {
    for (const name of readdirSync(projectFile(examples))) {
      if (/^(extensions|migrating)/.test(name)) continue;
      expect([name, await isHeld(example(name))]).toEqual([name, true]);
    }
  });

  it('are those of the library for any document made of the words of credentials and of hostile strings', async () => {
    let held = 0;
    await fc.assert(
      fc.asyncProperty(contextOf, anyNode, async (context, node) => {
        const document = { ...node, '@context': context };
        await expectSame(document);
        held += (await isHeld(document)) ? 1 : 0;
      }),
      { numRuns: 120 },
    );
    expect(held).toBeGreaterThan(5);
  });

  it('are those of the library for a badge with anything in any one of its fields', async () => {
    const { credentialStatus, evidence, '@context': context } = full;
    const small = { ...basic, '@context': context, credentialStatus, evidence };
    const all = places(small).filter((path) => path[0] !== '@context');
    let held = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...all), fc.oneof(scalar, anyNode), async (path, value) => {
        const document = changed(small, path, value);
        await expectSame(document);
        held += (await isHeld(document)) ? 1 : 0;
      }),
      { numRuns: 60 },
    );
    expect(held).toBeGreaterThan(10);
  });

  it.each<[string, unknown, boolean]>([
    [
      'the same node twice, said the same way',
      { issuer: { id: 'https://a.example/i', type: 'Profile', name: 'A' }, creator: 1 },
      false,
    ],
    ['an empty object', { evidence: [{}] }, true],
    ['an empty list', { evidence: [] }, true],
    ['an absent value', { name: null }, false],
    [
      'a name in two languages',
      {
        name: [
          { '@value': 'A', '@language': 'fr' },
          { '@value': 'B', '@language': 'en' },
        ],
      },
      true,
    ],
    [
      'two directions of one text',
      {
        name: [
          { '@value': 'A', '@direction': 'ltr' },
          { '@value': 'A', '@direction': 'rtl' },
        ],
      },
      false,
    ],
    [
      'a number with a fraction',
      { credentialSubject: { type: 'AchievementSubject', creditsEarned: 1.5 } },
      true,
    ],
    ['a huge number', { credentialSubject: { type: 'AchievementSubject', creditsEarned: 1e300 } }, true],
    ['a word that no context defines', { unheardOf: 'x' }, false],
    ['an address that is none', { issuer: 'somebody' }, false],
    ['a name of a node from nowhere', { id: '_:b0' }, false],
    ['a property that is a type in disguise', { 'rdf:type': 'x' }, false],
  ])('are those of the library for %s', async (_what, members, held) => {
    const document = { ...basic, ...(members as JsonObject) };
    await expectSame(document);
    expect(await isHeld(document)).toBe(held);
  });

  it('are those of the library for members that an object inherits', async () => {
    const heir = Object.create({ type: ['Profile'], unheardOf: 'x' }) as JsonObject;
    const document = { ...basic, issuer: Object.assign(heir, { id: 'https://badges.example/i' }) };
    await expectSame(document);
    expect(await isHeld(document)).toBe(false);
  });

  it('hold the contexts of one store apart from those of another that has the same address', async () => {
    const url = 'https://badges.example/words';
    const storeOf = (iri: string): ContextStore => new ContextStore({ [url]: { '@context': { note: iri } } });
    const document = { '@context': [vcContext, url], type: 'VerifiableCredential', note: 'x' };
    const [one, other] = await Promise.all([
      canonize(document, storeOf('https://one.example/note')),
      canonize(document, storeOf('https://other.example/note')),
    ]);
    expect([one.includes('one.example'), other.includes('other.example')]).toEqual([true, true]);
    expect(one).toBe(await canonizeByLibrary(document, storeOf('https://one.example/note')));
  });

  it('stay the same after more contexts than are held', async () => {
    const words = { '@version': 1.1, id: '@id', note: 'https://badges.example/note' };
    const urls = ['https://a.example/1', 'https://a.example/2', 'https://a.example/3'];
    const store = new ContextStore(Object.fromEntries(urls.map((url) => [url, { '@context': words }])));
    const documents = Array.from({ length: 450 }, (_, n) => ({
      '@context': Array.from({ length: 6 }, (_item, i) => urls[Math.floor(n / 3 ** i) % 3]!),
      id: 'https://badges.example/1',
      note: 'x',
    }));
    const texts = new Set(await Promise.all(documents.map((document) => canonize(document, store))));
    expect([...texts]).toEqual([await canonizeByLibrary(documents[0]!, store)]);
  });

  it('are those of the library for a list of values in their order, empty, alone or twice', async () => {
    const described = (allowedValue: unknown): JsonObject => ({
      ...basic,
      credentialSubject: {
        type: ['AchievementSubject'],
        achievement: {
          id: 'https://badges.example/a',
          type: ['Achievement'],
          resultDescription: [
            { id: 'urn:uuid:1', type: ['ResultDescription'], allowedValue },
            { id: 'urn:uuid:1', type: ['ResultDescription'], allowedValue },
          ],
        },
      },
    });
    for (const value of [[], ['A'], 'A', ['A', 'B', 'A'], [null], [['A']], [1, true]])
      await expectSame(described(value));
    expect(await isHeld(described(['A', 'B']))).toBe(true);
  });
});
