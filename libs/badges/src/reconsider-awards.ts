import type { EntityManager } from 'typeorm';
import { loadFacts } from '#workshops';
import type { Achievement } from './achievement.js';
import { currentAchievements } from './current-achievements.js';
import { type LiveAward, liveAwards } from './live-awards.js';
import { assessorMandates, isJudged } from './plan-awards.js';
import { type Evaluation, evaluateRule, type Facts, type Reason, type RuleContext } from './rule.js';

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
  /** The version of the badge that it is given under; of the one there is now when it falls. */
  achievementId: string;
  /** The facts that carry it, or what is missing to carry it. */
  reasons: Reason[];
  /** Since when its learner shows it, with the name or not; null while hidden. */
  shown: { since: Date; withName: boolean } | null;
  /** Somebody may have a copy: it is shown, or was, or nobody knows since a backup was restored. */
  wasShown: boolean;
}

type Met = Extract<Evaluation, { met: true }>;
type Mandated = RuleContext['mandated'];

interface Earned {
  achievement: Achievement;
  evaluation: Met;
}

/**
 * Changes facts in the caller's transaction and tells what that does to the awards of these people. Awards that the
 * facts did not carry before, because a rule or the learner's badges are others today, are left alone. So are those
 * whose assessor has lost the mandate, as long as the facts say what they said: the mandate may come back.
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

/**
 * Pure: what becomes of one person's awards when the facts `before` are the facts `after`. An award stands by the rule
 * that it was given under, and is given anew by the rule in force: whoever meets that one keeps the badge.
 */
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
  const rules = achievements.filter(({ code }) => !revoked.has(code));
  const heldBefore = daysOf(standing);
  const basisOf = new Map(
    standing.map((award) => [award, basis(award, before, { mandated, held: heldBefore })]),
  );
  const stays = (award: LiveAward, held: ReadonlyMap<string, string>): boolean => {
    const { was, within, by } = basisOf.get(award)!;
    // What the facts did not carry before stands for other reasons.
    if (was === null) return true;
    const now = metBy(award.achievement, within(after), { mandated: by, held });
    return now !== null && isSame(was, now);
  };
  let staying = standing.filter(({ awardId }) => !forced.has(awardId));
  for (;;) {
    const earned = earnedFrom(rules, after, daysOf(staying), mandated);
    const held = heldWith(staying, earned);
    // In rounds, because a pathway badge stands on badges that end or are given anew.
    const left = staying.filter((award) => stays(award, held));
    if (left.length === staying.length)
      return told(
        { personId, standing, staying: new Set(staying), earned, rules, after },
        { mandated, held },
      );
    staying = left;
  }
}

interface Outcome {
  personId: string;
  standing: LiveAward[];
  staying: ReadonlySet<LiveAward>;
  earned: ReadonlyMap<string, Earned>;
  rules: Achievement[];
  after: Facts;
}

/** What there is to tell, once it is known which awards stay and what the facts earn besides. */
function told(
  { personId, standing, staying, earned, rules, after }: Outcome,
  context: RuleContext,
): AwardEffect[] {
  const found: AwardEffect[] = [];
  const own = new Set(standing.map(({ badge }) => badge));
  for (const award of standing) {
    if (staying.has(award)) continue;
    const anew = earned.get(award.badge);
    found.push(
      anew
        ? {
            ...effectOf(award),
            effect: 'changes',
            how: canVanish(award) ? 'replaced' : 'superseded',
            achievementId: anew.achievement.id,
            reasons: anew.evaluation.reasons,
          }
        : falls(award, unmetOf(award, rules, after, context), after, context),
    );
  }
  for (const [badge, { achievement, evaluation }] of earned)
    if (!own.has(badge))
      found.push({
        effect: 'appears',
        how: 'planned',
        personId,
        badge,
        awardId: null,
        credentialId: null,
        alsoWaiting: [],
        achievementId: achievement.id,
        reasons: evaluation.reasons,
        shown: null,
        wasShown: false,
      });
  return found.sort((a, b) => (a.badge < b.badge ? -1 : 1));
}

