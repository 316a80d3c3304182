import type { EntityManager } from 'typeorm';
import { dateOfInstant, uuid } from '#platform';
import { loadFacts, lockCampaigns } from '#workshops';
import type { Achievement } from './achievement.js';
import { currentAchievements } from './current-achievements.js';
import { type NewAward, planCredentials } from './plan-credentials.js';
import { type Evaluation, evaluateRule, type Facts, type Reason } from './rule.js';
import { reachOf } from './rule-reach.js';

export interface PlannedAwards {
  /** Number of awards planned now, by badge code. */
  planned: Record<string, number>;
  awardIds: string[];
  /** Outbox rows to put in the queue once the transaction is committed. */
  outboxIds: string[];
  /** Badges whose only lack is a confirmed assessor. */
  waitingForStaff: { personId: string; badgeCode: string }[];
}

type Met = Extract<Evaluation, { met: true }>;

/**
 * Evaluates every rule of the structure's catalogue for these people and plans what they have earned: award,
 * credential id, status index, exact payload bytes and outbox row, in the caller's transaction (ARCHITECTURE,
 * order of issuance, step 1). Evaluating twice plans once: the database holds one award per learner and badge.
 * @param input.origin the service's public origin, without a slash at the end
 * @throws OriginChanged (`origin_changed`) when this data issues under another origin
 */
export async function planAwards(
  tx: EntityManager,
  input: { organisationId: string; personIds: string[]; origin: string },
): Promise<PlannedAwards> {
  const result: PlannedAwards = { planned: {}, awardIds: [], outboxIds: [], waitingForStaff: [] };
  if (input.personIds.length === 0) return result;
  // Nobody takes back facts between their being read and the awards that rest on them.
  await lockCampaigns(tx, input.organisationId);
  const achievements = await currentAchievements(tx, input.organisationId);
  const mandated = await assessorMandates(tx, input.organisationId);
  const held = await heldBadges(tx, input.organisationId, input.personIds);
  const taken = await revokedBadges(tx, input.organisationId, input.personIds);
  const found: NewAward[] = [];
  for (const facts of (await loadFacts(tx, input.organisationId, input.personIds)) as Facts[]) {
    const badges = held.get(facts.personId) ?? new Map<string, string>();
    const revoked = taken.get(facts.personId) ?? none;
    const open = achievements.filter(({ code }) => !revoked.has(code));
    const { earned, waiting } = evaluateAll(open, facts, badges, mandated);
    for (const { achievement, evaluation } of earned)
      found.push({ id: uuid(), personId: facts.personId, achievement, evaluation });
    for (const badgeCode of waiting) result.waitingForStaff.push({ personId: facts.personId, badgeCode });
  }
  const awards = await insertAwards(tx, input.organisationId, found);
  if (awards.length === 0) return result;
  result.outboxIds = await planCredentials(tx, input, awards);
  for (const award of awards) {
    const code = award.achievement.code;
    result.planned[code] = (result.planned[code] ?? 0) + 1;
    result.awardIds.push(award.id);
  }
  return result;
}

function evaluateAll(
  achievements: Achievement[],
  facts: Facts,
  alreadyHeld: ReadonlyMap<string, string>,
  mandated: (personId: string, date: string) => boolean,
): { earned: { achievement: Achievement; evaluation: Met }[]; waiting: string[] } {
  const held = new Map(alreadyHeld);
  const earned: { achievement: Achievement; evaluation: Met }[] = [];
  let open = achievements.filter((a) => !held.has(a.code));
  let waiting: string[] = [];
  const isInReach = reachOf(facts);
  // A pathway badge stands on badges of the same round, so rounds go on until one brings nothing new.
  for (let before = -1; before !== earned.length; ) {
    before = earned.length;
    waiting = [];
    for (const achievement of open) {
      if (!isInReach(achievement.rule, held)) continue;
      const evaluation = evaluateRule(achievement.rule, facts, { mandated, held });
      if (evaluation.met && isJudged(achievement, evaluation)) {
        earned.push({ achievement, evaluation });
        held.set(achievement.code, evaluation.on);
      } else if (
        !evaluation.met &&
        evaluation.missing.every((m: Reason) => m.code === 'assessor_not_mandated')
      )
        waiting.push(achievement.code);
    }
    open = open.filter((a) => !held.has(a.code));
  }
  return { earned, waiting };
}

