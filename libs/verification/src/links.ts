import type { JsonObject } from '#signing';
import type { MessageCode } from './messages.js';

export interface LinkFault {
  path: string;
  code: MessageCode;
}

const isObject = (item: unknown): item is JsonObject => item !== null && typeof item === 'object';

const list = (value: unknown): JsonObject[] =>
  value === undefined ? [] : (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isObject);

/**
 * What the JSON Schema does not hold (Open Badges 3.0, Result and ResultDescription): the subject has an `id` or an
 * `identifier`; each result points at a description of its own achievement, each level at one of that description's,
 * and a result of type Status says its status.
 */
export function linkFaults(credential: JsonObject): LinkFault[] {
  const faults: LinkFault[] = [];
  for (const subject of list(credential.credentialSubject)) {
    if (subject.id === undefined && list(subject.identifier).length === 0)
      faults.push({ path: '/credentialSubject', code: 'subject_unidentified' });
    const achievement = list(subject.achievement)[0] ?? {};
    const descriptions = new Map(list(achievement.resultDescription).map((item) => [item.id, item]));
    for (const [i, result] of list(subject.result).entries())
      faults.push(...resultFaults(result, descriptions, `/credentialSubject/result/${i}`));
  }
  return faults;
}

function resultFaults(result: JsonObject, descriptions: Map<unknown, JsonObject>, path: string): LinkFault[] {
  const description = descriptions.get(result.resultDescription);
  const linked = result.resultDescription !== undefined || result.achievedLevel !== undefined;
  if (!description)
    return linked ? [{ path: `${path}/resultDescription`, code: 'result_without_description' }] : [];
  const faults: LinkFault[] = [];
  const levels = list(description.rubricCriterionLevel).map((level) => level.id);
  if (result.achievedLevel !== undefined && !levels.includes(result.achievedLevel))
    faults.push({ path: `${path}/achievedLevel`, code: 'level_unknown' });
  if (description.resultType === 'Status' && result.status === undefined)
    faults.push({ path: `${path}/status`, code: 'result_without_status' });
  return faults;
}