/** The rule that the facts do not meet: the award's own, else the one in force. */
function unmetOf(
  { badge, achievement }: LiveAward,
  rules: Achievement[],
  after: Facts,
  context: RuleContext,
): Achievement {
  const inForce = rules.find(({ code }) => code === badge) ?? achievement;
  return evaluateRule(achievement.rule, after, context).met ? inForce : achievement;
}

const daysOf = (awards: LiveAward[]): Map<string, string> =>
  new Map(awards.map(({ badge, on }) => [badge, on]));

const heldWith = (awards: LiveAward[], earned: ReadonlyMap<string, Earned>): Map<string, string> =>
  new Map([
    ...daysOf(awards),
    ...[...earned].map(([code, { evaluation }]) => [code, evaluation.on] as const),
  ]);

function metBy(achievement: Achievement, facts: Facts, context: RuleContext): Met | null {
  const evaluation = evaluateRule(achievement.rule, facts, context);
  return evaluation.met && isJudged(achievement, evaluation) ? evaluation : null;
}

/** What is planned on these facts beside what is held, in rounds, because a pathway badge stands on badges of the same round. */
function earnedFrom(
  rules: Achievement[],
  facts: Facts,
  alreadyHeld: ReadonlyMap<string, string>,
  mandated: Mandated,
): Map<string, Earned> {
  const held = new Map(alreadyHeld);
  const earned = new Map<string, Earned>();
  for (let before = -1; before !== earned.size; ) {
    before = earned.size;
    for (const achievement of rules) {
      if (held.has(achievement.code)) continue;
      const evaluation = metBy(achievement, facts, { mandated, held });
      if (evaluation === null) continue;
      earned.set(achievement.code, { achievement, evaluation });
      held.set(achievement.code, evaluation.on);
    }
  }
  return earned;
}

const whoever: Mandated = () => true;

/**
 * What an award stands on: the sessions that it was given for, whatever was recorded since of others; all that is
 * recorded, where those do not carry it; the same whoever assessed, where the mandate is gone.
 */
function basis(
  { achievement, sessionIds }: LiveAward,
  before: Facts,
  context: RuleContext,
): { was: Met | null; within: (facts: Facts) => Facts; by: Mandated } {
  const own = new Set(sessionIds);
  const within = (facts: Facts): Facts => ({
    ...facts,
    attendances: facts.attendances.filter(({ sessionId }) => own.has(sessionId)),
    assessments: facts.assessments.filter(({ sessionId }) => own.has(sessionId)),
    animated: facts.animated.filter(({ sessionId }) => own.has(sessionId)),
  });
  const all = (facts: Facts): Facts => facts;
  for (const by of [context.mandated, whoever])
    for (const narrowed of [within, all]) {
      const was = metBy(achievement, narrowed(before), { ...context, mandated: by });
      if (was !== null) return { was, within: narrowed, by };
    }
  return { was: null, within: all, by: context.mandated };
}

/** It says the same, and all that carried it is still recorded so; what came besides takes nothing from it. */
function isSame(was: Met, now: Met): boolean {
  const places = new Set(now.reasons.map(placeOf));
  return (
    was.sessionId === now.sessionId &&
    was.on === now.on &&
    was.established === now.established &&
    was.reasons.every((reason) => places.has(placeOf(reason)))
  );
}

/** The text names what was assessed. The day of a stone is part of the award's. */
const placeOf = ({ code, text, badge, sessionId, assessorPersonId, on }: Reason): string =>
  JSON.stringify([code, text.en, badge, sessionId, assessorPersonId, badge === undefined ? on : null]);

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
  context: RuleContext,
): AwardEffect {
  const evaluation = evaluateRule(rule, after, context);
  return {
    ...effectOf(award),
    effect: 'falls',
    how: canVanish(award) ? 'withdrawn' : 'revoked',
    achievementId: award.achievement.id,
    reasons: evaluation.met ? evaluation.reasons : evaluation.missing,
  };
}
