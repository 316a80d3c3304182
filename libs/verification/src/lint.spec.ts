import type { JsonObject } from '#signing';
import { aBadge, anAchievement, aSubject, origin } from '../../../test/vectors/world.js';
import { lintCredential } from './lint.js';
import { lintMessages } from './lint-messages.js';
import { messages } from './messages.js';

const codes = async (document: JsonObject): Promise<string[]> => [
  ...new Set((await lintCredential(document)).faults.map(({ code }) => code)),
];
const withSubject = (change: JsonObject): JsonObject => aBadge({ credentialSubject: aSubject(change) });
const withAchievement = (change: JsonObject): JsonObject =>
  withSubject({ achievement: anAchievement(change) });
const nested = (depth: number): JsonObject => (depth === 0 ? {} : { a: nested(depth - 1) });

describe('the linter', () => {
  // The schemas are compiled once, which takes a while on a busy machine.
  beforeAll(async () => void (await lintCredential(aBadge())), 60_000);

  it('lets a badge pass and gives its canonical hash, computed once', async () => {
    const document = aBadge();
    const before = JSON.stringify(document);
    const { faults, prepared } = await lintCredential(document);
    expect(faults).toEqual([]);
    expect(prepared?.documentHash).toHaveLength(32);
    expect((await lintCredential(document, prepared)).prepared).toBe(prepared);
    expect(JSON.stringify(document)).toBe(before);
  });

  const refused: [string, string, () => JsonObject][] = [
    [
      'a tab in the criteria',
      'control_character',
      () => withAchievement({ criteria: { id: 'urn:x:1', narrative: 'un\tdeux' } }),
    ],
    ['a bell', 'control_character', () => aBadge({ name: 'a\u0007' })],
    ['U+007F', 'control_character', () => aBadge({ name: 'a\u007f' })],
    ['a lone carriage return', 'control_character', () => aBadge({ name: 'a\rb' })],
    ['half an emoji', 'lone_surrogate', () => aBadge({ name: 'a\ud83d' })],
    ['a reversed reading order', 'bidi_control', () => aBadge({ name: 'a\u202eb' })],
    ['65 kB', 'too_large', () => aBadge({ description: 'é'.repeat(33_000) })],
    ['too many levels', 'too_deep', () => aBadge({ evidence: nested(40) })],
    ['an achievement without criteria', 'schema_broken', () => withAchievement({ criteria: undefined })],
    ['a property nobody defined', 'jsonld_unsafe', () => aBadge({ grade: 'A' })],
    [
      'one alignment not in a list',
      'not_an_array',
      () =>
        withAchievement({
          alignment: { type: ['Alignment'], targetName: 'x', targetUrl: 'https://x.example/' },
        }),
    ],
    ['a type not in a list', 'not_an_array', () => withAchievement({ type: 'Achievement' })],
    ['an empty list', 'empty_value', () => withAchievement({ tag: [] })],
    [
      'another context order',
      'context_wrong',
      () => aBadge({ '@context': [...(aBadge()['@context'] as string[])].reverse() }),
    ],
    [
      'an unknown context',
      'context_unknown',
      () => aBadge({ '@context': [...(aBadge()['@context'] as string[]), 'https://x.example/c'] }),
    ],
    ['a context inside', 'context_inline', () => withAchievement({ '@context': { x: 'urn:x' } })],
    [
      'a schema entry without its context',
      'jsonld_unsafe',
      () => aBadge({ '@context': (aBadge()['@context'] as string[]).slice(0, 2) }),
    ],
    [
      'a badge that calls itself an endorsement',
      'schema_broken',
      () => aBadge({ type: ['VerifiableCredential', 'EndorsementCredential'] }),
    ],
    [
      'a credential of no kind we sign',
      'type_wrong',
      () => aBadge({ type: ['VerifiableCredential', 'DriverLicence'] }),
    ],
    [
      'nobody as subject',
      'subject_unidentified',
      () => withSubject({ id: undefined, identifier: undefined }),
    ],
    ['a subject without id, which a JWT needs', 'jwt_unfit', () => withSubject({ id: undefined })],
    [
      'a result of nothing',
      'result_without_description',
      () => withSubject({ result: [{ type: ['Result'], resultDescription: 'urn:x' }] }),
    ],
    [
      'a level of nothing',
      'level_unknown',
      () =>
        withSubject({
          result: [
            {
              type: ['Result'],
              resultDescription: `${origin}/achievements/mail#how`,
              achievedLevel: 'urn:x',
            },
          ],
        }),
    ],
    ['a date', 'date_not_whole_second', () => aBadge({ validFrom: '2026-11-20' })],
    ['a date with fractions', 'date_not_whole_second', () => aBadge({ validFrom: '2026-11-20T09:30:00.5Z' })],
    ['a date without zone', 'date_not_whole_second', () => aBadge({ awardedDate: '2026-11-20T09:30:00' })],
    [
      'a day that does not exist',
      'date_not_whole_second',
      () => withSubject({ activityEndDate: '2026-02-30T09:30:00Z' }),
    ],
    ['an end before its beginning', 'date_order', () => aBadge({ validUntil: '2026-11-20T09:30:00Z' })],
    ['an e-mail', 'private_email', () => withSubject({ narrative: 'écrire à awa@example.org' })],
    ['a phone', 'private_phone', () => withSubject({ narrative: 'appeler le 06 12 34 56 78' })],
    ['an international phone', 'private_phone', () => withSubject({ licenseNumber: '+33612345678' })],
    ['a birth date', 'private_birth_date', () => withSubject({ dateOfBirth: '1980-01-01' })],
    ['a year of birth', 'private_birth_date', () => withSubject({ anneeNaissance: 1980 })],
    ['an e-mail field', 'private_contact', () => withSubject({ email: 'none' })],
    [
      'a name in clear',
      'identity_not_hashed',
      () =>
        withSubject({
          identifier: [
            { type: 'IdentityObject', hashed: false, identityHash: 'Awa Diop', identityType: 'name' },
          ],
        }),
    ],
    [
      'a hash that is none',
      'identity_not_hashed',
      () =>
        withSubject({
          identifier: [
            { type: 'IdentityObject', hashed: true, identityHash: 'Awa Diop', identityType: 'name' },
          ],
        }),
    ],
    ['no place in a status list', 'status_missing', () => aBadge({ credentialStatus: undefined })],
    [
      'a number as status index',
      'status_malformed',
      () =>
        aBadge({ credentialStatus: { ...(aBadge().credentialStatus as JsonObject), statusListIndex: 3 } }),
    ],
    [
      'an https issuer',
      'issuer_not_did',
      () => aBadge({ issuer: { id: 'https://x.example', type: ['Profile'] } }),
    ],
    ['a bare issuer', 'issuer_not_did', () => aBadge({ issuer: 'did:web:x.example' })],
    ['a proof already there', 'proof_present', () => aBadge({ proof: [{ type: 'DataIntegrityProof' }] })],
  ];

  it.each(refused)('refuses %s', async (_what, code, document) => {
    const result = await lintCredential(JSON.parse(JSON.stringify(document())) as JsonObject);
    expect(result.faults.map((fault) => fault.code)).toContain(code);
    expect(result.prepared).toBeUndefined();
  });

  it('does not take hashes, ids, salts and dates for phone numbers, nor a line break for a control character', async () => {
    const identifier = [
      {
        type: 'IdentityObject',
        hashed: true,
        identityHash: `sha256$${'0123456789'.repeat(6)}abcd`,
        identityType: 'name',
        salt: '0612345678',
      },
    ];
    const document = withSubject({
      id: 'urn:uuid:06123456-7890-4123-8456-061234567890',
      identifier,
      activityStartDate: '2026-11-20T09:30:00Z',
      narrative: 'Le 20/11/2026, 90 minutes.\nSalle 12.\r\nCode postal 59000.',
    });
    expect(await codes(document)).toEqual([]);
  });

  it('names the place of a fault', async () => {
    const { faults } = await lintCredential(withAchievement({ description: 'a\tb' }));
    expect(faults).toMatchObject([
      { code: 'control_character', path: '/credentialSubject/achievement/description' },
    ]);
  });

  it('explains every code in French and English', () => {
    for (const [code, text] of Object.entries({ ...messages, ...lintMessages })) {
      expect(code).toMatch(/^[a-z0-9_]+$/);
      expect(text.fr).toMatch(/\.$/);
      expect(text.en).toMatch(/\.$/);
    }
  });
});
