import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import {
  type JsonObject,
  multikeyOf,
  openBadgesContext,
  recordContext,
  signWithDataIntegrity,
} from '#signing';
import { aBadge, anAchievement, aSubject, FakeWeb, now } from '../../../test/vectors/world.js';
import { textCounts } from './known-texts.js';
import { verifiedClasses } from './schema-classes.js';
import { verifyCredential } from './verify-credential.js';

const pair = generateKeyPairSync('ed25519');
const multikey = multikeyOf(pair.publicKey);
const did = `did:key:${multikey}`;
const kid = `${did}#${multikey}`;
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

/** A badge of a stranger, of which nothing has to be fetched. */
const aStranger = (given: JsonObject = {}): JsonObject => {
  const { credentialStatus: _status, ...badge } = aBadge({
    credentialSubject: aSubject(given.subject as JsonObject),
  });
  const { subject: _subject, ...rest } = given;
  return { ...badge, issuer: { id: did, type: ['Profile'], name: 'Ailleurs' }, ...rest };
};

const claimsOf = (badge: JsonObject): JsonObject => ({
  iss: did,
  jti: badge.id,
  sub: (badge.credentialSubject as JsonObject | undefined)?.id,
  nbf: Math.floor(Date.parse(String(badge.validFrom)) / 1000) || 0,
  ...(badge.validUntil === undefined
    ? {}
    : { exp: Math.floor(Date.parse(String(badge.validUntil)) / 1000) || 0 }),
});

/** A JWT of exactly this payload, signed. */
function tokenOf(payload: string): string {
  const content = `${encoded(JSON.stringify({ alg: 'EdDSA', kid }))}.${encoded(payload)}`;
  return `${content}.${sign(null, Buffer.from(content), pair.privateKey).toString('base64url')}`;
}

const payloadOf = (badge: JsonObject): string => JSON.stringify({ ...badge, ...claimsOf(badge) });
const told = async (input: string) => {
  const { verdict, checks, credential } = await verifyCredential(input, {
    fetcher: new FakeWeb(new Map()),
    now,
  });
  return { verdict, checks: checks.map(({ name, code, remark }) => [name, code, remark]), credential };
};

let spaces = 0;
/** The same JSON, written as it never was before: no form of it is known. */
function afresh(text: string): string {
  spaces += 1;
  return text.replace('{', `{${' '.repeat(spaces)}`);
}

/** The answer for a text whose form may be known, after making sure that it is the answer for one of no known form. */
async function toldAlike(badge: JsonObject) {
  const payload = payloadOf(badge);
  const without = await told(tokenOf(afresh(payload)));
  const first = await told(tokenOf(payload));
  expect(first).toEqual(without);
  expect(await told(tokenOf(payload))).toEqual(without);
  return without;
}

const at = (document: JsonObject, path: string, value: unknown): JsonObject => {
  const copy = JSON.parse(JSON.stringify(document)) as JsonObject;
  const steps = path.split('.');
  let place = copy;
  for (const step of steps.slice(0, -1)) place = place[step] as JsonObject;
  if (value === undefined) delete place[steps.at(-1)!];
  else place[steps.at(-1)!] = value;
  return copy;
};

/** Paths of every value of a document. */
const pathsOf = (value: unknown, path = ''): string[] =>
  value === null || typeof value !== 'object'
    ? [path]
    : [
        ...(path === '' ? [] : [path]),
        ...Object.entries(value).flatMap(([name, item]) =>
          pathsOf(item, path === '' ? name : `${path}.${name}`),
        ),
      ];

