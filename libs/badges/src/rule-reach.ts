import type { AwardRule, Facts } from './rule.js';

/**
 * What `evaluateRule` would refuse for want of presence, a badge or animated sessions, told without putting together
 * what is missing: of a catalogue of fifty badges a person who attended one workshop is near one or two. Pure.
 * @returns false when the rule is not met, and not for want of a confirmed assessor alone; true says nothing
 */
export function reachOf(facts: Facts): (rule: AwardRule, held: ReadonlyMap<string, string>) => boolean {
  const attended = new Set(
    facts.attendances.filter(({ status }) => status === 'present').map(({ workshopCode }) => workshopCode),
  );
  return ({ all }, held) =>
    all.every((condition) => {
      if ('presence' in condition) return attended.has(condition.presence.workshop);
      if ('acquired' in condition) return attended.has(condition.acquired.workshop);
      if ('badge' in condition) return held.has(condition.badge);
      if ('animated' in condition) return facts.animated.length >= condition.animated.sessions;
      return true;
    });
}
