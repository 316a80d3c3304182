import type { DataSource, EntityManager } from 'typeorm';
import { correctName } from '#people';
import { Clock, DomainError, SystemClock } from '#platform';
import { correctSessionDate, type FactChange, lockCampaigns, peopleInSessions } from '#workshops';
import type { AwardState } from './award.js';
import { CredentialNotFound, CredentialRevoked } from './change-status.js';
import type { IssuanceQueue } from './issuance-queue.js';
import { reconsiderAwards } from './reconsider-awards.js';
import type { StatusReason } from './status-reasons.js';
import {
  CredentialSuspended,
  carryOut,
  confirmed,
  type TakingBack,
  tell,
  withReason,
} from './taking-back.js';
import { undone } from './undone.js';

/** What is recorded does not carry the badge under the rules in force (`badge_not_carried`). */
export class BadgeNotCarried extends DomainError {
  readonly code = 'badge_not_carried';
  constructor(badge: string) {
    super('What is recorded does not carry this badge: correct the register, or revoke the badge', {
      details: { badge },
    });
  }
}

/** The badge stands on no session whose day could be corrected (`badge_without_session`). */
export class BadgeWithoutSession extends DomainError {
  readonly code = 'badge_without_session';
  constructor(badge: string) {
    super('This badge stands on other badges, not on a session: replace the one whose day is wrong', {
      details: { badge },
    });
  }
}

/** What was wrong on the badge; what is left out is taken as it is recorded now. */
export interface BadgeFault {
  /** How the learner's name is spelt. */
  givenName?: string;
  familyName?: string;
  /** The day of the session, YYYY-MM-DD. */
  heldOn?: string;
}

export interface ReplacementRequest {
  organisationId: string;
  publicId: string;
  fault?: BadgeFault;
  by: string;
}

export interface BadgeReplacement extends TakingBack {
  /** Public id of the badge that stands in its place since it was replaced; null until then. */
  replacedBy: string | null;
}

interface Target {
  credential_id: string;
  award_id: string;
  person_id: string;
  session_id: string | null;
  badge_code: string;
  status: string;
  newer: string | null;
}

/**
 * Issues a corrected badge in the place of a wrong one. What was wrong is corrected where it is recorded, so that every
 * badge that says it is replaced too: those of the person for a name, those of the session for a day. Shown ones stay
 * known as replaced; their successors are shown in the same way.
 */
