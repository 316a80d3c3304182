import { canonize, type JsonObject, vcContext } from '#signing';
import { verifyAnyCredential, verifyBadge } from '#verification';
import { aPresentation, examplesContext, holder, open, presented, verifyShown } from './any-world.js';
import { aRecord } from './statements.js';
import {
  aBadge,
  aList,
  answer,
  aSubject,
  aWeb,
  listUrl,
  now,
  origin,
  signed,
  statusIndex,
  verify,
} from './world.js';

const vc = 'https://www.w3.org/2018/credentials#';
const dateTime = 'http://www.w3.org/2001/XMLSchema#dateTime';
const obv = 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#';
const ended = '2026-11-21T00:00:00Z';

const without = (document: JsonObject, ...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)));

/** A badge of ours that was revoked and is over, signed well; what anybody who holds it can write anew. */
const taken = (given: JsonObject = {}) => signed(aBadge({ validUntil: ended, ...given }));
const judge = async (document: JsonObject) =>
  verify(document, { [listUrl]: await aList({ revoked: [statusIndex] }) });

// An RDF suite signs statements: these are the same statements in other words, and the proof still fits them.
const disguises: [string, (badge: JsonObject) => JsonObject][] = [
  [
    'its status written as an address',
    (badge) => ({ ...without(badge, 'credentialStatus'), [`${vc}credentialStatus`]: badge.credentialStatus }),
  ],
  [
    'its end written as an address',
    (badge) => ({
      ...without(badge, 'validUntil'),
      [`${vc}validUntil`]: { '@value': badge.validUntil, '@type': dateTime },
    }),
  ],
  [
    'both written as addresses',
    (badge) => ({
      ...without(badge, 'credentialStatus', 'validUntil'),
      [`${vc}credentialStatus`]: badge.credentialStatus,
      [`${vc}validUntil`]: { '@value': badge.validUntil, '@type': dateTime },
    }),
  ],
  [
    'whose it is written as an address',
    (badge) => {
      const subject = badge.credentialSubject as JsonObject;
      return {
        ...badge,
        credentialSubject: { ...without(subject, 'identifier'), [`${obv}identifier`]: subject.identifier },
      };
    },
  ],
  ['a type under the keyword', (badge) => ({ ...without(badge, 'type'), '@type': badge.type })],
  ['an id under the keyword', (badge) => ({ ...without(badge, 'id'), '@id': badge.id })],
];

describe('a withdrawn badge in other words that its proof fits as well', () => {
  it('is withdrawn as it was signed', async () => {
    expect((await judge(await taken())).verdict).toBe('withdrawn');
  });

  it.each(disguises)('is not authentic with %s', async (_what, change) => {
    const report = await judge(change(await taken()));
    expect(answer(report, 'context')).toBe('failed jsonld_unsafe');
    expect(report.verdict).toBe('not_authentic');
  });

  it.each(disguises)('is not authentic with %s, handed in as a file', async (_what, change) => {
    const fetcher = await aWeb({ [listUrl]: await aList({ revoked: [statusIndex] }) });
    const report = await verifyBadge(Buffer.from(JSON.stringify(change(await taken()))), { fetcher, now });
    expect(report.verdict).toBe('not_authentic');
  });

  it('is not authentic with its status at another node of the same id', async () => {
    const id = `${origin}/b/0000000000000000000000000a`;
    const service = { id, type: '1EdTechCredentialRefresh' };
    const badge = await taken({ refreshService: service });
    expect((await judge(badge)).verdict).toBe('withdrawn');
    const moved = {
      ...without(badge, 'credentialStatus', 'validUntil'),
      refreshService: {
        id,
        type: ['1EdTechCredentialRefresh', 'VerifiableCredential'],
        credentialStatus: badge.credentialStatus,
        validUntil: badge.validUntil,
      },
    };
    const report = await judge(moved);
    expect(answer(report, 'context')).toBe('failed jsonld_unsafe');
    expect(report.verdict).toBe('not_authentic');
  });
});

