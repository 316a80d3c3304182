import { type JsonObject, openBadgesContext, vcContext } from '#signing';
import { aBadge, anAchievement, answer, aSubject, signed, verify } from './world.js';

const withAchievement = (change: JsonObject): JsonObject =>
  aBadge({ credentialSubject: aSubject({ achievement: anAchievement(change) }) });
const nested = (depth: number): JsonObject => (depth === 0 ? {} : { a: nested(depth - 1) });

describe('JSON-LD that could say one thing and sign another', () => {
  const refused: [string, string, JsonObject][] = [
    [
      'a context nobody bundled',
      'unknown context_unknown',
      aBadge({ '@context': [vcContext, openBadgesContext, 'https://evil.example/c.json'] }),
    ],
    [
      'a context named by a trick',
      'unknown context_unknown',
      aBadge({ '@context': [vcContext, openBadgesContext, 'constructor'] }),
    ],
    [
      'a context written inside',
      'failed context_inline',
      aBadge({ '@context': [vcContext, openBadgesContext, { level: 'https://evil.example/level' }] }),
    ],
    [
      'a vocabulary that swallows unknown words',
      'failed context_inline',
      aBadge({ '@context': [vcContext, openBadgesContext, { '@vocab': 'https://evil.example/' }] }),
    ],
    [
      'an emptied context',
      'failed context_inline',
      aBadge({ '@context': [vcContext, openBadgesContext, null] }),
    ],
    [
      'a context inside the achievement',
      'failed context_inline',
      withAchievement({ '@context': { name: 'https://evil.example/name' } }),
    ],
    [
      'an unknown context inside the achievement',
      'unknown context_unknown',
      withAchievement({ '@context': 'https://evil.example/c.json' }),
    ],
    [
      'a redefined word',
      'failed context_inline',
      aBadge({ '@context': [vcContext, openBadgesContext, { issuer: 'https://evil.example/issuer' }] }),
    ],
    ['no context', 'failed context_order', aBadge({ '@context': undefined })],
    [
      'contexts in the wrong order',
      'failed context_order',
      aBadge({ '@context': [openBadgesContext, vcContext] }),
    ],
    [
      'the older VC 1.1 form with words of the newer',
      'failed jsonld_unsafe',
      aBadge({ '@context': ['https://www.w3.org/2018/credentials/v1', openBadgesContext] }),
    ],
    ['a word no context defines', 'failed jsonld_unsafe', aBadge({ grade: 'A+' })],
    ['such a word deep inside', 'failed jsonld_unsafe', withAchievement({ category: 'numérique' })],
    [
      'a type no context defines',
      'failed jsonld_unsafe',
      aBadge({ type: ['VerifiableCredential', 'OpenBadgeCredential', 'GoldBadge'] }),
    ],
    ['a relative address', 'failed jsonld_unsafe', withAchievement({ id: 'achievements/mail' })],
    [
      'an IRI that smuggles statements',
      'failed jsonld_unsafe',
      withAchievement({ id: 'urn:x> <urn:p> <urn:o> .\n<urn:s' }),
    ],
    ['an IRI with a space', 'failed jsonld_unsafe', withAchievement({ id: 'https://badges.example/a b' })],
    ['a second id', 'failed jsonld_unsafe', aBadge({ '@id': 'urn:uuid:2' })],
    ['a graph inside', 'failed jsonld_unsafe', aBadge({ '@graph': [{ id: 'urn:x', name: 'x' }] })],
    ['included nodes', 'failed jsonld_unsafe', aBadge({ '@included': [{ id: 'urn:x', name: 'x' }] })],
    ['reversed properties', 'failed jsonld_unsafe', aBadge({ '@reverse': { issuer: { id: 'urn:x' } } })],
    ['a nested group', 'failed jsonld_unsafe', aBadge({ '@nest': { name: 'x' } })],
    ['an index', 'failed jsonld_unsafe', withAchievement({ '@index': 'a' })],
    ['a keyword that does not exist', 'failed jsonld_unsafe', aBadge({ '@future': 'x' })],
    [
      'a language that is no language',
      'failed jsonld_unsafe',
      withAchievement({ name: { '@value': 'x', '@language': 'fr" .' } }),
    ],
  ];

  it.each(refused)('refuses %s', async (_what, expected, document) => {
    const { proof } = await signed();
    const report = await verify(JSON.stringify({ ...document, proof }));
    expect(answer(report, 'context')).toBe(expected);
    expect(report.verdict).toBe(expected.startsWith('unknown') ? 'cannot_check' : 'not_authentic');
  });
});

