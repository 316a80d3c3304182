import type { DataSource } from 'typeorm';
import type { CampaignResult, ImportCampaign } from '#workshops';
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
   * @param request.expectedDigest digest of the analysis that a person confirmed; another result is refused
   * @param request.confirmStaff confirm as members the assessors and animators that the file names
   * @throws those of ImportCampaign (`analysis_changed`, `campaign_refused`…); then nothing is written
   */
  async run(request: {
    organisationId: string;
    bytes: Buffer;
    fileName: string;
    confirmStaff: boolean;
    expectedDigest?: string;
    by: string;
  }): Promise<CampaignAwards> {
    let awards = nothing;
    const campaign = await this.campaigns.run(request, async (tx, { personIds }) => {
      awards = await planAwards(tx, {
        organisationId: request.organisationId,
        personIds,
        origin: this.origin,
      });
    });
    await this.queue.enqueue(awards.outboxIds);
    return { campaign, awards };
  }

  /** Plans what these people have earned since, for example after their assessor was confirmed. */
  async evaluate(organisationId: string, personIds: string[]): Promise<PlannedAwards> {
    const awards = await this.database.transaction((tx) =>
      planAwards(tx, { organisationId, personIds, origin: this.origin }),
    );
    await this.queue.enqueue(awards.outboxIds);
    return awards;
  }
}
