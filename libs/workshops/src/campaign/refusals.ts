import { DomainError } from '#platform';
import type { CampaignPlan } from './plan.js';

/** The form of the file is broken (`campaign_refused`); the plan tells the rows that could be read. */
export class CampaignRefused extends DomainError {
  readonly code = 'campaign_refused';
  constructor(readonly plan: CampaignPlan) {
    super(plan.refusal?.message.en ?? 'The file is refused', { details: { reason: plan.refusal?.code } });
  }
}

/** What would be written is not what was told: read the new analysis (`analysis_changed`). */
export class AnalysisChanged extends DomainError {
  readonly code = 'analysis_changed';
  constructor(readonly plan: CampaignPlan) {
    super('What this import would write has changed since its analysis', {
      details: { digest: plan.digest },
    });
  }
}

/** There is no workshop or no competency to read a campaign against (`campaign_not_ready`). */
export class CampaignNotReady extends DomainError {
  readonly code = 'campaign_not_ready';
}

export class HeldCaseNotFound extends DomainError {
  readonly code = 'held_case_not_found';
  constructor(readonly caseId: string) {
    super(`No held case ${caseId}`, { details: { caseId } });
  }
}

export class HeldCaseAlreadyResolved extends DomainError {
  readonly code = 'held_case_already_resolved';
  constructor(readonly caseId: string) {
    super(`The held case ${caseId} is already resolved`, { details: { caseId } });
  }
}

/** The rows say different things about one person: the decision has to name the row that is right. */
export class HeldCaseNeedsRow extends DomainError {
  readonly code = 'held_case_needs_row';
  constructor(
    readonly caseId: string,
    readonly rows: number[],
  ) {
    super('Rows contradict each other: say which one is right', { details: { caseId, rows } });
  }
}

/** The decision does not fit the case, as two people who have one name and birth year. */
export class HeldCaseDecisionRefused extends DomainError {
  readonly code = 'held_case_decision_refused';
}

/** Nobody, or more than one person, has this name (`staff_not_confirmable`). */
export class StaffNotConfirmable extends DomainError {
  readonly code = 'staff_not_confirmable';
}