/** I6: somebody with a mandate assessed it, or it stands on badges for which somebody did. */
export const isJudged = (achievement: Achievement, evaluation: Met): boolean =>
  evaluation.assessorPersonId !== null || achievement.rule.all.every((condition) => 'badge' in condition);

/** Who had the assessor's mandate in the structure, and when. */
export async function assessorMandates(
  tx: EntityManager,
  organisationId: string,
): Promise<(personId: string, date: string) => boolean> {
  const rows: { person_id: string; valid_from: string; valid_until: string | null }[] = await tx.query(
    `select person_id, valid_from::text, valid_until::text from membership where organisation_id = $1 and role = 'assessor'`,
    [organisationId],
  );
  const byPerson = new Map<string, { from: string; until: string | null }[]>();
  for (const row of rows)
    byPerson.set(row.person_id, [
      ...(byPerson.get(row.person_id) ?? []),
      { from: row.valid_from, until: row.valid_until },
    ]);
  return (personId, date) =>
    (byPerson.get(personId) ?? []).some((m) => m.from <= date && (m.until === null || date <= m.until));
}

async function heldBadges(
  tx: EntityManager,
  organisationId: string,
  personIds: string[],
): Promise<Map<string, Map<string, string>>> {
  const rows: { person_id: string; badge_code: string; on: string }[] = await tx.query(
    `select person_id, badge_code, ${dateOfInstant('awarded_at')} as on from award
     where organisation_id = $1 and person_id = any($2) and state not in ('cancelled', 'revoked')`,
    [organisationId, personIds],
  );
  const held = new Map<string, Map<string, string>>();
  for (const row of rows) {
    if (!held.has(row.person_id)) held.set(row.person_id, new Map());
    held.get(row.person_id)!.set(row.badge_code, row.on);
  }
  return held;
}

const none: ReadonlySet<string> = new Set();

/** Badges that were taken back for good: the same facts do not give them again, and no other badge stands on them. */
async function revokedBadges(
  tx: EntityManager,
  organisationId: string,
  personIds: string[],
): Promise<Map<string, Set<string>>> {
  const rows: { person_id: string; badge_codes: string[] }[] = await tx.query(
    `select person_id, array_agg(badge_code) as badge_codes from award
     where organisation_id = $1 and person_id = any($2) and state = 'revoked' group by person_id`,
    [organisationId, personIds],
  );
  return new Map(rows.map((row) => [row.person_id, new Set(row.badge_codes)]));
}

async function insertAwards(
  tx: EntityManager,
  organisationId: string,
  awards: NewAward[],
): Promise<NewAward[]> {
  if (awards.length === 0) return [];
  const rows: { id: string }[] = await tx.query(
    `insert into award (id, organisation_id, achievement_id, badge_code, person_id, session_id, assessor_person_id,
                        assessed_on, awarded_at, established, state, reasons)
     select t.id, $1, t.achievement, t.code, t.person, t.session, t.assessor, t.assessed_on,
            coalesce(s.starts_at, t.earned_on::timestamptz + interval '12 hours'), t.established, 'planned', t.reasons
     from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::date[], $9::date[], $10::text[], $11::jsonb[])
       as t (id, achievement, code, person, session, assessor, assessed_on, earned_on, established, reasons)
     left join session s on s.id = t.session
     on conflict (organisation_id, badge_code, person_id) where state <> 'cancelled' do nothing
     returning id`,
    [
      organisationId,
      awards.map((a) => a.id),
      awards.map((a) => a.achievement.id),
      awards.map((a) => a.achievement.code),
      awards.map((a) => a.personId),
      awards.map((a) => a.evaluation.sessionId),
      awards.map((a) => a.evaluation.assessorPersonId),
      awards.map((a) => a.evaluation.assessedOn),
      awards.map((a) => a.evaluation.on),
      awards.map((a) => a.evaluation.established),
      awards.map((a) => JSON.stringify(a.evaluation.reasons)),
    ],
  );
  const inserted = new Set(rows.map((r) => r.id));
  return awards.filter((a) => inserted.has(a.id));
}
