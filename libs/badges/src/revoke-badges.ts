import type { DataSource, EntityManager } from 'typeorm';
import { DomainError } from '#platform';
import { noCampaigns } from '#workshops';
import { endAwards } from './carry-out-effects.js';
import { changeStatus, type StatusChangeRequest } from './change-status.js';
import { fallAlong } from './fall-along.js';
import { liveAwards } from './live-awards.js';
import { type NamedBadge, withShowing } from './named-badge.js';
import type { StatusReason } from './status-reasons.js';
import { confirmed, type TakingBack, tell, withReason } from './taking-back.js';
import { undone } from './undone.js';

/** Other badges stand on this one and would fall with it: they are named first, then confirmed (`others_would_fall`). */
export class OthersWouldFall extends DomainError {
  readonly code = 'others_would_fall';
  constructor({ digest, effects }: TakingBack) {
    super(
      'Other badges stand on this one and would fall with it: look at them, then confirm with the digest',
      {
        details: { digest, badges: effects.map(({ badge }) => badge) },
      },
    );
  }
}

export interface BadgeRevocation extends TakingBack {
  /** The badges that were named. */
  revoked: NamedBadge[];
  /** Those that fall with them, because they stood on them. */
  effects: TakingBack['effects'];
}

type Request = Omit<StatusChangeRequest, 'change' | 'replacedBy'>;

/**
 * Revokes badges, and takes along those that stood on them: a pathway badge falls when one of its stones does. First it
 * is told which; then exactly that is done.
 */
export class RevokeBadges {
  constructor(private readonly database: DataSource) {}

  /**
   * What revoking them would do; writes nothing.
   * @param request.reasonClass told too, and covered by the digest, when it is given
   * @throws as `ChangeStatus.run`
   */
  async analyse(
    request: Omit<Request, 'reasonClass'> & { reasonClass?: StatusReason },
  ): Promise<BadgeRevocation> {
    const { reasonClass } = request;
    // Nothing of it stays, and no effect depends on the reason.
    const any = { ...request, reasonClass: reasonClass ?? ('issued_in_error' as const) };
    return withReason(await undone(this.database, (tx) => this.revoke(tx, any)), reasonClass);
  }

  /**
   * Does exactly that, in one transaction. Without a digest only what takes no other badge along is done.
   * @throws as `ChangeStatus.run`, EffectsChanged (`analysis_changed`), also for another reason than was told,
   *   OthersWouldFall (`others_would_fall`)
   */
  async run(request: Request & { expectedDigest?: string }): Promise<BadgeRevocation> {
    const { expectedDigest, reasonClass } = request;
    return this.database.transaction(async (tx) => {
      const found = await this.revoke(tx, request);
      const whole = withReason(found, reasonClass);
      if (expectedDigest === undefined && whole.effects.length > 0) throw new OthersWouldFall(whole);
      const told = expectedDigest === undefined ? whole : confirmed(found, expectedDigest, reasonClass);
      await endAwards(tx, told.effects, request);
      return told;
    });
  }

  private async revoke(tx: EntityManager, request: Request): Promise<BadgeRevocation> {
    const { organisationId } = request;
    // Nobody plans a badge on one that is being revoked; other revocations wait for the same people only.
    await noCampaigns(tx, organisationId);
    const personIds = await holdersOf(tx, request);
    const live = await liveAwards(tx, organisationId, personIds);
    const revoked = await withShowing(tx, await changeStatus(tx, { ...request, change: 'revoke' }, true));
    const ended = revoked.filter((one) => one.isChanged);
    const effects = await fallAlong(tx, organisationId, live, new Set(ended.map(({ awardId }) => awardId)));
    const about = {
      revoked: revoked.map(({ credentialId, isChanged, shown, wasShown }) => [
        ...[credentialId, isChanged, wasShown],
        shown && [shown.since, shown.withName],
      ]),
    };
    const told = await tell(tx, { changes: [], effects, known: new Set(personIds), about });
    return { ...told, revoked };
  }
}

async function holdersOf(
  tx: EntityManager,
  { organisationId, credentialIds = [], publicIds = [] }: Request,
): Promise<string[]> {
  const rows: { id: string }[] = await tx.query(
    `select distinct a.person_id as id from award a join credential c on c.award_id = a.id
     where c.organisation_id = $1 and (c.id = any($2) or c.public_id = any($3))`,
    [organisationId, credentialIds, publicIds],
  );
  return rows.map(({ id }) => id);
}