describe('texts whose form is known', () => {
  // The schemas are compiled once, which takes a while on a busy machine.
  beforeAll(async () => void (await toldAlike(aStranger())), 60_000);

  it('are asked about by rules none of which compares two values', () => {
    expect(verifiedClasses().isSound).toBe(true);
  });

  it('need neither schema nor contexts looked at again', async () => {
    const before = textCounts.known;
    for (const number of [1, 2, 3]) {
      const id = `https://badges.example/b/${number}`;
      const validFrom = `2026-11-20T09:3${number}:00Z`;
      const { verdict } = await told(
        tokenOf(payloadOf(aStranger({ id, validFrom, name: `Un badge « ${number} »` }))),
      );
      expect(verdict).toBe('authentic');
    }
    expect(textCounts.known - before).toBe(3);
  });

  const context = aBadge()['@context'] as string[];
  it.each<[string, (badge: JsonObject) => JsonObject, string]>([
    ['a field that no context defines', (badge) => ({ ...badge, nowhereDefined: 'x' }), 'jsonld_unsafe'],
    [
      'such a field deep inside',
      (badge) => at(badge, 'credentialSubject.achievement.nowhereDefined', 'x'),
      'jsonld_unsafe',
    ],
    ['a field renamed', (badge) => at({ ...badge, nom: badge.name }, 'name', undefined), 'jsonld_unsafe'],
    [
      'a term redefined in a context of its own',
      (badge) => ({ ...badge, '@context': [...context, { name: 'https://x.example/n' }] }),
      'context_inline',
    ],
    [
      'a term redefined below',
      (badge) => at(badge, 'credentialSubject.@context', { achievement: 'https://x.example/a' }),
      'context_inline',
    ],
    [
      'a strange context',
      (badge) => ({ ...badge, '@context': [...context, 'https://x.example/context'] }),
      'context_unknown',
    ],
    [
      'a strange context in place of one that is known',
      (badge) => ({ ...badge, '@context': [context[0], context[1], 'https://x.example/context'] }),
      'context_unknown',
    ],
    [
      'a known context that lacks its words',
      (badge) => ({ ...badge, '@context': [context[0], context[0], context[2]] }),
      'jsonld_unsafe',
    ],
    [
      'a known context in another order',
      (badge) => ({ ...badge, '@context': [context[1], context[0], context[2]] }),
      'context_order',
    ],
    [
      'a context below',
      (badge) => at(badge, 'credentialSubject.achievement.@context', 'https://x.example/context'),
      'context_unknown',
    ],
    [
      'a type that no context defines',
      (badge) => ({ ...badge, type: [...(badge.type as string[]), 'NowhereDefined'] }),
      'jsonld_unsafe',
    ],
    [
      'a type in place of another',
      (badge) => at(badge, 'credentialSubject.achievement.type', ['Achievements']),
      'jsonld_unsafe',
    ],
    [
      'a relative address',
      (badge) => at(badge, 'credentialSubject.achievement.id', 'achievements/mail'),
      'jsonld_unsafe',
    ],
    [
      'an address that would smuggle a statement',
      (badge) => ({ ...badge, id: 'https://x.example/>\n_:a' }),
      'jsonld_unsafe',
    ],
    ['a keyword of JSON-LD', (badge) => ({ ...badge, '@included': [] }), 'jsonld_unsafe'],
    [
      'a keyword as an address',
      (badge) => at(badge, 'credentialSubject.achievement.id', '@type'),
      'jsonld_unsafe',
    ],
    ['a date that is none', (badge) => ({ ...badge, awardedDate: 'hier' }), 'schema_broken'],
    ['a day that is none', (badge) => ({ ...badge, validFrom: '2026-02-30T00:00:00Z' }), 'schema_broken'],
    [
      'a word that is not on a list',
      (badge) => at(badge, 'credentialSubject.achievement.achievementType', 'Unheard'),
      'schema_broken',
    ],
    [
      'a type of schema that asks for less',
      (badge) => ({ ...badge, type: ['VerifiableCredential'] }),
      'type_unknown',
    ],
    [
      'a schema of another kind',
      (badge) =>
        at(
          badge,
          'credentialSchema.0.id',
          'https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json',
        ),
      'schema_broken',
    ],
    ['a number where a text was', (badge) => ({ ...badge, name: 7 }), 'schema_broken'],
    ['nothing where a text was', (badge) => ({ ...badge, name: null }), 'schema_broken'],
    ['its subject away', (badge) => at(badge, 'credentialSubject', undefined), 'schema_broken'],
    [
      'a result of a description that is not there',
      (badge) => at(badge, 'credentialSubject.result.0.resultDescription', 'https://x.example/'),
      'result_without_description',
    ],
    [
      'a level that is not there',
      (badge) => at(badge, 'credentialSubject.result.0.achievedLevel', 'https://x.example/'),
      'level_unknown',
    ],
    ['an end that is over', (badge) => ({ ...badge, validUntil: '2026-11-21T00:00:00Z' }), 'expired'],
    [
      'another issuer',
      (badge) => at(badge, 'issuer.id', 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'),
      'key_of_another_issuer',
    ],
  ])('are still refused for %s', async (_what, change, code) => {
    expect((await told(tokenOf(payloadOf(aStranger())))).verdict).toBe('authentic');
    const { verdict, checks } = await toldAlike(change(aStranger()));
    expect(checks.map(([, found]) => found)).toContain(code);
    expect(verdict).not.toBe('authentic');
  });

  it.each([
    [
      'a name written twice',
      (text: string) => text.replace('"name":', '"name":"x","name":'),
      'duplicate_key',
    ],
    [
      'a name that is forbidden',
      (text: string) => text.replace('"name":', '"__proto__":"x","name":'),
      'forbidden_key',
    ],
    ['a string that is none', (text: string) => text.replace('"Envoyer', '"\\qEnvoyer'), 'not_json'],
    ['a line break in a string', (text: string) => text.replace('"Envoyer', '"\nEnvoyer'), 'not_json'],
    ['a number that is none', (text: string) => text.replace('"nbf":', '"nbf":0'), 'not_json'],
    ['something behind it', (text: string) => `${text}x`, 'not_json'],
  ])('are still not read with %s', async (_what, change, code) => {
    expect((await told(tokenOf(payloadOf(aStranger())))).verdict).toBe('authentic');
    const text = change(payloadOf(aStranger()));
    const { verdict, checks } = await told(tokenOf(text));
    expect(checks.map(([name, found]) => [name, found])).toEqual([['parse', code]]);
    expect(verdict).toBe('not_authentic');
  });

  it.each([
    ['sub', 'urn:uuid:00000000-0000-4000-8000-000000000000'],
    ['jti', 'https://badges.example/b/other'],
    ['iss', 'https://badges.example'],
    ['nbf', 1_700_000_000],
  ])('are still compared with the claim %s', async (name, value) => {
    const payload = JSON.stringify({ ...aStranger(), ...claimsOf(aStranger()), [name]: value });
    expect((await told(tokenOf(payload))).checks).toContainEqual(['proof', 'jwt_claims_differ', name]);
  });

  it('give the answer that they give without memory, whatever was changed', async () => {
    const before = textCounts.known;
    const counts = { authentic: 0, other: 0 };
    const base = aStranger({
      description: 'Un badge',
      validUntil: '2036-11-20T09:30:00Z',
      evidence: [{ id: 'https://x.example/e', type: ['Evidence'], narrative: 'Vu.' }],
      subject: {
        activityEndDate: '2026-11-19T09:30:00Z',
        achievement: { ...anAchievement(), tag: ['courriel'], version: '1' },
      },
    });
    expect((await toldAlike(base)).verdict).toBe('authentic');
    const paths = pathsOf(base);
    const values = fc.oneof(
      fc.constantFrom<unknown>(
        'https://x.example/y',
        'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
        'did:web:x',
        'Badge',
        'Course',
        'fr',
        'ext:Autre',
        'name',
        'Achievement',
        'Profile',
        '2026-11-20T09:30:00Z',
        '2026-11-20',
        '',
        ' ',
        '@id',
        '@type',
        '_:b0',
        'schema:name',
        'a b',
        'x:y>',
        openBadgesContext,
        recordContext,
        'x.y.z',
        '1',
        1,
        1.5,
        true,
        null,
        [],
        {},
        ['x'],
        [['x']],
        { id: 'https://x.example/' },
        { '@value': 'x' },
        { '@value': 'x', '@language': 'fr' },
      ),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc
        .constantFrom(...paths)
        .map((path) => path.split('.').reduce((place: unknown, name) => (place as JsonObject)[name], base)),
    );
    const change = fc.oneof(
      { weight: 5, arbitrary: fc.tuple(fc.constantFrom(...paths), values) },
      fc.constantFrom(...paths).map((path): [string, unknown] => [path, undefined]),
      fc.tuple(
        fc.constantFrom(...paths).map((path) => path.replace(/[^.]*$/, 'strange')),
        values,
      ),
      fc.tuple(
        fc.constantFrom('name', 'description', 'credentialSubject.achievement.description'),
        fc.string(),
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 2 }), async (changes) => {
        let badge = base;
        for (const [path, value] of changes)
          try {
            badge = at(badge, path, value);
          } catch {
            return; // The first change took away where the second one stands.
          }
        const { verdict } = await toldAlike(badge);
        counts[verdict === 'authentic' ? 'authentic' : 'other'] += 1;
      }),
      { numRuns: 60 },
    );
    expect(Math.min(counts.authentic, counts.other)).toBeGreaterThan(5);
    expect(textCounts.known - before).toBeGreaterThan(counts.authentic);
  }, 120_000);

  it('are those of badges alone, also where any credential will do', async () => {
    const { id, name, validFrom } = aStranger();
    const credential = {
      id,
      name,
      issuer: { id: did },
      validFrom,
      type: ['VerifiableCredential'],
      credentialSubject: { id: 'urn:uuid:1' },
    };
    const payload = payloadOf({ '@context': context.slice(0, 1), ...credential });
    const options = { fetcher: new FakeWeb(new Map()), now, anyKind: true };
    for (const _time of [1, 2]) {
      const { checks } = await verifyCredential(tokenOf(payload), options);
      expect(checks.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
      expect((await told(tokenOf(payload))).checks).toContainEqual(['schema', 'type_unknown', undefined]);
    }
  });

  it('give, with a proof inside, the answer that they give without memory', async () => {
    const signed = async (badge: JsonObject) =>
      JSON.stringify(
        await signWithDataIntegrity({
          document: badge,
          privateKey: pair.privateKey,
          verificationMethod: kid,
          created: now,
        }),
      );
    const before = textCounts.known;
    const text = await signed(aStranger());
    const again = await signed(aStranger({ name: 'Un autre' }));
    expect(await told(text)).toEqual(await told(afresh(text)));
    expect((await told(again)).verdict).toBe('authentic');
    expect(textCounts.known).toBeGreaterThan(before);
    for (const [changed, code] of [
      [again.replace('Un autre', 'Une autre'), 'signature_wrong'],
      [again.replace('"Un autre"', '"Un autre","nowhereDefined":"x"'), 'jsonld_unsafe'],
      [again.replace('urn:uuid:6c0f', 'relative'), 'jsonld_unsafe'],
      [again.replace('"achievementType":"Badge"', '"achievementType":"Unheard"'), 'schema_broken'],
      [again.replace('"Un autre"', '"Un autre","name":"Un autre"'), 'duplicate_key'],
    ] as const) {
      const answer = await told(changed);
      expect(answer).toEqual(await told(afresh(changed)));
      expect(answer.checks.map(([, found]) => found)).toContain(code);
    }
  });
});
