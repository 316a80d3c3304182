import type { Achievement } from './achievement.js';
import type { CredentialFacts } from './credential-facts.js';
import type { Facts, RuleContext } from './rule.js';

export const learner = '00000000-0000-7000-8000-00000000000a';
export const assessor = '00000000-0000-7000-8000-00000000000b';

type Assessment = Facts['assessments'][number];

/** Facts of a learner who came and was assessed "acquired"; a test changes only what it is about. */
export const someFacts = (given: Partial<Facts> = {}): Facts => ({
  personId: learner,
  attendances: [{ sessionId: 's1', workshopCode: 'CE-1', heldOn: '2026-10-05', status: 'present' }],
  assessments: [anAssessment()],
  animated: [],
  professional: [],
  ...given,
});

export const anAssessment = (given: Partial<Assessment> = {}): Assessment => ({
  sessionId: 's1',
  workshopCode: 'CE-1',
  targetKind: 'competency',
  targetCode: '5.2',
  outcome: 'acquired',
  assessorPersonId: assessor,
  assessedOn: '2026-10-05',
  ...given,
});

export const aContext = (given: Partial<RuleContext> = {}): RuleContext => ({
  mandated: (personId, date) => personId === assessor && date >= '2026-09-01',
  held: new Map(),
  ...given,
});

export const someCredentialFacts = (given: Partial<CredentialFacts> = {}): CredentialFacts => ({
  origin: 'https://badges.example',
  publicId: '1abcdefghjkmnpqrstvwxyz012',
  subjectId: 'urn:uuid:2b0c1f0a-6f6e-4b52-9d0c-0f6b8a1c9d11',
  evidenceId: 'urn:uuid:7a0c1f0a-6f6e-4b52-9d0c-0f6b8a1c9d12',
  salt: '00112233445566778899aabbccddeeff',
  refreshSecret: 'ffeeddccbbaa99887766554433221100',
  recipientName: 'Amina TESTARD',
  validFrom: new Date('2026-11-22T03:00:00Z'),
  awardedAt: new Date('2026-10-05T07:30:00Z'),
  established: 'observed-by-one',
  issuer: {
    did: 'did:web:badges.example:issuers:chantier-exemple',
    slug: 'chantier-exemple',
    name: 'Chantier Exemple',
    url: null,
    description: {},
    siret: null,
    parent: { slug: 'programme-exemple', name: 'Programme Exemple' },
  },
  achievement: someAchievement(),
  session: {
    heldOn: '2026-10-05',
    startsAt: new Date('2026-10-05T07:30:00Z'),
    durationMinutes: 120,
    workshop: { fr: "La prise en main de l'ordinateur", en: 'Getting started with the computer' },
  },
  status: { listUrl: 'https://badges.example/status/1abcdefghjkmnpqrstvwxyz013', index: 4711 },
  ...given,
});

export const someAchievement = (
  given: Partial<CredentialFacts['achievement']> = {},
): CredentialFacts['achievement'] & Pick<Achievement, 'publicId'> => ({
  publicId: '1abcdefghjkmnpqrstvwxyz014',
  code: 'B-CE-1',
  version: 1,
  kind: 'workshop',
  name: { fr: "La prise en main de l'ordinateur", en: 'Getting started with the computer' },
  description: {
    fr: 'Allumer, éteindre, utiliser clavier et souris.',
    en: 'Switch on and off, use keyboard and mouse.',
  },
  criteria: [
    {
      code: 'CE-1-1',
      text: { fr: "Allume et éteint l'ordinateur sans aide", en: 'Switches the computer on and off unaided' },
    },
  ],
  alignments: [
    {
      framework: 'crcn',
      frameworkVersion: '2019',
      frameworkName: { fr: 'Cadre de référence des compétences numériques' },
      code: '5.2',
      name: { fr: 'Évoluer dans un environnement numérique' },
      officialUri: null,
    },
  ],
  creator: { slug: 'programme-exemple', name: 'Programme Exemple' },
  pictureAlt: { fr: 'Badge rond : ordinateur', en: 'Round badge: computer' },
  ...given,
});
