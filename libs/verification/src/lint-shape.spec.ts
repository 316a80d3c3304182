import fc from 'fast-check';
import { CanonicalTemplates, type JsonObject, type PreparedDocument, prepare } from '#signing';
import { aBadge, aSubject } from '../../../test/vectors/world.js';
import { type LintFault, lintCredential, soundShapes } from './lint.js';
import { kindOf, schemaFaults, stringClasses } from './schema.js';

const slots = [
  '/id',
  '/name',
  '/validFrom',
  '/awardedDate',
  '/issuer/id',
  '/issuer/url',
  '/credentialSubject/id',
  '/credentialSubject/type/*',
  '/credentialSubject/narrative',
  '/credentialSubject/identifier/*/identityHash',
  '/credentialSubject/identifier/*/identityType',
  '/credentialSubject/identifier/*/salt',
  '/credentialSubject/achievement/achievementType',
  '/credentialSubject/achievement/inLanguage',
  '/credentialSubject/result/*/achievedLevel',
  '/credentialStatus/statusListIndex',
  '/credentialStatus/statusListCredential',
];
const templates = new CanonicalTemplates(slots);

const traps = [
  '',
  'a',
  'a\tb',
  'a\rb',
  'a\u202eb',
  '\ud83d',
  '😀',
  'éà',
  'x'.repeat(12_000),
  '\u0001'.repeat(11_000),
  'é'.repeat(33_000),
  'awa@example.org',
  '+33 6 12 34 56 78',
  '2026-11-20',
  '2026-11-20T09:30:00Z',
  '2026-11-20T09:30:00.5Z',
  '2026-02-30T09:30:00Z',
  '2026-11-20T09:30:00+25:00',
  'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
  'https://x.example/',
  'did:web:badges.example:issuers:north',
  `sha256$${'5f'.repeat(32)}`,
  'name',
  'emailAddress',
  'Badge',
  'ext:Autre',
  'Unheard',
  'AchievementSubject',
  'Profile',
  'fr',
  'fr-FR',
  'français',
  '0',
  '007',
  'https://badges.example/achievements/mail#attended',
  'https://badges.example/achievements/mail#none',
];
const strings = fc.oneof(fc.constantFrom(...traps), fc.string({ unit: 'binary' }));

interface Given {
  id: string;
  name: string;
  validFrom: string;
  issuer: string;
  subject: string;
  subjectType: string;
  narrative: string;
  identityHash: string;
  identityType: string;
  achievementType: string;
  language: string;
  level: string;
  index: string;
}
const good: Given = {
  id: 'https://badges.example/b/1',
  name: 'Envoyer un courriel',
  validFrom: '2026-11-20T09:30:00Z',
  issuer: 'did:web:badges.example:issuers:north',
  subject: 'urn:uuid:6c0f7d38-3c55-4a54-8f6c-3b8b5b1d2f01',
  subjectType: 'AchievementSubject',
  narrative: 'Rédige un message.',
  identityHash: `sha256$${'5f'.repeat(32)}`,
  identityType: 'name',
  achievementType: 'Badge',
  language: 'fr',
  level: 'https://badges.example/achievements/mail#attended',
  index: '4711',
};
const aDocument = (given: Partial<Given> = {}): JsonObject => {
  const it = { ...good, ...given };
  const subject = aSubject({
    id: it.subject,
    type: [it.subjectType],
    narrative: it.narrative,
    identifier: [
      { type: 'IdentityObject', hashed: true, identityHash: it.identityHash, identityType: it.identityType },
    ],
    result: [
      {
        type: ['Result'],
        resultDescription: 'https://badges.example/achievements/mail#how',
        achievedLevel: it.level,
      },
    ],
  });
  const achievement = subject.achievement as JsonObject;
  return aBadge({
    id: it.id,
    name: it.name,
    validFrom: it.validFrom,
    issuer: { ...(aBadge().issuer as JsonObject), id: it.issuer },
    credentialSubject: {
      ...subject,
      achievement: { ...achievement, achievementType: it.achievementType, inLanguage: it.language },
    },
    credentialStatus: { ...(aBadge().credentialStatus as JsonObject), statusListIndex: it.index },
  });
};

