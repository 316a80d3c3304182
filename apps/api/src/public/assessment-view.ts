import type { PublishedBadge } from '#badges';
import type { Text } from '#platform';
import type { AssessmentView } from '../pages/view-models.js';

type SessionRole = PublishedBadge['assessors'][number]['sessionRole'];

const roles: Record<NonNullable<SessionRole> | 'unknown', Text> = {
  lead: {
    fr: 'Une personne habilitée, qui animait l’atelier',
    en: 'An authorised person, who led the workshop',
  },
  co_animator: {
    fr: 'Une personne habilitée, qui aidait à animer l’atelier',
    en: 'An authorised person, who helped to lead the workshop',
  },
  observer: {
    fr: 'Une personne habilitée, qui observait l’atelier',
    en: 'An authorised person, who observed the workshop',
  },
  unknown: { fr: 'Une personne habilitée', en: 'An authorised person' },
};

/**
 * How a badge was assessed: who by role and structure, in which session. An assessor is told only where the award's
 * reasons name one who held the mandate on that day; a name never is.
 */
export const assessmentView = (badge: PublishedBadge, structure: string): AssessmentView => ({
  established: badge.established,
  assessors: [...new Set(badge.assessors.map(({ sessionRole }) => sessionRole ?? 'unknown'))].map((role) => ({
    role: roles[role],
    structure,
  })),
  ...(badge.session && {
    session: {
      title: badge.session.workshop,
      heldOn: badge.session.heldOn,
      durationMinutes: badge.session.durationMinutes,
    },
  }),
});
