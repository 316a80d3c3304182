import fc from 'fast-check';
import { DomainError, sha256 } from '#platform';
import { canonize, type JsonObject } from './canonical.js';
import { CanonicalTemplates } from './canonical-templates.js';
import { openBadgesContext, openBadgesExtensions, vcContext } from './contexts.js';
import { prepare } from './data-integrity.js';

const slots = [
  '/id',
  '/validFrom',
  '/name',
  '/credentialSubject/id',
  '/credentialSubject/identifier/*/identityHash',
  '/credentialSubject/identifier/*/salt',
  '/credentialSubject/narrative',
  '/credentialSubject/achievement/tag/*',
  '/credentialSubject/result/*/value',
  '/evidence/*/id',
  '/evidence/*/narrative',
  '/credentialStatus/id',
  '/credentialStatus/statusListIndex',
];

interface Given {
  id: string;
  subject: string;
  evidence: string;
  text: string;
  tags: string[];
  salts: string[];
  value?: string;
  until?: string;
  url?: string;
}

/** A badge with nodes that have ids and nodes that have none. */
const aDocument = (given: Partial<Given> = {}): JsonObject => {
  const { id, subject, evidence, text, tags, salts, value, until, url }: Given = {
    id: 'https://badges.example/b/1',
    subject: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
    evidence: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f02',
    text: 'Rédige un message.',
    tags: ['courriel'],
    salts: ['k3n9w2'],
    ...given,
  };
  return {
    '@context': [vcContext, openBadgesContext, openBadgesExtensions],
    id,
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: text,
    issuer: {
      id: 'did:web:badges.example:issuers:north',
      type: ['Profile'],
      name: 'Structure du Nord',
      ...(url !== undefined && { url }),
      otherIdentifier: [{ type: 'IdentifierEntry', identifier: '123', identifierType: 'ext:SIRET' }],
    },
    validFrom: '2026-11-20T09:30:00Z',
    ...(until !== undefined && { validUntil: until }),
    credentialSubject: {
      id: subject,
      type: ['AchievementSubject'],
      narrative: text,
      identifier: salts.map((salt) => ({
        type: 'IdentityObject',
        hashed: true,
        identityHash: `sha256$${salt}`,
        identityType: 'name',
        salt,
      })),
      achievement: {
        id: 'https://badges.example/achievements/mail',
        type: ['Achievement'],
        name: 'Envoyer un courriel',
        description: 'Écrire « bonjour »\nà quelqu’un.\tPuis "envoyer" \\ effacer.',
        criteria: { id: 'https://badges.example/achievements/mail#criteria', narrative: 'Envoie.' },
        ...(tags.length > 0 && { tag: tags }),
        alignment: ['2.1', '2.2'].map((code) => ({
          type: ['Alignment'],
          targetName: `Compétence ${code}`,
          targetUrl: `https://example.org/${code}`,
          targetCode: code,
        })),
      },
      result: [
        {
          type: ['Result'],
          resultDescription: 'https://badges.example/achievements/mail#how',
          ...(value !== undefined && { value }),
        },
      ],
    },
    evidence: [{ id: evidence, type: ['Evidence'], narrative: text }],
    credentialStatus: {
      id: `${id}#status`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '4711',
      statusListCredential: 'https://badges.example/status/1',
    },
  };
};

type Canonical = (document: JsonObject) => Promise<string>;
/** The text, or the code of the refusal. */
const outcome = async (canonical: Canonical, document: JsonObject): Promise<string> => {
  try {
    return await canonical(document);
  } catch (error) {
    if (error instanceof DomainError) return `refused: ${error.code}`;
    throw error;
  }
};
const expectSame = async (templates: CanonicalTemplates, document: JsonObject): Promise<string> => {
  const before = JSON.stringify(document);
  const one = await outcome((it) => templates.canonize(it), document);
  expect(one).toBe(await outcome(canonize, document));
  expect(JSON.stringify(document)).toBe(before);
  return one;
};