describe('an id that is a name which every object inherits', () => {
  const { proof: _proof, ...badge } = aBadge();
  const inherited = Object.getOwnPropertyNames(Object.prototype);
  const objects: Record<string, unknown> = { prototype: Object.prototype };
  for (const name of inherited) objects[name] = ({} as JsonObject)[name];
  const shape = (): string[][] =>
    Object.values(objects).map((one) => Reflect.ownKeys(one as object).map(String));

  it.each(inherited)('is refused and leaves no trace in the program: %s', async (id) => {
    const before = shape();
    const { proof } = await signed();
    for (const document of [
      { ...badge, id },
      { ...badge, issuer: { ...(badge.issuer as JsonObject), id } },
      { ...badge, credentialSubject: aSubject({ id }) },
      { ...badge, credentialSchema: id },
      withAchievement({ id }),
      withAchievement({ criteria: { id, narrative: 'x' } }),
    ]) {
      const report = await verify({ ...document, proof });
      expect(report.verdict).toBe('not_authentic');
      expect(answer(report, 'context')).toBe('failed jsonld_unsafe');
    }
    expect(shape()).toEqual(before);
    expect(
      (await verify(await signed(aBadge({ evidence: [{ id: 'urn:x', type: ['Evidence'] }] })))).verdict,
    ).toBe('authentic');
  });
});

describe('JSON that two readers would read differently, or that is too much', () => {
  const text = JSON.stringify(aBadge());
  const refused: [string, string, string | object][] = [
    ['nothing', 'not_a_credential', ''],
    ['a sentence', 'not_a_credential', 'I am a badge'],
    ['a picture', 'not_a_credential', '\u0089PNG\r\n'],
    ['a list', 'not_a_credential', `[${text}]`],
    ['a text in quotes', 'not_a_credential', '"badge"'],
    ['JSON cut off', 'not_json', text.slice(0, -20)],
    ['JSON with a comma too many', 'not_json', text.replace(/}$/, ',}')],
    ['a string without end', 'not_json', '{"name": "x'],
    ['two names', 'duplicate_key', text.replace('{', '{"name":"Autre",')],
    ['two names, one written with an escape', 'duplicate_key', text.replace('{', '{"\\u006eame":"Autre",')],
    [
      'two ids deep inside',
      'duplicate_key',
      text.replace('"achievementType"', '"id":"urn:x","achievementType"'),
    ],
    ['a prototype', 'forbidden_key', text.replace('{', '{"__proto__":{"verdict":"authentic"},')],
    ['the start of nothing', 'not_json', '{'],
  ];
  const beyondUs: [string, string, string][] = [
    ['33 levels', 'too_deep', JSON.stringify(nested(33))],
    ['20,000 objects', 'too_deep', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['20,000 lists', 'too_deep', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
    ['more than 1 MB', 'too_large', JSON.stringify(aBadge({ description: 'x'.repeat(1024 * 1024) }))],
    [
      '256 kB of small values',
      'too_large',
      JSON.stringify(aBadge({ evidence: Array(40_000).fill('small') })),
    ],
  ];

  it.each(refused)('does not read %s', async (_what, code, input) => {
    const report = await verify(input);
    expect(answer(report, 'parse')).toBe(`failed ${code}`);
    expect(report.verdict).toBe('not_authentic');
    expect(({} as JsonObject).verdict).toBeUndefined();
  });

  it.each(beyondUs)('says nothing of what it does not read: %s', async (_what, code, input) => {
    const report = await verify(input);
    expect(answer(report, 'parse')).toBe(`unknown ${code}`);
    expect(report.verdict).toBe('cannot_check');
  });

  it('reads a picture of 900 kB that is written out inside', async () => {
    const image = { id: `data:image/png;base64,${'iVBOR'.repeat(180_000)}`, type: 'Image' };
    const subject = aBadge().credentialSubject as JsonObject;
    const achievement = { ...(subject.achievement as JsonObject), image };
    const large = await signed(aBadge({ credentialSubject: { ...subject, achievement } }));
    expect((await verify(JSON.stringify(large))).verdict).toBe('authentic');
    const changed = JSON.stringify(large).replace('iVBORiVBOR', 'iVBORiVBOS');
    expect((await verify(changed)).verdict).toBe('not_authentic');
  });

  it('reads a byte order mark and spaces around', async () => {
    expect((await verify(`\uFEFF ${JSON.stringify(await signed())}\n`)).verdict).toBe('authentic');
  });
});
