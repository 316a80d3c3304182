import type { JsonObject } from '#signing';

/** A place in a JSON text whose value may be another one: a string or a whole number. */
interface Hole {
  start: number;
  end: number;
  isNumber: boolean;
  /** The last string that was accepted here, as the JSON writes it. */
  quoted: string;
  accepts: (text: string) => boolean;
}

/** A value in a document; in a list it has the holder and the name of the list. */
export interface Place {
  holder: JsonObject;
  name: string;
  /** The string that stands there; nothing for a number. */
  text: string | undefined;
}

/** Says of a place which other strings may stand there; nothing: what stands there and no other. */
export type PlaceRule = (place: Place) => ((text: string) => boolean) | undefined;

/**
 * One JSON text with holes. Another text that is the same between the holes, with JSON strings and numbers in them, is
 * JSON of the same names and the same nesting: what was found of those is true of it too.
 */
export class KnownText {
  private readonly between: string[] = [];

  /** @param holes in the order of the text */
  private constructor(
    text: string,
    private readonly holes: readonly Hole[],
  ) {
    let end = 0;
    for (const hole of holes) {
      this.between.push(text.slice(end, hole.start));
      end = hole.end;
    }
    this.between.push(text.slice(end));
  }

  /**
   * @param text JSON without a name twice
   * @param document what it says
   */
  static of(text: string, document: JsonObject, rule: PlaceRule): KnownText {
    return new KnownText(text, holesIn(text, document, rule));
  }

  /** Is this text the same but for its holes, and may in each of them stand what stands there? */
  fits(text: string): boolean {
    const { between, holes } = this;
    let at = between[0]!.length;
    // A slice is compared as bytes, `startsWith` one character after the other.
    if (text.slice(0, at) !== between[0]) return false;
    for (let i = 0; i < holes.length; i += 1) {
      const hole = holes[i]!;
      const end = hole.isNumber ? endOfNumber(text, at) : endOfString(text, at);
      if (end === undefined) return false;
      const next = between[i + 1]!;
      if (text.slice(end, end + next.length) !== next) return false;
      if (!hole.isNumber && !mayHold(hole, text.slice(at, end))) return false;
      at = end + next.length;
    }
    return at === text.length;
  }
}

function mayHold(hole: Hole, quoted: string): boolean {
  if (quoted === hole.quoted) return true;
  const value = stringOf(quoted);
  if (value === undefined || !hole.accepts(value)) return false;
  // Mostly the next text says the same here. A copy: a piece of the text would keep the whole of it in memory.
  hole.quoted = JSON.parse(JSON.stringify(quoted)) as string;
  return true;
}

/** The string of a quoted one; nothing when it is none. */
function stringOf(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

/** Behind the closing quote of the string that begins at `start`, if one does. */
function endOfString(text: string, start: number): number | undefined {
  if (text.charCodeAt(start) !== 34) return undefined;
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === 92) slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return undefined;
}

const digits = /-?\d+/y;

/** Behind the whole number that begins at `start`, if one does. */
function endOfNumber(text: string, start: number): number | undefined {
  digits.lastIndex = start;
  return digits.test(text) ? digits.lastIndex : undefined;
}

interface Level {
  value: JsonObject | unknown[];
  /** The member that is being read, of an object; of a list that of the object around it. */
  holder: JsonObject;
  name: string;
  /** Place in a list. */
  at: number;
}

/** The places of a text whose values may be others. */
function holesIn(text: string, document: JsonObject, rule: PlaceRule): Hole[] {
  const holes: Hole[] = [];
  const levels: Level[] = [];
  let nameNext = false;
  const value = (): unknown => {
    const level = levels.at(-1);
    if (!level) return document;
    return Array.isArray(level.value) ? level.value[level.at] : level.value[level.name];
  };
  const add = (start: number, end: number, found: string | undefined): void => {
    const { holder, name } = levels.at(-1)!;
    const accepts = rule({ holder, name, text: found });
    const quoted = text.slice(start, end);
    if (accepts) holes.push({ start, end, isNumber: found === undefined, quoted, accepts });
  };
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i]!;
    if (character === '{' || character === '[') {
      const inner = value() as JsonObject | unknown[];
      const { holder, name } = levels.at(-1) ?? { holder: document, name: '' };
      const own = Array.isArray(inner) ? { holder, name } : { holder: inner, name: '' };
      levels.push({ value: inner, ...own, at: 0 });
      nameNext = character === '{';
    } else if (character === '}' || character === ']') {
      levels.pop();
      nameNext = false;
    } else if (character === ',') {
      const level = levels.at(-1)!;
      nameNext = !Array.isArray(level.value);
      level.at += 1;
    } else if (character === '"') {
      const end = endOfString(text, i)!;
      const found = JSON.parse(text.slice(i, end)) as string;
      if (nameNext) levels.at(-1)!.name = found;
      else add(i, end, found);
      nameNext = false;
      i = end - 1;
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      const end = endOfNumber(text, i)!;
      if (!/[.eE]/.test(text[end] ?? '')) add(i, end, undefined);
      else while (/[.eE+\-\d]/.test(text[i + 1] ?? '')) i += 1;
      i = Math.max(i, end - 1);
    }
  }
  return holes;
}
