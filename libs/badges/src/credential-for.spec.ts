import fc from 'fast-check';
import { ajv2019, readProjectJson } from '#platform';
import { translatedAchievementJson } from './achievement-json.js';
import { someAchievement, someCredentialFacts } from './builders.spec-support.js';
import type { Json } from './credential-facts.js';
import { credentialFor, identityHash, wholeSeconds } from './credential-for.js';

const fits = ajv2019().compile(
  readProjectJson('schemas', 'standards', 'ob-v3p0', 'ob_v3p0_achievementcredential_schema.json'),
);

const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : value !== null && typeof value === 'object'
      ? Object.values(value).flatMap(strings)
      : [];

const subjectOf = (credential: Json) => credential.credentialSubject as Record<string, never>;

describe('an Open Badges 3.0 credential', () => {
  it('names where its current form is, at an address that only it tells', () => {
    const { id, refreshService } = credentialFor(someCredentialFacts());
    expect(refreshService).toEqual({
      id: 'https://badges.example/refresh/1abcdefghjkmnpqrstvwxyz012/ffeeddccbbaa99887766554433221100',
      type: '1EdTechCredentialRefresh',
    });
    const other = credentialFor(someCredentialFacts({ refreshSecret: '0'.repeat(32) }));
    expect(other.id).toBe(id);
    expect(other.refreshService).not.toEqual(refreshService);
  });

  it("fits 1EdTech's JSON Schema", () => {
    const credential = credentialFor(someCredentialFacts());
    expect(fits(credential) || fits.errors).toBe(true);
  });

  it('fits it for every kind of badge, with and without a session, alignments, SIRET, parent and English', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'workshop' as const,
          'pathway' as const,
          'peer-animator' as const,
          'professional' as const,
        ),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (kind, session, alignments, siret, parent, english) => {
          const base = someCredentialFacts();
          const achievement = someAchievement({
            kind,
            ...(!alignments && { alignments: [] }),
            ...(!english && { name: { fr: 'Titre' } }),
          });
          const credential = credentialFor({
            ...base,
            achievement,
            session: session ? base.session : null,
            issuer: {
              ...base.issuer,
              siret: siret ? '12345678901234' : null,
              parent: parent ? base.issuer.parent : null,
            },
          });
          expect(fits(credential) || fits.errors).toBe(true);
        },
      ),
    );
  });

  it('links its result to a level of its own achievement', () => {
    const subject = subjectOf(credentialFor(someCredentialFacts({ established: 'observed-by-two' })));
    const { result, achievement } = subject as unknown as {
      result: { resultDescription: string; achievedLevel: string }[];
      achievement: { resultDescription: { id: string; rubricCriterionLevel: { id: string }[] }[] };
    };
    const description = achievement.resultDescription.find((d) => d.id === result[0]!.resultDescription);
    expect(description?.rubricCriterionLevel.map((l) => l.id)).toContain(result[0]!.achievedLevel);
    expect(result[0]!.achievedLevel).toMatch(/observed-by-two$/);
  });

  it('names the person only as a salted hash that whoever knows the name can check', () => {
    const credential = credentialFor(someCredentialFacts());
    expect(strings(credential).join('\n')).not.toMatch(/Amina|TESTARD/i);
    const [identity] = (
      subjectOf(credential) as unknown as { identifier: { identityHash: string; salt: string }[] }
    ).identifier;
    expect(identity!.identityHash).toBe(identityHash('Amina TESTARD', identity!.salt));
  });

  it('carries French and English', () => {
    const text = strings(credentialFor(someCredentialFacts())).join('\n');
    expect(text).toContain("Allume et éteint l'ordinateur sans aide");
    expect(text).toContain('Switches the computer on and off unaided');
  });

  it('has whole seconds in UTC in every date', () => {
    const credential = credentialFor(
      someCredentialFacts({ validFrom: new Date('2026-11-22T03:00:00.987Z') }),
    );
    expect(credential.validFrom).toBe('2026-11-22T03:00:00Z');
    expect(wholeSeconds(new Date(0))).toBe('1970-01-01T00:00:00Z');
  });

  it('points at the official address of a competency that has one, at ours otherwise', () => {
    const base = someAchievement().alignments[0]!;
    const official = { ...base, code: '1.1', officialUri: 'http://data.europa.eu/esco/skill/1' };
    const item = 'https://case.example/ims/case/v1p1/CFItems/1';
    const alignments = [base, official, { ...base, officialUri: item }];
    const elsewhere = { ...base, officialUri: 'https://framework.example/1' };
    const credential = credentialFor(
      someCredentialFacts({ achievement: someAchievement({ alignments: [...alignments, elsewhere] }) }),
    );
    const { alignment } = (
      subjectOf(credential) as unknown as {
        achievement: { alignment: { targetUrl: string; targetType?: string }[] };
      }
    ).achievement;
    expect(alignment.map((a) => [a.targetUrl, a.targetType])).toEqual([
      ['https://badges.example/frameworks/crcn/2019/5.2', 'CFItem'],
      ['http://data.europa.eu/esco/skill/1', 'ext:ESCOSkill'],
      [item, 'CFItem'],
      ['https://framework.example/1', undefined],
    ]);
  });

  it('states a level of a competency as a result, and fits the schema with it', () => {
    const base = someAchievement().alignments[0]!;
    const level = {
      code: '2',
      name: { fr: 'Novice', en: 'Novice' },
      gloss: { fr: 'Fait seul une action simple.', en: 'Does a simple action alone.' },
    };
    const alignments = [
      { ...base, level },
      { ...base, code: '1.2' },
    ];
    const credential = credentialFor(someCredentialFacts({ achievement: someAchievement({ alignments }) }));
    expect(fits(credential) || fits.errors).toBe(true);
    const { result, achievement } = subjectOf(credential) as unknown as {
      result: { resultDescription: string; achievedLevel: string; value: string }[];
      achievement: {
        resultDescription: {
          id: string;
          name: string;
          requiredLevel?: string;
          rubricCriterionLevel: { id: string; name: string; description?: string; level: string }[];
        }[];
      };
    };
    expect(result.map((one) => one.value)).toEqual([
      'Observé par une personne habilitée',
      'Niveau 2 (Novice)',
    ]);
    const description = achievement.resultDescription.find((d) => d.id === result[1]!.resultDescription)!;
    expect(description.name).toBe('Cadre de référence des compétences numériques (2019), 5.2');
    expect(description.requiredLevel).toBe(result[1]!.achievedLevel);
    expect(description.rubricCriterionLevel).toEqual([
      {
        id: result[1]!.achievedLevel,
        type: ['RubricCriterionLevel'],
        name: 'Niveau 2 (Novice) / Level 2 (Novice)',
        description: 'Fait seul une action simple.\n\nEnglish: Does a simple action alone.',
        level: '2',
      },
    ]);
  });

  it('states no level where the badge has none', () => {
    const text = JSON.stringify(credentialFor(someCredentialFacts()));
    expect(text).not.toContain('#level-');
    expect(text).not.toContain('Niveau');
  });

  it('gives every competency an address that is a URL, whatever its framework calls its version', () => {
    const odd = {
      ...someAchievement().alignments[0]!,
      frameworkVersion: 'historique (7 modules)',
      code: 'M 1',
    };
    const { achievement } = subjectOf(
      credentialFor(someCredentialFacts({ achievement: someAchievement({ alignments: [odd] }) })),
    ) as unknown as { achievement: { alignment: { targetUrl: string }[] } };
    expect(achievement.alignment[0]!.targetUrl).toBe(
      'https://badges.example/frameworks/crcn/historique%20(7%20modules)/M%201',
    );
  });

  it('names its translation and the versions before it, and none that does not exist', () => {
    const relatedOf = (given: Parameters<typeof someAchievement>[0]) => {
      const credential = credentialFor(someCredentialFacts({ achievement: someAchievement(given) }));
      expect(fits(credential) || fits.errors).toBe(true);
      return (subjectOf(credential) as unknown as { achievement: { related?: object[] } }).achievement
        .related;
    };
    const id = 'https://badges.example/achievements/';
    const earlier = [{ publicId: '1abcdefghjkmnpqrstvwxyz001', version: 2 }];
    expect(relatedOf({ version: 3, earlier })).toEqual([
      { id: `${id}1abcdefghjkmnpqrstvwxyz014?lang=en`, type: ['Related'], inLanguage: 'en', version: '3' },
      { id: `${id}1abcdefghjkmnpqrstvwxyz001`, type: ['Related'], inLanguage: 'fr', version: '2' },
    ]);
    expect(relatedOf({ name: { fr: 'Titre' } })).toBeUndefined();
  });

  it('has a translation that is English alone and leads back to the original', () => {
    const facts = someCredentialFacts();
    const translated = translatedAchievementJson(facts)!;
    expect(translated).toMatchObject({
      id: 'https://badges.example/achievements/1abcdefghjkmnpqrstvwxyz014?lang=en',
      name: 'Getting started with the computer',
      inLanguage: 'en',
      related: [{ id: 'https://badges.example/achievements/1abcdefghjkmnpqrstvwxyz014', inLanguage: 'fr' }],
    });
    expect(strings([translated.description, translated.criteria]).join()).not.toMatch(/ordinateur|Allumer/);
    expect(
      translatedAchievementJson({ ...facts, achievement: someAchievement({ name: { fr: 'Titre' } }) }),
    ).toBeUndefined();
  });

  it('says the role of who animated among peers, and of nobody else', () => {
    const roleOf = (kind: 'workshop' | 'peer-animator') =>
      subjectOf(credentialFor(someCredentialFacts({ achievement: someAchievement({ kind }) }))).role;
    expect([roleOf('workshop'), roleOf('peer-animator')]).toEqual([
      undefined,
      expect.stringContaining('among peers'),
    ]);
  });

  it('is the same JSON for the same facts', () => {
    expect(JSON.stringify(credentialFor(someCredentialFacts()))).toBe(
      JSON.stringify(credentialFor(someCredentialFacts())),
    );
  });
});