const traps = [
  '',
  ' ',
  '"',
  '\\',
  '\\u0041',
  '\n',
  'a\r\nb',
  '\t\b\f\u0000\u0007\u007f',
  '\ud83d',
  '\udc00x\ud800',
  '😀',
  '\u{10ffff}',
  '\uffff',
  '\u202eabc',
  '\u2028',
  'é',
  'e\u0301',
  '@id',
  '@type',
  '@value',
  '@unknown',
  '_:b0',
  '_:c14n0',
  '<https://x.example/>',
  '" .\n<urn:a> <urn:b> <urn:c> .\n',
  '__proto__',
  'null',
  'true',
  '1e400',
  'https://badges.example/b/1',
  'urn:uuid:00000000-0000-4000-8000-000000000000',
  '2026-11-20T09:30:00Z',
  'x'.repeat(20_000),
];
const hostile = fc.oneof(
  fc.constantFrom(...traps),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);
const plainName = fc.oneof(
  fc.uuid().map((id) => `urn:uuid:${id}`),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
);
const anyName = fc.oneof(
  { weight: 3, arbitrary: plainName },
  fc.constantFrom(
    '',
    'relative',
    '../up',
    '#here',
    '//host/path',
    '_:b0',
    'did:web:x.example',
    'mailto:a',
    'urn:x',
    'https://a b',
    'https://a>b',
    'https://é.example/',
    'https://a/\n<urn:x>',
    'https://a\\b',
    'javascript:1',
    '@id',
    '@type',
    '@none',
    'name',
    'Profile',
    'ext:x',
    // Names that other nodes of the document have: two nodes become one.
    'https://badges.example/achievements/mail',
    'https://badges.example/status/1',
    'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f02',
    'did:web:badges.example:issuers:north',
  ),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

describe('a template of canonical forms', () => {
  it('gives byte for byte what the library gives, whatever strings fill it and whatever is absent', async () => {
    const templates = new CanonicalTemplates(slots);
    const given = fc.record({
      id: plainName,
      subject: plainName,
      evidence: plainName,
      text: hostile,
      tags: fc.array(hostile, { maxLength: 3 }),
      salts: fc.array(hostile, { minLength: 1, maxLength: 2 }),
      value: optional(hostile),
      until: optional(fc.constant('2030-01-01T00:00:00Z')),
      url: optional(fc.constantFrom('https://a.example', 'https://b.example/?q=1')),
    });
    await fc.assert(
      fc.asyncProperty(given, async (values) => void (await expectSame(templates, aDocument(values)))),
      { numRuns: 200 },
    );
    expect(templates.counts.filled).toBeGreaterThan(60);
    expect(templates.counts.unfit).toBe(0);
  }, 180_000);

  it('knows the digest of a text at once, whatever strings fill it, or leaves it to be asked for', async () => {
    const templates = new CanonicalTemplates(slots);
    for (const given of [{}, { tags: [] }, { tags: ['a', 'b'] }, { salts: ['a', 'b'] }])
      await templates.prepareText(JSON.stringify(aDocument(given)));
    const given = fc.record({
      id: anyName,
      subject: plainName,
      evidence: plainName,
      text: hostile,
      tags: fc.array(hostile, { maxLength: 2 }),
      salts: fc.array(hostile, { minLength: 1, maxLength: 2 }),
    });
    let [known, differing] = [0, 0];
    await fc.assert(
      fc.asyncProperty(given, fc.nat(), async (values, at) => {
        const document = aDocument(values);
        const bytes = Buffer.from(JSON.stringify(document));
        const atOnce = templates.prepareKnown(bytes);
        if (atOnce) {
          known += 1;
          expect(atOnce.documentHash).toEqual(sha256(await canonize(document)));
          expect(atOnce.document).toEqual(JSON.parse(bytes.toString()));
          expect((await templates.prepare(document)).documentHash).toEqual(atOnce.documentHash);
        }
        // One byte more, less or other is another text: it is read as what it says, or not at all.
        bytes[at % bytes.length]! ^= 1 << (at % 7);
        const changed = templates.prepareKnown(bytes);
        if (!changed) differing += 1;
        else expect(changed.document).toEqual(JSON.parse(bytes.toString()));
      }),
      { numRuns: 200 },
    );
    expect(known).toBeGreaterThan(60);
    expect(differing).toBeGreaterThan(60);
  }, 180_000);

  it('refuses with the same code what the library refuses, and names two nodes alike as it does', async () => {
    const templates = new CanonicalTemplates(slots);
    await templates.canonize(aDocument());
    const given = fc.record({ id: anyName, subject: anyName, evidence: anyName, text: hostile });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(given, async (values) => {
        if ((await expectSame(templates, aDocument(values))).startsWith('refused')) refused += 1;
      }),
      { numRuns: 100 },
    );
    expect(refused).toBeGreaterThan(20);
    expect(templates.counts.fellBack).toBeGreaterThan(refused);
    expect(templates.counts.filled).toBeGreaterThan(20);
  }, 120_000);

  it('holds for slots anywhere, whether they can be slots or not', async () => {
    const everywhere = leafPointers(aDocument({ value: '1', until: '2030-01-01T00:00:00Z' }));
    const templates = new Map<string, CanonicalTemplates>();
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(everywhere, { minLength: 1 }),
        fc.array(hostile),
        async (pointers, strings) => {
          const key = pointers.join(' ');
          const own = templates.get(key) ?? new CanonicalTemplates(pointers);
          templates.set(key, own);
          await expectSame(own, aDocument());
          await expectSame(own, aDocument({ text: strings[0] ?? 'x', tags: strings.slice(1, 3) }));
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);

  it.each(leafPointers(aDocument({ value: '1' })))('holds for a slot at %s', async (pointer) => {
    const templates = new CanonicalTemplates([pointer]);
    const document = aDocument({ value: '1' });
    await expectSame(templates, document);
    for (const other of ['https://x.example/', 'a"b']) {
      const changed = structuredClone(document);
      setAt(changed, pointer, other);
      await expectSame(templates, changed);
    }
  });

  it('leaves to the library two blank nodes that nothing tells apart', async () => {
    const templates = new CanonicalTemplates(slots);
    await expectSame(templates, aDocument({ salts: ['a', 'b'] }));
    await expectSame(templates, aDocument({ salts: ['b', 'a'] }));
    expect(templates.counts).toMatchObject({ filled: 1, fellBack: 0 });
    await expectSame(templates, aDocument({ salts: ['a', 'a'] }));
    // Hashes are made of UTF-8, where any half of a pair is the same replacement character.
    await expectSame(templates, aDocument({ salts: ['\ud800', '\ud801'] }));
    expect(templates.counts).toMatchObject({ filled: 1, fellBack: 2 });
  });

  it('is made also of a document for which the library had to answer', async () => {
    const templates = new CanonicalTemplates(slots);
    await expectSame(templates, aDocument({ salts: ['a', 'a'] }));
    await expectSame(templates, aDocument({ salts: ['a', 'b'] }));
    expect(templates.counts).toMatchObject({ made: 1, filled: 1, fellBack: 0, unfit: 0 });
  });

  it('leaves to the library a statement made twice', async () => {
    const templates = new CanonicalTemplates(slots);
    await expectSame(templates, aDocument({ tags: ['a', 'b'] }));
    await expectSame(templates, aDocument({ tags: ['b', 'b'] }));
    expect(templates.counts).toMatchObject({ filled: 0, fellBack: 1, unfit: 0 });
  });

  it('finds a template by every constant, so that nothing is signed that does not stand in the document', async () => {
    const templates = new CanonicalTemplates(slots);
    const constants = leafPointers(aDocument()).filter(
      (pointer) => !slots.some((slot) => new RegExp(`^${slot.replaceAll('*', '\\d+')}$`).test(pointer)),
    );
    await templates.canonize(aDocument());
    for (const pointer of constants) {
      const changed = aDocument();
      setAt(changed, pointer, `${getAt(changed, pointer)}x`);
      await expectSame(templates, changed);
    }
    expect(templates.counts.filled).toBe(0);
  });

  it('is made once for documents that come at the same time', async () => {
    const templates = new CanonicalTemplates(slots);
    const documents = ['a', 'b', 'c', 'd'].map((text) => aDocument({ text }));
    const texts = await Promise.all(documents.map((document) => templates.canonize(document)));
    for (const [i, document] of documents.entries()) expect(texts[i]).toBe(await canonize(document));
    expect(templates.counts).toEqual({ made: 1, filled: 3, fellBack: 0, unfit: 0 });
  });

  it('is not spoilt by a first document that is refused, nor are those that came with it', async () => {
    const templates = new CanonicalTemplates(slots);
    const documents = ['relative', 'https://b.example/1', 'https://b.example/2'].map((id) =>
      aDocument({ id }),
    );
    const outcomes = await Promise.all(documents.map((it) => outcome((one) => templates.canonize(one), it)));
    expect(outcomes[0]).toBe('refused: jsonld_unsafe');
    for (const i of [1, 2]) expect(outcomes[i]).toBe(await canonize(documents[i]!));
    for (const document of documents) await expectSame(templates, document);
    expect(templates.counts).toMatchObject({ made: 1, filled: 1, unfit: 0 });
  });

  it('forgets the shape that was not used for longest', async () => {
    const templates = new CanonicalTemplates(slots, undefined, 2);
    const urls = ['https://a.example', 'https://b.example', 'https://a.example', 'https://c.example'];
    for (const url of urls) await templates.canonize(aDocument({ url }));
    await templates.canonize(aDocument({ url: 'https://a.example' }));
    expect(templates.counts).toMatchObject({ made: 3, filled: 2 });
    await templates.canonize(aDocument({ url: 'https://b.example' }));
    expect(templates.counts).toMatchObject({ made: 4, filled: 2 });
  });

  it('makes no template of a document that JSON text cannot tell from others', async () => {
    const templates = new CanonicalTemplates(slots);
    const subject = aDocument().credentialSubject as JsonObject;
    const doubtful = (creditsAvailable: unknown): JsonObject => ({
      ...aDocument(),
      credentialSubject: {
        ...subject,
        achievement: { ...(subject.achievement as JsonObject), creditsAvailable },
      },
    });
    for (const value of [null, 0, -0]) await expectSame(templates, doubtful(value));
    expect(templates.counts.made).toBeGreaterThan(0);
    expect(templates.counts.filled).toBe(0);
    expect(templates.counts.made).toBe(templates.counts.unfit);
  });

  it('prepares a document for signing as the general way does, its proof set aside', async () => {
    const templates = new CanonicalTemplates(slots);
    for (const proof of [undefined, [{ type: 'DataIntegrityProof' }], undefined]) {
      const document = { ...aDocument(), ...(proof && { proof }) };
      const { shape, ...prepared } = await templates.prepare(document);
      expect(prepared).toEqual(await prepare(document));
      expect(shape?.values).toContain('k3n9w2');
      expect(shape?.constants).not.toContain('k3n9w2');
    }
    expect(templates.counts).toMatchObject({ made: 1, filled: 2 });
  });
});

function leafPointers(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, item]) => leafPointers(item, `${path}/${name}`));
}

function getAt(document: JsonObject, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((value, name) => (value as JsonObject)[name] as JsonObject, document as unknown);
}

function setAt(document: JsonObject, pointer: string, value: string): void {
  const names = pointer.split('/').slice(1);
  const last = names.pop() as string;
  const parent = names.reduce((inner, name) => inner[name] as JsonObject, document);
  parent[last] = value;
}
