import { Injectable } from '@nestjs/common';
import { IssuanceQueue, type PlannedAwards, planAwards } from '#badges';
import type { OnFacts } from '#workshops';
import { HttpSettings } from '../http/settings.js';
import { counts, idSchema, objectOf, titled } from './schemas.js';

/** Records facts and plans in the same transaction what people have earned by them; then the signing is queued. */
@Injectable()
export class PlanWithFacts {
  constructor(
    private readonly queue: IssuanceQueue,
    private readonly settings: HttpSettings,
  ) {}

  /** @param record records facts and calls `onFacts` before its transaction ends */
  async run<T>(
    organisationId: string,
    record: (onFacts: OnFacts) => Promise<T>,
  ): Promise<{ recorded: T; awards: PlannedAwards }> {
    let awards: PlannedAwards = { planned: {}, awardIds: [], outboxIds: [], waitingForStaff: [] };
    const recorded = await record(async (tx, { personIds }) => {
      awards = await planAwards(tx, { organisationId, personIds, origin: this.settings.origin });
    });
    await this.queue.enqueue(awards.outboxIds);
    return { recorded, awards };
  }
}

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
