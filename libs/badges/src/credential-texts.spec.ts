import fc from 'fast-check';
import { establishedLevels } from './achievement-json.js';
import { someAchievement, someCredentialFacts } from './builders.spec-support.js';
import type { CredentialFacts } from './credential-facts.js';
import { credentialFor } from './credential-for.js';
import { CredentialTexts } from './credential-texts.js';

const { issuer } = someCredentialFacts();
const achievements = [
  someAchievement(),
  someAchievement({ name: { fr: 'Autre "badge"\\' }, alignments: [] }),
];
const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '\n\n', '« é »', '\ud800'));
const instant = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });

const sessions = fc.array(
  fc.record({
    heldOn: fc.constantFrom('2026-01-31', '2026-10-05'),
    startsAt: instant,
    durationMinutes: fc.integer({ min: 15, max: 600 }),
    workshop: fc.record({ fr: text, en: text }),
  }),
  { minLength: 1, maxLength: 2 },
);

const person = fc.record({
  publicId: text,
  subjectId: text,
  evidenceId: text,
  salt: text,
  refreshSecret: text,
  recipientName: text,
  validFrom: instant,
  awardedAt: instant,
  established: fc.constantFrom(...establishedLevels.map(({ key }) => key)),
  status: fc.record({ listUrl: text, index: fc.nat(131_071) }),
  achievement: fc.constantFrom(...achievements),
  session: fc.option(fc.nat(1)),
});

describe('the texts of credentials planned together', () => {
  it('are those of each credential alone, whoever came before and whatever the strings', () => {
    fc.assert(
      fc.property(sessions, fc.array(person, { maxLength: 12 }), (held, people) => {
        const texts = new CredentialTexts(issuer);
        for (const { session, ...given } of people) {
          const facts: CredentialFacts = {
            ...someCredentialFacts(given),
            issuer,
            session: session === null ? null : held[session % held.length]!,
          };
          expect(texts.textOf(facts)).toBe(JSON.stringify(credentialFor(facts)));
        }
      }),
    );
  });

  it('are made alone for another issuer', () => {
    const texts = new CredentialTexts(issuer);
    const other = someCredentialFacts({ issuer: { ...issuer, name: 'Autre' } });
    texts.textOf(someCredentialFacts({ issuer }));
    expect(texts.textOf(other)).toBe(JSON.stringify(credentialFor(other)));
  });
});
