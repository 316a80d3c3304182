import { DomainError, type Fault } from '#platform';
import type { LintFault } from '#verification';
import type { ErrorTable } from '../http/settings.js';

const malformedValue = 'https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR';

/** The credential cannot be issued as it is; each fault names a place and what must hold (`credential_malformed`). */
export class CredentialMalformed extends DomainError {
  readonly code = 'credential_malformed';
  readonly problemType = malformedValue;
  readonly faults: Fault[];
  constructor(faults: LintFault[]) {
    super('The credential cannot be issued as it is: correct what the faults name');
    this.faults = faults.map(({ path, detail, remark }) => ({
      path: `/credential${path}`,
      message: remark ? `${detail.en} (${remark})` : String(detail.en),
    }));
  }
}

/** Badges come from workshops alone (`badge_not_issued_this_way`). */
export class BadgeNotIssuedThisWay extends DomainError {
  readonly code = 'badge_not_issued_this_way';
  constructor() {
    super(
      'Badges, endorsements, records and status lists are not issued by the VC-API: a badge is earned in a workshop',
    );
  }
}

/** The issuer is not an organisation the client may act in (`issuer_differs`). */
export class IssuerDiffers extends DomainError {
  readonly code = 'issuer_differs';
  readonly problemType = malformedValue;
  constructor(expected: string) {
    super('The issuer must be the organisation of the client, or one below it: leave it out, or name that', {
      details: { expected },
    });
  }
}

/** Only the service gives its own addresses away (`credential_id_refused`). */
export class CredentialIdRefused extends DomainError {
  readonly code = 'credential_id_refused';
  readonly problemType = malformedValue;
  constructor() {
    super(
      'An address of this service cannot be the id of your credential: take a urn:uuid or an address of yours',
    );
  }
}

/** The status cannot be changed that way (`status_change_refused`). */
export class StatusChangeRefused extends DomainError {
  readonly code = 'status_change_refused';
  readonly problemType = malformedValue;
}

/** Statuses of the errors of the VC-API. */
export const vcApiErrors: ErrorTable = {
  credential_malformed: { status: 400, title: 'MALFORMED_VALUE_ERROR' },
  issuer_differs: { status: 400, title: 'MALFORMED_VALUE_ERROR' },
  credential_id_refused: { status: 400, title: 'MALFORMED_VALUE_ERROR' },
  status_change_refused: { status: 400, title: 'MALFORMED_VALUE_ERROR' },
  badge_not_issued_this_way: 400,
  credential_id_taken: 409,
  credential_id_ambiguous: 409,
  issued_credential_ended: 409,
  issued_credential_refused: 422,
  credential_not_signed_yet: 503,
};
