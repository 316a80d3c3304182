import type { EntityManager } from 'typeorm';
import { appendAudit, canonicalJson, DomainError, sha256, type Text, uuid } from '#platform';
import type { FactChange } from '#workshops';
import { carryOutEffects } from './carry-out-effects.js';
import type { AwardEffect } from './reconsider-awards.js';
import type { RegisterCorrection } from './register-correction.js';
import { type StatusReason, statusReasons } from './status-reasons.js';

/** What a correction or a withdrawal does, told before anybody confirms it. */
export interface TakingBack {
  /** Names all of it: a confirmation that names it does exactly this. */
  digest: string;
  changes: FactChange[];
  effects: AwardEffect[];
  /** Why, when whoever is told gave a reason, and as people read it: the digest covers it. */
  reason?: StatusReason;
  reasonText?: Text;
}

/** What would happen is not what was told: look again (`analysis_changed`). */
export class EffectsChanged extends DomainError {
  readonly code = 'analysis_changed';
  constructor(readonly now: TakingBack) {
    super('What this would do has changed since it was told: look at it again', {
      details: { digest: now.digest },
    });
  }
}

/** What would be given anew is suspended: whether it counts is decided first (`credential_suspended`). */
export class CredentialSuspended extends DomainError {
  readonly code = 'credential_suspended';
  readonly text: Required<Text>;
  /** @param publicIds of the suspended badges */
  constructor(publicIds: string[]) {
    const badges = publicIds.join(', ');
    super(`Suspended, and would be given anew: reinstate or revoke first ${badges}`, {
      details: { badges: publicIds },
    });
    this.text = {
      fr: `Suspendu, et un nouveau badge prendrait sa place : rétablissez ou retirez d’abord ${badges}. Rien n’a été changé.`,
      en: `Suspended, and a new badge would take its place: reinstate or revoke first ${badges}. Nothing was changed.`,
    };
  }
}

/** Nobody lifts a suspension by correcting something else. */
async function refuseSuspended(tx: EntityManager, effects: AwardEffect[]): Promise<void> {
  const anew = effects.flatMap((one) => (one.effect === 'changes' ? (one.credentialId ?? []) : []));
  const suspended: { id: string }[] = await tx.query(
    `select c.public_id as id from status_entry e join credential c on c.id = e.credential_id
     where e.credential_id = any($1) and e.state = 'suspended' order by c.public_id`,
    [anew],
  );
  if (suspended.length > 0) throw new CredentialSuspended(suspended.map(({ id }) => id));
}

/**
 * The digest of facts and effects, with all that they stand on: session, day, who assessed, other badges, and the
 * version of the badge. People and sessions that the work itself brings are named by what they are, not by a new id.
 * @throws CredentialSuspended (`credential_suspended`) when a suspended badge would be given anew
 */
export async function tell(
  tx: EntityManager,
  given: Omit<TakingBack, 'digest'> & { known: ReadonlySet<string>; about: unknown },
): Promise<TakingBack> {
  const { changes, effects, known, about } = given;
  await refuseSuspended(tx, effects);
  const people: { id: string; name: string }[] = await tx.query(
    `select id, name_key || '#' || coalesce(birth_year::text, '') as name from person where id = any($1)`,
    [effects.map(({ personId }) => personId).filter((id) => !known.has(id))],
  );
  const sessions: { id: string; name: string }[] = await tx.query(
    `select id, organisation_id || ' ' || code as name from session where id = any($1)`,
    [[...new Set(effects.flatMap(({ reasons }) => reasons.flatMap(({ sessionId }) => sessionId ?? [])))]],
  );
  const named = new Map([...people, ...sessions].map(({ id, name }) => [id, name]));
  const told = effects
    .map((one) => [
      named.get(one.personId) ?? one.personId,
      one.badge,
      one.effect,
      one.how,
      one.awardId,
      one.credentialId,
      one.wasShown,
      one.shown && [one.shown.since, one.shown.withName],
      one.achievementId,
      one.reasons.map((reason) => ({ ...reason, sessionId: named.get(reason.sessionId ?? '') })),
    ])
    .map((one) => canonicalJson(one))
    .sort();
  return {
    digest: sha256(canonicalJson({ about, changes, told })).toString('hex'),
    changes,
    effects,
  };
}

/** What was told, with why: another reason is another digest. Without one it stays as it is. */
export function withReason<T extends TakingBack>(told: T, reason: StatusReason | undefined): T {
  if (reason === undefined) return told;
  const digest = sha256(canonicalJson({ told: told.digest, reason })).toString('hex');
  return { ...told, digest, reason, reasonText: statusReasons[reason] };
}

/**
 * What was told, as it was confirmed: with its reason; or without, by whoever was told of no reason and gives one now.
 * @throws EffectsChanged (`analysis_changed`), also when another reason was told
 */
export function confirmed<T extends TakingBack>(told: T, expectedDigest: string, reason: StatusReason): T {
  const whole = withReason(told, reason);
  if (expectedDigest !== whole.digest && expectedDigest !== told.digest) throw new EffectsChanged(whole);
  return { ...whole, digest: expectedDigest };
}

/** Carries out what was told, and keeps who confirmed it. @returns outbox rows to enqueue after the commit */
export async function carryOut(
  tx: EntityManager,
  told: TakingBack,
  request: {
    kind: RegisterCorrection['kind'];
    organisationId: string;
    origin: string;
    expectedDigest: string;
    reasonClass: StatusReason;
    /** What a replaced badge is told to be replaced for (default `superseded`). */
    supersededFor?: StatusReason;
    by: string;
  },
): Promise<string[]> {
  const { kind, organisationId, by } = request;
  if (told.digest !== request.expectedDigest) throw new EffectsChanged(told);
  const outboxIds = await carryOutEffects(tx, told.effects, request);
  if (outboxIds === null) throw new EffectsChanged(told);
  const id = uuid();
  await tx.query(
    `insert into register_correction (id, organisation_id, kind, digest, changes, effects, by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      organisationId,
      kind,
      told.digest,
      JSON.stringify(told.changes.map(withoutNames)),
      JSON.stringify(
        told.effects.map(({ effect, how, personId, badge, awardId, credentialId }) => ({
          effect,
          how,
          personId,
          badge,
          awardId,
          credentialId,
        })),
      ),
      by,
    ],
  );
  await appendAudit(tx, [
    {
      actor: by,
      action: actions[kind],
      subject: {
        correctionId: id,
        organisationId,
        digest: told.digest,
        changes: told.changes.length,
        effects: told.effects.length,
      },
    },
  ]);
  return outboxIds;
}

const actions: Record<RegisterCorrection['kind'], string> = {
  file: 'register.corrected',
  session: 'register.corrected',
  withdrawal: 'session.withdrawn',
  replacement: 'badge.replaced',
};

/** Who the file brings, or is not confirmed, has a name in the changes, and at most an id in the record. */
const withoutNames = ({ assessor, ...one }: FactChange): unknown => ({
  ...one,
  person: idOrNothing(one.person),
  assessor: assessor && { from: idOrNothing(assessor.from), to: idOrNothing(assessor.to) },
});

const idOrNothing = (text: string | null): string | null => (text !== null && isId(text) ? text : null);

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
