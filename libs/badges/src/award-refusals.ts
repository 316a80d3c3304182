import { DomainError } from '#platform';
import type { AwardState } from './award.js';

/** No signed badge of this award in the organisation (`award_not_found`). */
export class AwardNotFound extends DomainError {
  readonly code = 'award_not_found';
  constructor(awardId: string) {
    super(`No issued award ${awardId}`);
  }
}

const reasons = {
  waiting: 'The badge of this award is not signed yet',
  refused: 'The badge of this award was not signed: signing it was refused, and the award says why',
  taken_back: 'The badge of this award counts no more: it was taken back, or another one stands in its place',
};

const whyNot: Record<AwardState, keyof typeof reasons> = {
  planned: 'waiting',
  issued: 'waiting',
  refused: 'refused',
  cancelled: 'taken_back',
  revoked: 'taken_back',
};

/** There is no badge of this award that counts: not yet, never, or not any more (`award_not_issued`). */
export class AwardNotIssued extends DomainError {
  readonly code = 'award_not_issued';
  readonly why: keyof typeof reasons;
  constructor(award: string, state: AwardState) {
    const why = whyNot[state];
    super(reasons[why], { details: { award, why } });
    this.why = why;
  }
}