export class ReplaceBadge {
  constructor(
    private readonly database: DataSource,
    private readonly queue: IssuanceQueue,
    private readonly origin: string,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  /**
   * What replacing it would do; writes nothing.
   * @param request.reasonClass told too, and covered by the digest, when it is given
   * @throws CredentialNotFound (`credential_not_found`), CredentialRevoked (`credential_revoked`), CredentialSuspended
   *   (`credential_suspended`), BadgeNotCarried (`badge_not_carried`), BadgeWithoutSession (`badge_without_session`),
   *   those of `correctName` and `correctSessionDate`
   */
  async analyse(request: ReplacementRequest & { reasonClass?: StatusReason }): Promise<BadgeReplacement> {
    const told = await undone(this.database, (tx) => this.replace(tx, request));
    return told.replacedBy === null ? withReason(told, request.reasonClass) : told;
  }

  /**
   * Does exactly that, in one transaction. A badge that was replaced before stays as it is: the answer names its
   * successor.
   * @throws as `analyse`, and EffectsChanged (`analysis_changed`), also for another reason than was told
   */
  async run(
    request: ReplacementRequest & { expectedDigest: string; reasonClass: StatusReason },
  ): Promise<BadgeReplacement> {
    const { organisationId, publicId, expectedDigest, reasonClass } = request;
    const { told, outboxIds } = await this.database.transaction(async (tx) => {
      const found = await this.replace(tx, request);
      if (found.replacedBy !== null) return { told: found, outboxIds: [] };
      const told = confirmed(found, expectedDigest, reasonClass);
      const outboxIds = await carryOut(tx, told, {
        ...request,
        kind: 'replacement',
        origin: this.origin,
        supersededFor: reasonClass,
      });
      const { newer } = await targetOf(tx, organisationId, publicId);
      return { told: { ...told, replacedBy: newer }, outboxIds };
    });
    await this.queue.enqueue(outboxIds);
    return told;
  }

  private async replace(tx: EntityManager, request: ReplacementRequest): Promise<BadgeReplacement> {
    const { organisationId, publicId, fault = {}, by } = request;
    await lockCampaigns(tx, organisationId);
    const target = await targetOf(tx, organisationId, publicId);
    if (target.newer !== null) return replacedBefore(target.newer);
    if (target.status === 'revoked') throw new CredentialRevoked(target.credential_id);
    if (target.status === 'suspended') throw new CredentialSuspended([publicId]);
    if (fault.heldOn !== undefined && target.session_id === null)
      throw new BadgeWithoutSession(target.badge_code);
    const names = fault.givenName !== undefined || fault.familyName !== undefined;
    const named = names ? await namedIn(tx, organisationId, target.person_id) : [];
    const anew = new Set([target.award_id, ...named.map(({ id }) => id)]);
    const people = new Set([target.person_id]);
    if (fault.heldOn !== undefined)
      for (const id of await inSession(tx, organisationId, target.session_id!)) people.add(id);
    const changes: FactChange[] = [];
    const effects = await reconsiderAwards(
      tx,
      organisationId,
      async () => [...people],
      async () => {
        if (names) await correctName(tx, { organisationId, personId: target.person_id, ...fault, by });
        if (fault.heldOn !== undefined)
          changes.push(...(await this.moveSession(tx, organisationId, target, fault.heldOn)));
      },
      anew,
    );
    // A refused one that is not carried holds up no other.
    const refused = new Set(named.flatMap(({ id, state }) => (state === 'refused' ? id : [])));
    const fallen = effects.find(
      ({ effect, awardId }) =>
        effect === 'falls' &&
        awardId !== null &&
        anew.has(awardId) &&
        (awardId === target.award_id || !refused.has(awardId)),
    );
    if (fallen) throw new BadgeNotCarried(fallen.badge);
    const about = { replaced: publicId, fault };
    return { ...(await tell(tx, { changes, effects, known: people, about })), replacedBy: null };
  }

  private async moveSession(
    tx: EntityManager,
    organisationId: string,
    { session_id: sessionId, person_id: person }: Target,
    heldOn: string,
  ): Promise<FactChange[]> {
    const now = this.clock.now();
    const { code, before } = await correctSessionDate(tx, {
      organisationId,
      sessionId: sessionId!,
      heldOn,
      now,
    });
    const moved = { session: code, person, target: 'held_on', from: before, to: heldOn, assessor: null };
    return before === heldOn ? [] : [moved];
  }
}

const replacedBefore = (newer: string): BadgeReplacement => ({
  digest: '',
  changes: [],
  effects: [],
  replacedBy: newer,
});

/** The badge at the address, its credential locked. @throws CredentialNotFound (`credential_not_found`) */
async function targetOf(tx: EntityManager, organisationId: string, publicId: string): Promise<Target> {
  const rows: Target[] = await tx.query(
    `select c.id as credential_id, a.id as award_id, a.person_id, a.session_id, a.badge_code, e.state as status,
            (select newer.public_id from credential newer where newer.id = e.superseded_by) as newer
     from credential c join award a on a.id = c.award_id join status_entry e on e.credential_id = c.id
     where c.organisation_id = $1 and c.public_id = $2 and c.state <> 'superseded'
     order by c.state = 'signed' desc, c.id desc limit 1 for update of c`,
    [organisationId, publicId],
  );
  if (!rows[0]) throw new CredentialNotFound(1);
  return rows[0];
}

/**
 * Awards of the person whose badge says the name. A suspended one too: it may be reinstated; and a refused one, which a
 * retry would sign as it was planned.
 */
const namedIn = (
  tx: EntityManager,
  organisationId: string,
  personId: string,
): Promise<{ id: string; state: AwardState }[]> =>
  tx.query(
    `select id, state from award
     where organisation_id = $1 and person_id = $2 and state in ('planned', 'issued', 'refused')`,
    [organisationId, personId],
  );

async function inSession(tx: EntityManager, organisationId: string, sessionId: string): Promise<string[]> {
  const [{ code }]: [{ code: string }] = await tx.query('select code from session where id = $1', [
    sessionId,
  ]);
  return peopleInSessions(tx, organisationId, [code]);
}
