import type { DataSource, EntityManager } from 'typeorm';
import { DomainError } from '#platform';
import { lockSession, peopleInSessions } from '#workshops';
import type { IssuanceQueue } from './issuance-queue.js';
import { type AwardEffect, reconsiderAwards } from './reconsider-awards.js';
import type { StatusReason } from './status-reasons.js';
import { carryOut, confirmed, type TakingBack, tell, withReason } from './taking-back.js';
import { undone } from './undone.js';

/** The session was withdrawn before (`session_already_withdrawn`). */
export class SessionAlreadyWithdrawn extends DomainError {
  readonly code = 'session_already_withdrawn';
  constructor(sessionId: string) {
    super('The session is withdrawn already; a corrected register makes it count again', {
      details: { sessionId },
    });
  }
}

export interface SessionWithdrawal extends TakingBack {
  /**
   * `withdrawal`: no badge of it was ever shown and none is older than 24 hours, so nothing of it stays visible.
   * `revocation`: they stay known as revoked.
   */
  mode: 'withdrawal' | 'revocation';
}

interface WithdrawnSession {
  organisationId: string;
  sessionId: string;
}

/**
 * Takes back a whole session: its register counts no more, and every award that stood on it falls, with those that
 * stood on these. First it is told who has shown what; then exactly that is done.
 */
export class WithdrawSession {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
  ) {}

  /**
   * What withdrawing the session would do; writes nothing.
   * @param session.reasonClass told too, and covered by the digest, when it is given
   * @throws SessionNotFound (`session_not_found`), SessionAlreadyWithdrawn (`session_already_withdrawn`)
   */
  async analyse(session: WithdrawnSession & { reasonClass?: StatusReason }): Promise<SessionWithdrawal> {
    return withReason(await undone(this.database, (tx) => this.withdraw(tx, session)), session.reasonClass);
  }

  /**
   * Does exactly that, in one transaction.
   * @throws as `analyse`, and EffectsChanged (`analysis_changed`), as when somebody has shown a badge meanwhile, or for
   *   another reason than was told
   */
  async run(
    request: WithdrawnSession & { expectedDigest: string; reasonClass: StatusReason; by: string },
  ): Promise<SessionWithdrawal> {
    const { expectedDigest, reasonClass } = request;
    const { told, outboxIds } = await this.database.transaction(async (tx) => {
      const told = confirmed(await this.withdraw(tx, request), expectedDigest, reasonClass);
      const carried = { ...request, kind: 'withdrawal' as const, origin: this.origin };
      return { told, outboxIds: await carryOut(tx, told, carried) };
    });
    await this.queue.enqueue(outboxIds);
    return told;
  }

  private async withdraw(
    tx: EntityManager,
    { organisationId, sessionId }: WithdrawnSession,
  ): Promise<SessionWithdrawal> {
    const { code, withdrawnAt } = await lockSession(tx, organisationId, sessionId);
    if (withdrawnAt) throw new SessionAlreadyWithdrawn(sessionId);
    const people = await peopleInSessions(tx, organisationId, [code]);
    const found = await reconsiderAwards(
      tx,
      organisationId,
      async () => people,
      () => tx.query('update session set withdrawn_at = now() where id = $1', [sessionId]),
    );
    const ended = found.filter(({ awardId }) => awardId !== null);
    const mode = ended.every(({ how }) => how === 'withdrawn' || how === 'replaced')
      ? 'withdrawal'
      : 'revocation';
    const effects = mode === 'withdrawal' ? found : found.map(openly);
    const told = await tell(tx, {
      changes: [],
      effects,
      known: new Set(people),
      about: { sessionId, mode },
    });
    return { ...told, mode };
  }
}

/** As soon as one badge of the batch was shown, none of them vanishes. */
const openly = (one: AwardEffect): AwardEffect => {
  if (one.how === 'withdrawn') return { ...one, how: 'revoked' };
  return one.how === 'replaced' ? { ...one, how: 'superseded' } : one;
};
