import type { Achievement, AchievementAlignment, PublishedBadge } from '#badges';
import type { IssuerView } from '../pages/view-models.js';

export const origin = 'https://badges.example';

export const issuer: IssuerView = { publicName: 'Les Ateliers de la Licorne', href: '/issuers/licorne' };

/** A shown badge that stands; a test names only what it is about. */
export const aBadge = (given: Partial<PublishedBadge> = {}): PublishedBadge => ({
  publicId: '3k9mz7q2w8x4v1n6t5r0p9h2jc',
  document: '{}',
  documentSha256: '9f'.repeat(32),
  jwt: 'a.b.c',
  signedAt: new Date('2026-10-19T22:30:00Z'),
  status: 'active',
  revokedAt: null,
  statusReason: null,
  isReplaced: false,
  supersededBy: null,
  statusListPublicId: 'liste',
  statusIndex: 4711,
  ed25519KeyId: 'ed-1',
  rs256KeyId: 'rsa-1',
  awardedAt: new Date('2026-10-12T09:00:00Z'),
  established: 'observed-by-one',
  achievementId: 'a',
  recipientName: 'Amina T.',
  session: null,
  assessors: [],
  organisationId: 'o',
  ...given,
});

export const anAlignment = (given: Partial<AchievementAlignment> = {}): AchievementAlignment => ({
  framework: 'crcn',
  frameworkVersion: '2.1',
  frameworkName: { fr: 'CRCN' },
  code: '3.1',
  name: { fr: 'Développer des documents textuels' },
  officialUri: null,
  ...given,
});

/** One version of a badge of a catalogue. */
export const anAchievement = (given: Partial<Achievement> = {}): Achievement => ({
  id: 'a',
  organisationId: 'o',
  code: 'B-CE-1',
  version: 2,
  kind: 'workshop',
  publicId: 'cv1',
  workshopCode: 'CE-1',
  name: { fr: 'Mon CV', en: 'My CV' },
  description: { fr: 'Écrire un CV.' },
  easyText: { fr: 'Je sais écrire mon CV.' },
  criteria: [{ code: 'K1', text: { fr: 'Saisit ses expériences' } }],
  alignments: [anAlignment()],
  picture: { family: 'learner', area: '3', pictogram: 'cv-document', level: 2, initials: 'AL' },
  rule: { all: [{ presence: { workshop: 'CE-1' } }] },
  contentHash: '00',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  supersededAt: null,
  ...given,
});
