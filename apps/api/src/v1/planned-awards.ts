import type { PlannedAwards } from '#badges';
import { counts, idSchema, objectOf, titled } from './schemas.js';

export const plannedAwardsSchema = titled(
  'PlannedAwards',
  objectOf({
    planned: { ...counts, description: 'Number of awards planned now, by badge code.' },
    awardIds: { type: 'array', items: idSchema },
    waitingForStaff: {
      type: 'array',
      description: 'Badges whose only lack is a confirmed assessor.',
      items: objectOf({ personId: idSchema, badge: { type: 'string' } }),
    },
  }),
);

export const plannedAwardsView = ({ planned, awardIds, waitingForStaff }: PlannedAwards) => ({
  planned,
  awardIds,
  waitingForStaff: waitingForStaff.map(({ personId, badgeCode }) => ({ personId, badge: badgeCode })),
});
