import type { DataSource, EntityManager } from 'typeorm';
import { actorOf, appendAudit } from '#platform';
import type { IssuanceQueue } from '../issuance-queue.js';
import { endStatement } from './end-statement.js';
import type { EndorsementForm, EndorsementState, EndorsementTarget } from './endorsement.js';
import { EndorsementNotFound, EndorsementRefused, EndorsementStateConflict } from './endorsement-errors.js';
import { planStatement } from './plan-statement.js';
import { endorsementCredential } from './statement-credentials.js';

export interface EndorsementAct {
  endorsementId: string;
  /** Who acts: an organisation, which must be a party to it, and an id. */
  organisationIds: readonly string[];
  by: string;
}

export interface Acceptance {
  /** The learner agreed: needed when the endorsement is of one learner's badge. */
  learnerAgreed?: boolean;
  /** What came signed, as it was just verified: needed for an endorsement that was brought. */
  verifiedText?: string;
}

interface Row {
  id: string;
  organisation_id: string;
  public_id: string;
  target: EndorsementTarget;
  award_id: string | null;
  subject_id: string;
  state: EndorsementState;
  form: EndorsementForm | null;
  endorser_organisation_id: string | null;
  endorser_name: string | null;
  comment: string | null;
  brought: string | null;
  given_at: Date | null;
  statement_id: string | null;
}

const erased = `comment = null, endorser_name = null, endorser_url = null, brought = null, token_sha256 = null,
  withdrawal_sha256 = null`;

/**
 * What the endorsed party, and whoever endorsed, do with an endorsement: accept, refuse, withdraw. Nothing is signed
 * before it was accepted; its words are erased when it was refused or withdrawn.
 */
export class DecideEndorsement {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
  ) {}

  /**
   * The endorsed party shows it from now on; the worker signs it, unless it came signed.
   * What came signed must have been verified before: nothing is fetched here, where others wait.
   * @throws EndorsementNotFound (`endorsement_not_found`), EndorsementStateConflict (`endorsement_state_conflict`),
   *   EndorsementRefused (`endorsement_refused`)
   */
  async accept(act: EndorsementAct, { learnerAgreed = false, verifiedText }: Acceptance = {}): Promise<void> {
    const outboxId = await this.database.transaction(async (tx) => {
      const row = await this.waiting(tx, act);
      if (row.form === 'brought' && row.brought !== verifiedText)
        throw new EndorsementStateConflict(row.id, row.state);
      if (row.target === 'badge') await refuseUnagreed(tx, row, learnerAgreed);
      const planned = row.form === 'brought' ? undefined : await this.plan(tx, row);
      await tx.query(
        `update endorsement set state = 'accepted', decided_by = $2, decided_at = now(), statement_id = $3 where id = $1`,
        [row.id, act.by, planned?.statementId ?? null],
      );
      await audit(tx, act.by, 'endorsement.accepted', row, {
        ...(planned && { statementId: planned.statementId }),
        ...(row.target === 'badge' && { learnerAgreed }),
      });
      return planned?.outboxId;
    });
    if (outboxId) await this.queue.enqueue([outboxId]);
  }

  /** It is never shown nor signed, and its words are erased. @throws as `accept` */
  async refuse(act: EndorsementAct): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await this.waiting(tx, act);
      await tx.query(
        `update endorsement set state = 'refused', decided_by = $2, decided_at = now(), ${erased} where id = $1`,
        [row.id, act.by],
      );
      await audit(tx, act.by, 'endorsement.refused', row);
    });
  }

  /**
   * Either party ends it: an unanswered question is cancelled, what was given or accepted is withdrawn, a signed
   * credential revoked. Again changes nothing.
   * @throws EndorsementNotFound (`endorsement_not_found`), EndorsementStateConflict (`endorsement_state_conflict`)
   */
  async withdraw(act: EndorsementAct): Promise<void> {
    await this.database.transaction(async (tx) => {
      const row = await lockedRow(tx, act);
      if (row.state === 'asked' && !act.organisationIds.includes(row.organisation_id))
        throw new EndorsementNotFound(act.endorsementId);
      await end(tx, row, act.by);
    });
  }

  /** What the secret told to an endorser without account still opens, if anything. */
  async withdrawable(secretSha256: string): Promise<{ id: string; comment: string } | undefined> {
    const rows: { id: string; comment: string }[] = await this.database.query(
      `select id, comment from endorsement where withdrawal_sha256 = $1 and state in ('given', 'accepted')`,
      [secretSha256],
    );
    return rows[0];
  }

  /** An endorser without account takes it back. @returns false when there is nothing (any more) */
  async withdrawBySecret(secretSha256: string): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const rows: Row[] = await tx.query(
        `select * from endorsement where withdrawal_sha256 = $1 and state in ('given', 'accepted') for update`,
        [secretSha256],
      );
      if (!rows[0]) return false;
      await end(tx, rows[0], 'endorser');
      return true;
    });
  }

  private async waiting(tx: EntityManager, act: EndorsementAct): Promise<Row> {
    const row = await lockedRow(tx, act);
    // Whoever gave it does not decide whether it is shown.
    if (!act.organisationIds.includes(row.organisation_id)) throw new EndorsementNotFound(act.endorsementId);
    if (row.state !== 'given') throw new EndorsementStateConflict(row.id, row.state);
    return row;
  }

  private plan(tx: EntityManager, row: Row) {
    const organisationId = row.form === 'own-key' ? row.endorser_organisation_id! : row.organisation_id;
    return planStatement(
      tx,
      { kind: 'endorsement', organisationId, origin: this.origin, publicId: row.public_id },
      (frame) =>
        endorsementCredential(frame, {
          publicId: row.public_id,
          subjectId: row.subject_id,
          comment: row.comment!,
          givenAt: row.given_at!,
          receivedFrom: row.form === 'received' ? row.endorser_name : null,
        }),
    );
  }
}

