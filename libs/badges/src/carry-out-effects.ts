import type { EntityManager } from 'typeorm';
import { appendAudit, canonicalJson } from '#platform';
import { changeStatus } from './change-status.js';
import { keepRecipients } from './ob2/bind-recipient.js';
import { planAwards } from './plan-awards.js';
import type { AwardEffect } from './reconsider-awards.js';
import type { Reason } from './rule.js';
import type { StatusReason } from './status-reasons.js';

interface Request {
  organisationId: string;
  reasonClass: StatusReason;
  by: string;
}

/** Ends the awards that were told to end, without trace or as revoked, in the caller's transaction. */
export async function endAwards(
  tx: EntityManager,
  effects: AwardEffect[],
  { organisationId, reasonClass, by }: Request,
): Promise<void> {
  const ended = effects.filter(({ awardId }) => awardId !== null);
  const vanishing = ended.filter(({ how }) => how === 'withdrawn' || how === 'replaced');
  const revoked = ended.filter(({ how }) => how === 'revoked');
  const waiting = ended.flatMap(({ alsoWaiting }) => alsoWaiting);
  const taken = [...credentialIds([...vanishing, ...revoked]), ...waiting];
  if (taken.length > 0)
    await changeStatus(tx, { organisationId, credentialIds: taken, change: 'revoke', reasonClass, by });
  await tx.query(`update credential set state = 'void' where id = any($1)`, [credentialIds(vanishing)]);
  await tx.query(`update award set state = 'cancelled' where id = any($1)`, [
    ended.map(({ awardId }) => awardId),
  ]);
  await appendAudit(
    tx,
    ended.map(({ awardId, how }) => ({
      actor: by,
      action: 'award.cancelled',
      subject: { awardId, organisationId, how, reason: reasonClass },
    })),
  );
}

/**
 * Does to the awards what was told, no more and no less, in the caller's transaction.
 * @returns outbox rows to enqueue; null when a rule or a mandate changed in this moment, so that other awards were
 *   planned than told: then the transaction must not be committed
 */
export async function carryOutEffects(
  tx: EntityManager,
  effects: AwardEffect[],
  request: Request & { origin: string; supersededFor?: StatusReason },
): Promise<string[] | null> {
  const { organisationId, by } = request;
  const superseded = effects.filter(({ how }) => how === 'superseded');
  const vanished = effects.filter(({ how }) => how === 'replaced');
  await endAwards(tx, effects, request);
  const wanted = effects.filter(({ effect }) => effect !== 'falls');
  const { awardIds, outboxIds } = await planAwards(tx, {
    organisationId,
    personIds: [...new Set(effects.map(({ personId }) => personId))],
    origin: request.origin,
  });
  const planned = await plannedCredentials(tx, awardIds);
  if (planned.size !== wanted.length || !wanted.every((one) => isTold(one, planned.get(placeOf(one)))))
    return null;
  if (superseded.length > 0) {
    const replacedBy = new Map(
      superseded.map((one) => [one.credentialId!, planned.get(placeOf(one))!.credentialId]),
    );
    await changeStatus(tx, {
      organisationId,
      credentialIds: credentialIds(superseded),
      change: 'supersede',
      reasonClass: request.supersededFor ?? 'superseded',
      by,
      replacedBy,
    });
    await showAsBefore(tx, replacedBy);
  }
  await keepRecipients(
    tx,
    new Map([...superseded, ...vanished].map((one) => [one.awardId!, planned.get(placeOf(one))!.awardId])),
    by,
  );
  await tx.query(
    `update status_entry e set superseded_by = t.newer from unnest($1::uuid[], $2::uuid[]) as t (older, newer)
     where e.credential_id = t.older`,
    [
      credentialIds(vanished),
      vanished.flatMap((one) => (one.credentialId ? [planned.get(placeOf(one))!.credentialId] : [])),
    ],
  );
  return outboxIds;
}

const credentialIds = (effects: AwardEffect[]): string[] =>
  effects.flatMap(({ credentialId }) => (credentialId === null ? [] : [credentialId]));

const placeOf = ({ personId, badge }: { personId: string; badge: string }): string => `${personId} ${badge}`;

interface Planned {
  awardId: string;
  credentialId: string;
  achievementId: string;
  reasons: Reason[];
}

const isTold = ({ achievementId, reasons }: AwardEffect, planned: Planned | undefined): boolean =>
  planned?.achievementId === achievementId && canonicalJson(planned.reasons) === canonicalJson(reasons);

async function plannedCredentials(tx: EntityManager, awardIds: string[]): Promise<Map<string, Planned>> {
  const rows: (Planned & { personId: string; badge: string })[] = await tx.query(
    `select a.person_id as "personId", a.badge_code as badge, a.id as "awardId", a.reasons, a.achievement_id as "achievementId",
            c.id as "credentialId"
     from award a join credential c on c.award_id = a.id where a.id = any($1)`,
    [awardIds],
  );
  return new Map(rows.map((row) => [placeOf(row), row]));
}

/** Whoever showed a badge shows the one that replaces it, in the same way, as soon as it is signed. */
async function showAsBefore(tx: EntityManager, replacedBy: ReadonlyMap<string, string>): Promise<void> {
  const pairs = [[...replacedBy.keys()], [...replacedBy.values()]];
  await tx.query(
    `insert into publication (credential_id, with_name, by)
     select t.newer, p.with_name, p.by from unnest($1::uuid[], $2::uuid[]) as t (older, newer)
     join publication p on p.credential_id = t.older`,
    pairs,
  );
  await tx.query(
    `update credential c set first_shown_at = now() from unnest($1::uuid[], $2::uuid[]) as t (older, newer)
     join publication p on p.credential_id = t.older where c.id = t.newer`,
    pairs,
  );
}
