import { randomUUID } from 'node:crypto';
import { CanonicalTemplates, canonize } from '#signing';
import { establishedLevels } from './achievement-json.js';
import { someAchievement, someCredentialFacts } from './builders.spec-support.js';
import type { CredentialFacts } from './credential-facts.js';
import { credentialFor, credentialSlots } from './credential-for.js';

const someone = (number: number, given: Partial<CredentialFacts> = {}): CredentialFacts =>
  someCredentialFacts({
    publicId: `1abcdefghjkmnpqrstvwxyz${String(number).padStart(3, '0')}`,
    subjectId: `urn:uuid:${randomUUID()}`,
    evidenceId: `urn:uuid:${randomUUID()}`,
    salt: randomUUID().replaceAll('-', ''),
    refreshSecret: randomUUID().replaceAll('-', ''),
    recipientName: `Personne${number} EXEMPLE`,
    validFrom: new Date(Date.UTC(2026, 10, 22, 3, 0, number)),
    status: { listUrl: `https://badges.example/status/${number % 2}`, index: number },
    session: {
      heldOn: `2026-10-${10 + number}`,
      startsAt: new Date(Date.UTC(2026, 9, 10 + number, 7)),
      durationMinutes: 60 + number,
      workshop: { fr: `Atelier « ${number} »`, en: `Workshop "${number}"` },
    },
    ...given,
  });

describe('the slots of a credential', () => {
  it.each(establishedLevels.map(({ key }) => key))(
    'hold all that differs between two people whose badge was %s, and the template all the rest',
    async (established) => {
      const templates = new CanonicalTemplates(credentialSlots);
      for (let number = 0; number < 8; number += 1) {
        const credential = credentialFor(someone(number, { established }));
        expect(await templates.canonize(credential)).toBe(await canonize(credential));
      }
      expect(templates.counts).toEqual({ made: 1, filled: 7, fellBack: 0, unfit: 0 });
    },
  );

  it('stay the same with a role and earlier versions, and without: each is a shape of its own', async () => {
    const templates = new CanonicalTemplates(credentialSlots);
    const kinds = [
      {
        kind: 'peer-animator' as const,
        earlier: [{ publicId: '1abcdefghjkmnpqrstvwxyz001', version: 1 }],
        version: 2,
      },
      { kind: 'peer-animator' as const },
      { earlier: [{ publicId: '1abcdefghjkmnpqrstvwxyz001', version: 1 }], version: 2 },
    ];
    for (const given of [...kinds, ...kinds]) {
      const credential = credentialFor(someone(2, { achievement: someAchievement(given) }));
      expect(await templates.canonize(credential)).toBe(await canonize(credential));
    }
    expect(templates.counts).toEqual({ made: 3, filled: 3, fellBack: 0, unfit: 0 });
  });

  it('make one shape of a badge without a session, another of a badge with all that is optional', async () => {
    const templates = new CanonicalTemplates(credentialSlots);
    const whole: Partial<CredentialFacts> = {
      issuer: {
        ...someCredentialFacts().issuer,
        url: 'https://structure.example',
        description: { fr: 'Accueil', en: 'Welcome' },
        siret: '00000000000000',
      },
      achievement: someAchievement({ name: { fr: 'Seulement' }, alignments: [], criteria: [] }),
    };
    for (const given of [{ session: null }, whole, { session: null }, whole]) {
      const credential = credentialFor(someone(1, given));
      expect(await templates.canonize(credential)).toBe(await canonize(credential));
    }
    expect(templates.counts).toEqual({ made: 2, filled: 2, fellBack: 0, unfit: 0 });
  });
});