async function lockedRow(
  tx: EntityManager,
  { endorsementId, organisationIds }: EndorsementAct,
): Promise<Row> {
  const rows: Row[] = await tx.query(
    `select * from endorsement where id = $1 and (organisation_id = any($2) or endorser_organisation_id = any($2))
     for update`,
    [endorsementId, organisationIds],
  );
  if (!rows[0]) throw new EndorsementNotFound(endorsementId);
  return rows[0];
}

async function refuseUnagreed(tx: EntityManager, row: Row, learnerAgreed: boolean): Promise<void> {
  if (!learnerAgreed)
    throw new EndorsementRefused(
      'learnerAgreed',
      'agreement_missing',
      'This says something of one learner: ask whether the learner agrees that it is shown',
    );
  const shown: unknown[] = await tx.query(
    `select 1 from credential c join publication p on p.credential_id = c.id
     where c.award_id = $1 and c.state = 'signed'`,
    [row.award_id],
  );
  if (shown.length === 0)
    throw new EndorsementRefused('target', 'not_shown', 'The learner does not show this badge any more');
}

async function end(tx: EntityManager, row: Row, by: string): Promise<void> {
  if (row.state === 'withdrawn' || row.state === 'cancelled') return;
  if (row.state === 'refused') throw new EndorsementStateConflict(row.id, row.state);
  const state = row.state === 'asked' ? 'cancelled' : 'withdrawn';
  await tx.query(
    `update endorsement set state = $3, ended_by = $2, ended_at = now(), ${erased} where id = $1`,
    [row.id, by, state],
  );
  await audit(tx, by, `endorsement.${state}`, row);
  if (row.statement_id) await endStatement(tx, row.statement_id, by);
}

const audit = (
  tx: EntityManager,
  by: string,
  action: string,
  row: Row,
  more: Record<string, string | boolean> = {},
): Promise<void> =>
  appendAudit(tx, [
    {
      actor: actorOf(by),
      action,
      subject: { endorsementId: row.id, organisationId: row.organisation_id, ...more },
    },
  ]);
