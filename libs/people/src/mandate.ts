import type { EntityManager } from 'typeorm';
import { actorOf, appendAudit, uuid } from '#platform';
import { Membership, type Role } from './membership.entity.js';

/** Did this person hold this role in this organisation on this day (YYYY-MM-DD)? */
export async function isMandated(
  tx: EntityManager,
  personId: string,
  organisationId: string,
  role: Role,
  date: string,
): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `SELECT 1 FROM membership WHERE person_id = $1 AND organisation_id = $2 AND role = $3
       AND valid_from <= $4::date AND (valid_until IS NULL OR $4::date <= valid_until) LIMIT 1`,
    [personId, organisationId, role, date],
  );
  return rows.length > 0;
}

/** All memberships of an organisation, or those of one role: for deciding about many facts at once. */
export const mandatesIn = (tx: EntityManager, organisationId: string, role?: Role): Promise<Membership[]> =>
  tx.findBy(Membership, role ? { organisationId, role } : { organisationId });

export interface Grant {
  organisationId: string;
  personId: string;
  role: Role;
  /** YYYY-MM-DD, first day. */
  validFrom: string;
  /** YYYY-MM-DD, last day; open when null. */
  validUntil?: string | null;
  /** Who says so: a person or the program that acts for one. */
  confirmedBy: string;
}

/** Gives a role from one day to another. Nothing is added when a membership already covers those days. */
export async function grantRole(tx: EntityManager, grant: Grant): Promise<Membership> {
  const { organisationId, personId, role, validFrom, validUntil = null, confirmedBy } = grant;
  const held = await tx.findBy(Membership, { organisationId, personId, role });
  const covering = held.find(
    (one) =>
      one.covers(validFrom) && (one.validUntil === null || (validUntil !== null && one.covers(validUntil))),
  );
  if (covering) return covering;
  const membership = Object.assign(new Membership(), {
    id: uuid(),
    organisationId,
    personId,
    role,
    validFrom,
    validUntil,
    confirmedBy,
    createdAt: new Date(),
  });
  await tx.insert(Membership, membership);
  await appendAudit(tx, [
    {
      actor: actorOf(confirmedBy),
      action: 'membership.granted',
      subject: { membershipId: membership.id, organisationId, personId, role, validFrom, validUntil },
    },
  ]);
  return membership;
}

/** Ends every membership of this role on that day (YYYY-MM-DD, the last day it holds). What it covered stays true. */
export async function endRole(
  tx: EntityManager,
  ended: { organisationId: string; personId: string; role: Role; lastDay: string; by?: string },
): Promise<void> {
  const [rows] = await tx.query<[{ id: string; valid_until: string }[], number]>(
    `UPDATE membership SET valid_until = greatest(valid_from, $4::date)
     WHERE organisation_id = $1 AND person_id = $2 AND role = $3
       AND (valid_until IS NULL OR valid_until > $4::date) RETURNING id, valid_until::text`,
    [ended.organisationId, ended.personId, ended.role, ended.lastDay],
  );
  await appendAudit(
    tx,
    rows.map(({ id, valid_until: validUntil }) => ({
      actor: actorOf(ended.by ?? 'command-line'),
      action: 'membership.ended',
      subject: {
        membershipId: id,
        organisationId: ended.organisationId,
        personId: ended.personId,
        role: ended.role,
        validUntil,
      },
    })),
  );
}
