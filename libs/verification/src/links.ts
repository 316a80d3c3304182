import { isDeepStrictEqual } from 'node:util';
import type { JsonObject } from '#signing';
import type { resultLinkMessages } from './messages-results.js';

export interface LinkFault {
  path: string;
  code: 'subject_unidentified' | keyof typeof resultLinkMessages;
}

const isObject = (item: unknown): item is JsonObject => item !== null && typeof item === 'object';

/** One object or several, as a list; anything else in it is left out. */
export const listOf = (value: unknown): JsonObject[] =>
  value === undefined ? [] : (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isObject);

/**
 * What the JSON Schema does not hold (Open Badges 3.0, Result and ResultDescription): the subject has an `id` or an
 * `identifier`; each result points at a description of its own achievement, each level at one of that description's,
 * neither at an `id` that different ones bear, and a result of type Status says its status.
 */
export function linkFaults(credential: JsonObject): LinkFault[] {
  const faults: LinkFault[] = [];
  for (const subject of listOf(credential.credentialSubject)) {
    if (subject.id === undefined && listOf(subject.identifier).length === 0)
      faults.push({ path: '/credentialSubject', code: 'subject_unidentified' });
    const achievement = listOf(subject.achievement)[0] ?? {};
    const described = listOf(achievement.resultDescription);
    const ambiguous = borneTwice(described);
    const descriptions = new Map(described.map((item) => [item.id, item]));
    for (const [i, result] of listOf(subject.result).entries())
      faults.push(...resultFaults(result, descriptions, ambiguous, `/credentialSubject/result/${i}`));
  }
  return faults;
}

function resultFaults(
  result: JsonObject,
  descriptions: Map<unknown, JsonObject>,
  ambiguous: Set<unknown>,
  path: string,
): LinkFault[] {
  const description = descriptions.get(result.resultDescription);
  const linked = result.resultDescription !== undefined || result.achievedLevel !== undefined;
  if (!description)
    return linked ? [{ path: `${path}/resultDescription`, code: 'result_without_description' }] : [];
  if (ambiguous.has(description.id)) return [{ path: `${path}/resultDescription`, code: 'result_ambiguous' }];
  const faults: LinkFault[] = [];
  const levels = listOf(description.rubricCriterionLevel);
  if (result.achievedLevel !== undefined && !levels.some(({ id }) => id === result.achievedLevel))
    faults.push({ path: `${path}/achievedLevel`, code: 'level_unknown' });
  if (borneTwice(levels).size > 0)
    faults.push({ path: `${path}/resultDescription`, code: 'result_ambiguous' });
  if (description.resultType === 'Status' && result.status === undefined)
    faults.push({ path: `${path}/status`, code: 'result_without_status' });
  return faults;
}

/**
 * Ids that different items bear. A signature of statements (RDF) also fits when one item is written as two, so that
 * something of it could be hidden behind the other.
 */
function borneTwice(items: JsonObject[]): Set<unknown> {
  const first = new Map<unknown, JsonObject>();
  const twice = new Set<unknown>();
  for (const item of items) {
    const other = first.get(item.id);
    if (other && !isDeepStrictEqual(other, item)) twice.add(item.id);
    first.set(item.id, other ?? item);
  }
  return twice;
}
