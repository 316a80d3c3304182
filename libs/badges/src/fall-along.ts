import type { EntityManager } from 'typeorm';
import { loadFacts } from '#workshops';
import { type LiveAward } from './live-awards.js';
import { assessorMandates } from './plan-awards.js';
import { type AwardEffect, falls } from './reconsider-awards.js';
import { evaluateRule, type Facts } from './rule.js';

type Mandated = (personId: string, date: string) => boolean;

const standsOnBadges = ({ achievement }: LiveAward): boolean =>
  achievement.rule.all.some((condition) => 'badge' in condition);

/**
 * The awards that fall when others end, because these were building stones of theirs: those whose rule was met with
 * the stones and is not without them, and those that stand on these. What the facts did not carry before is left alone.
 * @param live awards of the people concerned as they stood before
 * @param ended ids of the awards that no longer stand
 */
export async function fallAlong(
  tx: EntityManager,
  organisationId: string,
  live: ReadonlyMap<string, LiveAward[]>,
  ended: ReadonlySet<string>,
): Promise<AwardEffect[]> {
  const people = [...live].filter(
    ([, awards]) => awards.some(({ awardId }) => ended.has(awardId)) && awards.some(standsOnBadges),
  );
  if (people.length === 0) return [];
  const mandated = await assessorMandates(tx, organisationId);
  const ids = people.map(([personId]) => personId);
  const facts = new Map(
    ((await loadFacts(tx, organisationId, ids)) as Facts[]).map((one) => [one.personId, one]),
  );
  return people.flatMap(([personId, awards]) => fallenOf(awards, ended, facts.get(personId)!, mandated));
}

/** Pure: what of one person's awards falls with those that ended. */
function fallenOf(
  live: LiveAward[],
  ended: ReadonlySet<string>,
  facts: Facts,
  mandated: Mandated,
): AwardEffect[] {
  const standing = live.filter(({ state }) => state !== 'revoked');
  const before = new Map(standing.map(({ badge, on }) => [badge, on]));
  const isMet = ({ achievement }: LiveAward, held: ReadonlyMap<string, string>): boolean =>
    evaluateRule(achievement.rule, facts, { mandated, held }).met;
  const held = new Map(before);
  for (const { awardId, badge } of standing) if (ended.has(awardId)) held.delete(badge);
  let open = standing.filter(
    (award) => !ended.has(award.awardId) && standsOnBadges(award) && isMet(award, before),
  );
  const fallen: LiveAward[] = [];
  for (let last = -1; last !== fallen.length; ) {
    last = fallen.length;
    for (const award of open) {
      if (isMet(award, held)) continue;
      fallen.push(award);
      held.delete(award.badge);
    }
    open = open.filter((award) => !fallen.includes(award));
  }
  return fallen
    .map((award) => falls(award, award.achievement, facts, { mandated, held }))
    .sort((a, b) => (a.badge < b.badge ? -1 : 1));
}
