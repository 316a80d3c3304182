import type { JsonObject } from '#signing';

/** The values that a ResultDescription allows (Open Badges 3.0: `allowedValue`, `valueMin`, `valueMax`). */
export interface Scale {
  /** As written; none when the description has no list. */
  allowed: string[];
  /** From low to high, as far as the list can be trusted to be in this order. */
  isOrdered: boolean;
  min?: string;
  max?: string;
  /** The list, or from where to where, for people; absent when everything is allowed. */
  text?: string;
}

/** In these `allowedValue` is a list (`@list`): its order is signed. Before it was a set, whose order anybody may change. */
const orderedContext = /\/ob\/v3p0\/context-3\.0\.[23]\.json$/;

const stringsOf = (value: unknown): string[] =>
  ([value ?? []].flat() as unknown[]).filter((one) => typeof one === 'string').map((one) => one.trim());

/** Reads what a description allows; what is no text in it is left aside. */
export function scaleOf(description: JsonObject, credential: JsonObject): Scale {
  const allowed = stringsOf(description.allowedValue);
  const [min] = stringsOf(description.valueMin);
  const [max] = stringsOf(description.valueMax);
  const isSigned = stringsOf(credential['@context']).some((url) => orderedContext.test(url));
  const range = min !== undefined || max !== undefined ? `${min ?? '…'} – ${max ?? '…'}` : undefined;
  const text = (allowed.length > 0 ? allowed.join(', ') : range)?.slice(0, 200);
  return {
    allowed,
    isOrdered: isSigned && isFromLowToHigh(allowed),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(text !== undefined && { text }),
  };
}

const sameText = (one: string, other: string): boolean =>
  one.normalize('NFC').toLowerCase() === other.normalize('NFC').toLowerCase();

const isSame = (one: string, other: string): boolean =>
  sameText(one, other) || compareNumbers(one, other) === 0;

/**
 * Is a value among those that are allowed? `undefined` when a limit and the value cannot be compared: one of them is no
 * number.
 */
export function isAmong(value: string, { allowed, min, max }: Scale): boolean | undefined {
  if (allowed.length > 0 && !allowed.some((one) => isSame(one, value))) return false;
  const [low, high] = [min, max].map((limit) =>
    limit === undefined ? 0 : sameText(limit, value) ? 0 : compareNumbers(value, limit),
  );
  if ((low !== undefined && low < 0) || (high !== undefined && high > 0)) return false;
  return low === undefined || high === undefined ? undefined : true;
}

/**
 * Below (negative), the same (0) or above (positive), by the place in an ordered list or as numbers; `undefined` when
 * neither tells.
 */
export function compareValues(
  one: string | undefined,
  other: string | undefined,
  scale?: Scale,
): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  if (isSame(one, other)) return 0;
  const placeOf = (value: string): number => scale!.allowed.findIndex((item) => isSame(item, value));
  if (scale?.isOrdered && placeOf(one) >= 0 && placeOf(other) >= 0) return placeOf(one) - placeOf(other);
  return compareNumbers(one, other);
}

/** Numbers of at most 15 digits, with a point or a comma before their decimals, and perhaps a percent sign. */
const written = /^([+-]?\d{1,15}(?:[.,]\d{1,12})?) ?(%?)$/;

function compareNumbers(one: string, other: string): number | undefined {
  const [first, second] = [numberIn(one), numberIn(other)];
  if (!first || !second || first.unit !== second.unit) return undefined;
  return first.value - second.value;
}

function numberIn(text: string): { value: number; unit: string } | undefined {
  const [, digits, unit] = written.exec(text.trim()) ?? [];
  // A thousand to some, one and no thousandth to others.
  if (digits === undefined || /[1-9]\d*,\d{3}$/.test(digits)) return undefined;
  return { value: Number(digits.replace(',', '.')), unit: unit! };
}

/** Many write the best first, though the standard asks for the lowest: letters A before B, numbers that go down. */
function isFromLowToHigh(allowed: string[]): boolean {
  const pairs = allowed.slice(1).map((value, at): [string, string] => [allowed[at]!, value]);
  const isDown = ([low, high]: [string, string]): boolean => {
    const order = compareNumbers(low, high);
    if (order !== undefined) return order > 0;
    const [before, after] = [low, high].map((grade) => /^[A-F](?=[+−-]?$)/i.exec(grade)?.[0].toUpperCase());
    return before !== undefined && after !== undefined && before < after;
  };
  return !pairs.some(isDown);
}
