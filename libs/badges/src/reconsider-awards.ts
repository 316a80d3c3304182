import type { EntityManager } from 'typeorm';
import { loadFacts } from '#workshops';
import type { Achievement } from './achievement.js';
import { currentAchievements } from './current-achievements.js';
import { type LiveAward, liveAwards } from './live-awards.js';
import { assessorMandates, isJudged } from './plan-awards.js';
import { type Evaluation, evaluateRule, type Facts, type Reason } from './rule.js';

/**
 * What other facts do to one award. `how`: `planned` for the first time; `withdrawn`, nobody has seen it and it is a
 * day old at most; `revoked`, kept and told as such; `replaced`, withdrawn and planned anew; `superseded`, told as
 * such and planned anew.
 */
export interface AwardEffect {
  effect: 'appears' | 'changes' | 'falls';
  how: 'planned' | 'withdrawn' | 'revoked' | 'replaced' | 'superseded';
  personId: string;
  badge: string;
  /** The award there is now; null when it appears. */
  awardId: string | null;
  credentialId: string | null;
  /** Credentials of a re-issue that are not signed yet. */
  alsoWaiting: string[];
  /** The facts that carry it, or what is missing to carry it. */
  reasons: Reason[];
  /** Since when its learner shows it, with the name or not; null while hidden. */
  shown: { since: Date; withName: boolean } | null;
  /** Somebody may have a copy: it is shown, or was, or nobody knows since a backup was restored. */
  wasShown: boolean;
}

type Met = Extract<Evaluation, { met: true }>;
type Mandated = (personId: string, date: string) => boolean;

/**
 * Changes facts in the caller's transaction and tells what that does to the awards of these people. Awards that the
 * facts did not carry before, because a rule or a mandate is another one today, are left alone.
 * @param concerned everybody with facts that may change; called before and after the change, which may bring people
 * @param anew ids of awards that are given anew in any case, under the rules in force; one that these facts do not
 *   carry falls
 */
export async function reconsiderAwards(
  tx: EntityManager,
  organisationId: string,
  concerned: () => Promise<string[]>,
  changeFacts: () => Promise<void>,
  anew: ReadonlySet<string> = new Set(),
): Promise<AwardEffect[]> {
  const known = await concerned();
  const before = await factsOf(tx, organisationId, known);
  await changeFacts();
  const personIds = [...new Set([...known, ...(await concerned())])].sort();
  const after = await factsOf(tx, organisationId, personIds);
  const achievements = await currentAchievements(tx, organisationId);
  const mandated = await assessorMandates(tx, organisationId);
  const live = await liveAwards(tx, organisationId, personIds);
  return personIds.flatMap((personId) =>
    effectsOn(
      personId,
      live.get(personId) ?? [],
      achievements,
      before.get(personId) ?? nothing(personId),
      after.get(personId) ?? nothing(personId),
      mandated,
      anew,
    ),
  );
}

const nothing = (personId: string): Facts => ({
  personId,
  attendances: [],
  assessments: [],
  animated: [],
  professional: [],
});

async function factsOf(
  tx: EntityManager,
  organisationId: string,
  personIds: string[],
): Promise<Map<string, Facts>> {
  if (personIds.length === 0) return new Map();
  const facts = (await loadFacts(tx, organisationId, personIds)) as Facts[];
  return new Map(facts.map((one) => [one.personId, one]));
}

