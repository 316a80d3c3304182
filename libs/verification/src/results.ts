import type { Text } from '#platform';
import type { JsonObject } from '#signing';
import { listOf } from './links.js';
import { messages } from './messages.js';
import { kindOf } from './schema.js';
import { compareValues, isAmong, type Scale, scaleOf } from './value-scale.js';

/** What may be told of a result beside the verdict, the weightiest first. */
export const resultCodes = [
  'result_below_required',
  'result_not_completed',
  'result_outside_allowed',
  'requirement_unclear',
  'result_not_compared',
] as const;
type ResultCode = (typeof resultCodes)[number];

/** Something that a reader should know of a result of a badge; the texts are the badge's own. */
export interface ResultNote {
  code: ResultCode;
  detail: Text;
  /** JSON Pointer to the result or its description. */
  path: string;
  /** What was measured: the name of the description. */
  name?: string;
  /** The name of the level, the value or the status that was achieved. */
  achieved?: string;
  /** What its description asks for to pass. */
  required?: string;
  /** What its description allows: a list, or from where to where. */
  allowed?: string;
}

const mostNotes = 20;
const longest = 200;
/** OB 3.0, ResultStatusType: every other one says that it is not passed, or not finished. */
const completed = 'Completed';

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, longest) : undefined;

/**
 * What of the results of a badge should be told beside the verdict (Open Badges 3.0, ResultDescription: `requiredLevel`,
 * `requiredValue`, `allowedValue`, `valueMin`, `valueMax`; Result: `status`), the weightiest first, at most twenty. None
 * of it makes the badge false: its issuer said so and signed it. Nothing is told of a credential that is no badge.
 */
export function resultNotes(credential: JsonObject): ResultNote[] {
  if (kindOf(credential) !== 'achievement') return [];
  const [subject] = listOf(credential.credentialSubject);
  const [achievement] = listOf(subject?.achievement);
  const described = listOf(achievement?.resultDescription).map((one) => readDescription(one, credential));
  const notes = [
    ...described.flatMap((one, at) => {
      const path = `/credentialSubject/achievement/resultDescription/${at}`;
      return isUnclear(one) ? [noteOf('requirement_unclear', path, one)] : [];
    }),
    ...listOf(subject?.result).flatMap((result, at) => {
      const description = described.find(({ id }) => id !== undefined && id === result.resultDescription);
      return ofResult(result, description, `/credentialSubject/result/${at}`);
    }),
  ];
  const weight = ({ code }: ResultNote): number => resultCodes.indexOf(code);
  return notes.sort((one, other) => weight(one) - weight(other)).slice(0, mostNotes);
}

interface Description {
  id: unknown;
  name?: string;
  levels: JsonObject[];
  requiredLevel?: unknown;
  requiredValue?: string;
  scale: Scale;
}

const readDescription = (one: JsonObject, credential: JsonObject): Description => ({
  id: one.id,
  name: textOf(one.name),
  levels: listOf(one.rubricCriterionLevel),
  requiredLevel: one.requiredLevel,
  requiredValue: textOf(one.requiredValue),
  scale: scaleOf(one, credential),
});

const levelOf = ({ levels }: Description, id: unknown): JsonObject | undefined =>
  id === undefined ? undefined : levels.find((level) => level.id === id);

/** Does it ask for a level that it does not have, or for a value that it does not allow? */
function isUnclear(description: Description): boolean {
  const { requiredLevel, requiredValue, scale } = description;
  return (
    (requiredLevel !== undefined && levelOf(description, requiredLevel) === undefined) ||
    (requiredValue !== undefined && isAmong(requiredValue, scale) === false)
  );
}

function ofResult(result: JsonObject, description: Description | undefined, path: string): ResultNote[] {
  const notes: ResultNote[] = [];
  const status = textOf(result.status);
  if (status !== undefined && status !== completed)
    notes.push(noteOf('result_not_completed', path, description, status));
  if (!description) return notes;
  const [value, level] = [textOf(result.value), levelOf(description, result.achievedLevel)];
  const byLevel = level && compareLevels(level, description);
  if (byLevel) notes.push(noteOf(byLevel, path, description, textOf(level.name) ?? textOf(level.id)));
  const byValue = value === undefined ? undefined : compareWithAsked(value, description);
  if (byValue) notes.push(noteOf(byValue, path, description, value));
  return notes;
}

/** Levels stand in no signed order (their list is a set in the vocabulary): only points that differ tell them apart. */
function compareLevels(level: JsonObject, description: Description): ResultCode | undefined {
  const required = levelOf(description, description.requiredLevel);
  if (!required || required.id === level.id) return undefined;
  const order = compareValues(textOf(level.points), textOf(required.points));
  if (order === undefined || order === 0) return 'result_not_compared';
  return order < 0 ? 'result_below_required' : undefined;
}

function compareWithAsked(value: string, { requiredValue, scale }: Description): ResultCode | undefined {
  const among = isAmong(value, scale);
  if (among === false) return 'result_outside_allowed';
  const isAsked = requiredValue !== undefined && isAmong(requiredValue, scale) !== false;
  const order = isAsked ? compareValues(value, requiredValue, scale) : 0;
  if (order !== undefined && order < 0) return 'result_below_required';
  return order === undefined || among === undefined ? 'result_not_compared' : undefined;
}

function noteOf(code: ResultCode, path: string, description?: Description, achieved?: string): ResultNote {
  const required = description && requiredText(description, code);
  const allowed = code === 'result_outside_allowed' ? description?.scale.text : undefined;
  return {
    code,
    detail: messages[code],
    path,
    ...(description?.name !== undefined && { name: description.name }),
    ...(achieved !== undefined && { achieved }),
    ...(required !== undefined && { required }),
    ...(allowed !== undefined && { allowed }),
  };
}

function requiredText(description: Description, code: ResultCode): string | undefined {
  if (code === 'result_not_completed' || code === 'result_outside_allowed') return undefined;
  const { requiredLevel, requiredValue } = description;
  const level = levelOf(description, requiredLevel);
  return textOf(level?.name) ?? requiredValue ?? textOf(requiredLevel);
}
