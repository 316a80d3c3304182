import { DomainError } from '#platform';

/** The words, the name or the address cannot be taken as they are; names the field and what to do (`endorsement_refused`). */
export class EndorsementRefused extends DomainError {
  readonly code = 'endorsement_refused';
  constructor(
    readonly field: 'comment' | 'name' | 'url' | 'signed' | 'target' | 'endorser' | 'learnerAgreed',
    readonly why: EndorsementRefusal,
    message: string,
  ) {
    super(message, { details: { field, why } });
  }
}

/** Why, as a stable word that pages translate. */
export type EndorsementRefusal =
  | 'too_short'
  | 'too_long'
  | 'control_character'
  | 'has_link'
  | 'has_contact'
  | 'missing'
  | 'not_an_address'
  | 'not_an_endorsement'
  | 'of_something_else'
  | 'not_authentic'
  | 'oneself'
  | 'not_shown'
  | 'agreement_missing'
  | 'unknown';

/** Unknown, used, out of date or cancelled: all the same (`endorsement_link_invalid`). */
export class EndorsementLinkInvalid extends DomainError {
  readonly code = 'endorsement_link_invalid';
  constructor() {
    super('This link is unknown, was used or is out of date: ask whoever sent it for a new one');
  }
}

/** Unknown and somebody else's look the same (`endorsement_not_found`). */
export class EndorsementNotFound extends DomainError {
  readonly code = 'endorsement_not_found';
  constructor(endorsementId: string) {
    super('No such endorsement', { details: { endorsement: endorsementId } });
  }
}

/** What is asked does not fit its state (`endorsement_state_conflict`). */
export class EndorsementStateConflict extends DomainError {
  readonly code = 'endorsement_state_conflict';
  constructor(endorsementId: string, state: string) {
    super(`The endorsement is ${state}: read it again, then decide`, {
      details: { endorsement: endorsementId, state },
    });
  }
}

/** An organisation has too many questions open (`endorsement_too_many_open`). */
export class EndorsementTooManyOpen extends DomainError {
  readonly code = 'endorsement_too_many_open';
  constructor(most: number) {
    super(`${most} endorsements are asked for or wait for a decision: decide or cancel some first`, {
      details: { most },
    });
  }
}