/** Pure: what becomes of one person's awards when the facts `before` are the facts `after`. */
function effectsOn(
  personId: string,
  live: LiveAward[],
  achievements: Achievement[],
  before: Facts,
  after: Facts,
  mandated: Mandated,
  forced: ReadonlySet<string>,
): AwardEffect[] {
  const standing = live.filter(({ state }) => state !== 'revoked');
  const revoked = new Set(live.filter(({ state }) => state === 'revoked').map(({ badge }) => badge));
  const own = new Map(standing.map((award) => [award.badge, award.achievement]));
  const rules = [...achievements.filter(({ code }) => !own.has(code) && !revoked.has(code)), ...own.values()];
  const all = new Map(standing.map(({ badge, on }) => [badge, on]));
  const carried = earnedFrom(rules, before, new Map(), mandated);
  // What the facts did not carry before stands for other reasons, and may carry others.
  const kept = new Map([...all].filter(([badge]) => !carried.has(badge)));
  const was = earnedFrom(rules, before, kept, mandated);
  const is = earnedFrom(rules, after, kept, mandated);
  const heldAfter = new Map([...kept, ...[...is].map(([code, { on }]) => [code, on] as const)]);
  const found: AwardEffect[] = [];
  for (const award of standing) {
    const isForced = forced.has(award.awardId);
    if (!isForced && (kept.has(award.badge) || !was.has(award.badge))) continue;
    const now = is.get(award.badge);
    if (!now && !isForced) found.push(falls(award, award.achievement, after, heldAfter, mandated));
    else if (isForced || !isSame(was.get(award.badge)!, now!)) {
      const current = achievements.find(({ code }) => code === award.badge) ?? award.achievement;
      const anew = evaluateRule(current.rule, after, { mandated, held: heldAfter });
      found.push(
        anew.met
          ? {
              ...effectOf(award),
              effect: 'changes',
              how: canVanish(award) ? 'replaced' : 'superseded',
              reasons: anew.reasons,
            }
          : falls(award, current, after, heldAfter, mandated),
      );
    }
  }
  for (const [badge, { reasons }] of is)
    if (!own.has(badge))
      found.push({
        effect: 'appears',
        how: 'planned',
        personId,
        badge,
        awardId: null,
        credentialId: null,
        alsoWaiting: [],
        reasons,
        shown: null,
        wasShown: false,
      });
  return found.sort((a, b) => (a.badge < b.badge ? -1 : 1));
}

/** What the facts carry, in rounds, because a pathway badge stands on badges of the same round. */
function earnedFrom(
  rules: Achievement[],
  facts: Facts,
  kept: ReadonlyMap<string, string>,
  mandated: Mandated,
): Map<string, Met> {
  const held = new Map(kept);
  const earned = new Map<string, Met>();
  for (let before = -1; before !== earned.size; ) {
    before = earned.size;
    for (const achievement of rules) {
      if (held.has(achievement.code)) continue;
      const evaluation = evaluateRule(achievement.rule, facts, { mandated, held });
      if (!evaluation.met || !isJudged(achievement, evaluation)) continue;
      earned.set(achievement.code, evaluation);
      held.set(achievement.code, evaluation.on);
    }
  }
  return earned;
}

const isSame = (a: Met, b: Met): boolean =>
  a.sessionId === b.sessionId &&
  a.on === b.on &&
  a.established === b.established &&
  a.assessorPersonId === b.assessorPersonId &&
  a.assessedOn === b.assessedOn;

const canVanish = ({ wasShown, isFresh, credentialState }: LiveAward): boolean =>
  !wasShown && (isFresh || credentialState !== 'signed');

const effectOf = ({ personId, badge, awardId, credentialId, alsoWaiting, shown, wasShown }: LiveAward) => ({
  personId,
  badge,
  awardId,
  credentialId,
  alsoWaiting,
  shown,
  wasShown,
});

/** Pure: how an award ends that its facts no longer carry. */
export function falls(
  award: LiveAward,
  { rule }: Achievement,
  after: Facts,
  held: ReadonlyMap<string, string>,
  mandated: Mandated,
): AwardEffect {
  const evaluation = evaluateRule(rule, after, { mandated, held });
  return {
    ...effectOf(award),
    effect: 'falls',
    how: canVanish(award) ? 'withdrawn' : 'revoked',
    reasons: evaluation.met ? evaluation.reasons : evaluation.missing,
  };
}