const codesOf = (faults: LintFault[]): string[] => faults.map(({ code, path }) => `${code} ${path}`);
const prepared = async (document: JsonObject): Promise<PreparedDocument | undefined> =>
  templates.prepare(document).catch(() => undefined);

describe('a linter that remembers shapes', () => {
  // The schemas are compiled once, which takes a while on a busy machine.
  beforeAll(async () => void (await lintCredential(aDocument(), await prepared(aDocument()))), 60_000);

  it('knows that no rule of the schema compares two values', () => {
    expect(stringClasses().isSound).toBe(true);
  });

  it('finds in every document what a linter without memory finds, in the same order', async () => {
    const hits = soundShapes.hits;
    let refused = 0;
    let passed = 0;
    const change = fc.record(
      Object.fromEntries(Object.keys(good).map((name) => [name, strings])) as Record<
        keyof Given,
        typeof strings
      >,
      { requiredKeys: [] },
    );
    // Often one string alone is changed, so that it decides.
    const oneChange = fc
      .tuple(fc.constantFrom(...(Object.keys(good) as (keyof Given)[])), strings)
      .map(([name, text]) => ({ [name]: text }));
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: oneChange }, change), async (given) => {
        const document = aDocument(given);
        const known = await prepared(document);
        const whole = await lintCredential(document);
        for (let time = 0; time < 2; time += 1) {
          const { faults, prepared: result } = await lintCredential(document, known);
          expect(codesOf(faults)).toEqual(codesOf(whole.faults));
          expect(result?.documentHash).toEqual(whole.prepared?.documentHash);
        }
        if (whole.faults.length > 0) refused += 1;
        else passed += 1;
      }),
      { numRuns: 150 },
    );
    expect(Math.min(refused, passed)).toBeGreaterThan(10);
    // Also documents that are refused have a sound shape, when what they say is at fault.
    expect(soundShapes.hits - hits).toBeGreaterThan(passed);
  }, 120_000);

  it('finds no fault of the schema in one of two documents whose strings are of the same classes', () => {
    const classes = stringClasses();
    const names = Object.keys(good) as (keyof Given)[];
    fc.assert(
      fc.property(fc.constantFrom(...names), strings, strings, (name, one, two) => {
        fc.pre(classes.of(one) === classes.of(two));
        for (const arraysOnly of [true, false])
          expect(schemaFaults(aDocument({ [name]: one }), 'achievement', arraysOnly)).toEqual(
            schemaFaults(aDocument({ [name]: two }), 'achievement', arraysOnly),
          );
      }),
      { numRuns: 200 },
    );
    expect(kindOf(aDocument())).toBe('achievement');
  });

  it.each([
    ['2026-11-20', '2026-11-20T09:30:00Z'],
    ['Badge', 'Unheard'],
    ['fr', 'français'],
    ['ext:Autre', 'Autre'],
    ['name', 'emailAddress2'],
  ])('tells %s from %s', (one, two) => {
    expect(stringClasses().of(one)).not.toBe(stringClasses().of(two));
  });

  it('remembers no fault: what was refused once is refused again, and what is sound passes between', async () => {
    for (const name of ['a\tb', 'fine', 'a\tb', 'also fine']) {
      const document = aDocument({ name });
      const { faults } = await lintCredential(document, await prepared(document));
      expect(codesOf(faults)).toEqual(name.includes('\t') ? ['control_character /name'] : []);
    }
  });

  it('looks at a proof that was set aside when the document was prepared', async () => {
    const document = { ...aDocument(), proof: [{ type: 'DataIntegrityProof' }] };
    const { faults } = await lintCredential(document, await prepared(document));
    expect(faults.map(({ code }) => code)).toContain('proof_present');
  });

  it('does not use the preparation of another document', async () => {
    const other = await prepare(aDocument({ name: 'Un autre' }));
    const result = await lintCredential(aDocument(), other);
    expect(result.faults).toEqual([]);
    expect(result.prepared?.documentHash).not.toEqual(other.documentHash);
    expect(result.prepared?.documentHash).toEqual((await prepare(aDocument())).documentHash);
  });
});
