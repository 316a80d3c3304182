import type { DataSource } from 'typeorm';
import type { CampaignRequest, CampaignResult, ImportCampaign, OnFacts } from '#workshops';
import type { IssuanceQueue } from './issuance-queue.js';
import { type PlannedAwards, planAwards } from './plan-awards.js';

export interface CampaignAwards {
  campaign: CampaignResult;
  awards: PlannedAwards;
}

const nothing: PlannedAwards = { planned: {}, awardIds: [], outboxIds: [], waitingForStaff: [] };

/** Imports a campaign and plans what its people have earned, in one transaction; then puts the signing in the queue. */
export class AwardCampaign {
  constructor(
    private readonly database: DataSource,
    private readonly campaigns: ImportCampaign,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
  ) {}

  /**
   * Records facts and plans in the same transaction what people have earned by them; then the signing is queued.
   * @param record records facts and calls `onFacts` before its transaction ends
   */
  async record<T>(
    organisationId: string,
    record: (onFacts: OnFacts) => Promise<T>,
  ): Promise<{ recorded: T; awards: PlannedAwards }> {
    let awards = nothing;
    const recorded = await record(async (tx, { personIds }) => {
      awards = await planAwards(tx, { organisationId, personIds, origin: this.origin });
    });
    await this.queue.enqueue(awards.outboxIds);
    return { recorded, awards };
  }

  /** Imports a campaign file. @throws those of ImportCampaign (`analysis_changed`, `campaign_refused`…); then nothing is written */
  async run(request: CampaignRequest): Promise<CampaignAwards> {
    const { recorded: campaign, awards } = await this.record(request.organisationId, (onFacts) =>
      this.campaigns.run(request, onFacts),
    );
    return { campaign, awards };
  }

  /** Plans what these people have earned since, for example after their assessor was confirmed. */
  async evaluate(organisationId: string, personIds: string[]): Promise<PlannedAwards> {
    const { awards } = await this.record(organisationId, (onFacts) =>
      this.database.transaction((tx) => onFacts(tx, { personIds, sessionIds: [] })),
    );
    return awards;
  }
}