describe('a presentation in other words that its proof fits as well', () => {
  const id = 'urn:uuid:7d1f3c5e-4a54-4f6c-8b5b-1d2f03aa0001';
  const own = { id, type: ['ExamplePolicy'] };
  /** The policy is the presentation itself: what is said of the one is said of the other. */
  const shown = async () =>
    presented(await aPresentation({ '@context': [vcContext, examplesContext], id, termsOfUse: own }));
  const moved = (presentation: JsonObject, ...names: string[]): JsonObject => ({
    ...without(presentation, ...names),
    termsOfUse: {
      id,
      type: [...own.type, 'VerifiablePresentation'],
      ...Object.fromEntries(names.map((name) => [name, presentation[name]])),
    },
  });

  it('is verified as it was signed, also without an id and with one credential twice', async () => {
    expect(await verifyShown(await shown())).toMatchObject({ isVerified: true, holder: holder.did });
    const [one] = (await aPresentation()).verifiableCredential as JsonObject[];
    const twice = await presented(await aPresentation({ verifiableCredential: [one, one] }));
    expect(await verifyShown(twice)).toMatchObject({ isVerified: true });
  });

  it.each([[['holder']], [['verifiableCredential']], [['holder', 'verifiableCredential']]])(
    'is not verified with %j at another node of the same id',
    async (names) => {
      const report = await verifyShown(moved(await shown(), ...names));
      expect(open(report)).toEqual(['context failed jsonld_unsafe']);
      expect(report).toMatchObject({ isVerified: false, credentials: [] });
    },
  );

  it.each(['holder', 'verifiableCredential'])(
    'is not verified with %s written as an address',
    async (name) => {
      const presentation = await shown();
      const written = { ...without(presentation, name), [`${vc}${name}`]: presentation[name] };
      expect(open(await verifyShown(written))).toEqual(['context failed jsonld_unsafe']);
    },
  );
});

describe('a record in other words that its proof fits as well', () => {
  const learner = 'urn:uuid:7d1f3c5e-4a54-4f6c-8b5b-1d2f03aa0002';
  const achievement = { id: learner, type: ['Achievement'] };
  const holding = async (...badges: JsonObject[]) =>
    signed(
      aRecord({
        credentialSubject: {
          id: learner,
          type: ['ClrSubject'],
          verifiableCredential: badges,
          achievement: [achievement],
        },
      }),
    );

  it('is not authentic when what it holds stands at another node of the same id', async () => {
    const forged = { ...(await signed()), name: 'Piloter un avion' };
    const record = await holding(forged);
    const subject = record.credentialSubject as JsonObject;
    const hidden = {
      ...record,
      credentialSubject: {
        ...without(subject, 'verifiableCredential'),
        achievement: [
          {
            ...achievement,
            type: ['Achievement', 'ClrSubject'],
            verifiableCredential: subject.verifiableCredential,
          },
        ],
      },
    };
    expect(answer(await judge(hidden), 'context')).toBe('failed jsonld_unsafe');
    expect((await verifyAnyCredential(hidden, { fetcher: await aWeb(), now })).verdict).toBe('not_authentic');
  });

  it('may hold a record of the same person', async () => {
    const outer = await holding(await holding(await signed()));
    expect(answer(await judge(outer), 'context')).toBe('passed contexts_known');
  });
});

describe('a status list in other words', () => {
  it('says nothing once its end is written as an address', async () => {
    const list = await aList();
    const end = list.validUntil ?? '2026-11-23T09:00:00Z';
    const hidden = await aList({ change: (one) => ({ ...one, validUntil: end }) });
    const forged = {
      ...without(hidden, 'validUntil'),
      [`${vc}validUntil`]: { '@value': end, '@type': dateTime },
    };
    expect((await verify(await signed(), { [listUrl]: hidden })).verdict).toBe('authentic');
    expect((await verify(await signed(), { [listUrl]: forged })).verdict).toBe('cannot_check');
  });
});

describe('what is signed', () => {
  it.each([
    ['a word of the vocabulary as an address', { [`${vc}validUntil`]: '2027-01-01T00:00:00Z' }],
    [
      'a type as a statement of RDF',
      { 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type': { id: 'urn:a:b' } },
    ],
    ['a word with a prefix', { 'cred:validUntil': '2027-01-01T00:00:00Z' }],
    ['a node without a name by a label', { evidence: [{ id: '_:b0', type: ['Evidence'] }] }],
  ])('has no canonical form with %s', async (_what, more) => {
    await expect(canonize(aBadge(more))).rejects.toMatchObject({ code: 'jsonld_unsafe' });
  });

  it('may hold words of other vocabularies as addresses', async () => {
    const own = aBadge({ credentialSubject: aSubject({ 'https://example.org/words#room': 'B 12' }) });
    expect((await verify(await signed(own))).verdict).toBe('authentic');
  });
});
