import { sha256 } from '#platform';

/** A line of canonical N-Quads with holes for the values of slots; the texts between two holes are one. */
export type SlotLine = (string | { slot: number })[];

/** The lines without a slot that stand before, between and after those with one. */
interface Arrangement {
  /** For each line with a slot, in order: how many of the others stand before it. */
  places: number[];
  /** One more than there are lines with a slot, in UTF-8. */
  between: Buffer[];
}

/**
 * The lines of a canonical form whose blank nodes are numbered. Most lines are the same in every document: they are
 * sorted once, and what stands between the others is kept as bytes for as long as the others stay where they are.
 */
export class NumberedLines {
  private readonly constant: string[];
  private readonly own: SlotLine[];
  /** Two lines without a slot are equal: no document has a canonical form by this way. */
  private readonly isDoubled: boolean;
  private arrangement?: Arrangement;

  constructor(lines: readonly SlotLine[]) {
    this.constant = lines
      .filter(isConstant)
      .map((line) => line.join(''))
      .sort();
    this.own = lines.filter((line) => !isConstant(line));
    this.isDoubled = this.constant.some((line, i) => i > 0 && line === this.constant[i - 1]);
  }

  /**
   * SHA-256 of all lines in order.
   * @param texts of the slots, as they stand in the lines
   * @returns nothing when two lines are equal
   */
  digest(texts: readonly string[]): Buffer | undefined {
    if (this.isDoubled) return undefined;
    const lines = this.own.map((line) => filled(line, texts)).sort();
    for (let i = 1; i < lines.length; i += 1) if (lines[i] === lines[i - 1]) return undefined;
    const arrangement = this.arrangementOf(lines);
    if (!arrangement) return undefined;
    let at = 0;
    for (const [i, line] of lines.entries()) {
      at = appended(arrangement.between[i]!, at);
      if (scratch.length < at + 3 * line.length) grow(at + 3 * line.length);
      at += scratch.write(line, at);
    }
    at = appended(arrangement.between[lines.length]!, at);
    return sha256(scratch.subarray(0, at));
  }

  private arrangementOf(lines: readonly string[]): Arrangement | undefined {
    const known = this.arrangement;
    if (known && lines.every((line, i) => this.isAt(line, known.places[i]!))) return known;
    const places: number[] = [];
    for (const line of lines) {
      const place = placeIn(this.constant, line, places.at(-1));
      if (this.constant[place] === line) return undefined;
      places.push(place);
    }
    const ends = [...places, this.constant.length];
    const between = ends.map((end, i) => Buffer.from(this.constant.slice(ends[i - 1] ?? 0, end).join('')));
    this.arrangement = { places, between };
    return this.arrangement;
  }

  private isAt(line: string, place: number): boolean {
    const { constant } = this;
    return (
      (place === 0 || constant[place - 1]! < line) && (place === constant.length || line < constant[place]!)
    );
  }
}

/** How many of some sorted texts stand before this one, those up to `from` among them. */
export function placeIn(sorted: readonly string[], text: string, from = 0): number {
  let [low, high] = [from, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Filled and hashed without a pause in between, so that one is enough.
let scratch = Buffer.allocUnsafe(64 * 1024);

function grow(size: number): void {
  const larger = Buffer.allocUnsafe(Math.max(size, 2 * scratch.length));
  scratch.copy(larger);
  scratch = larger;
}

function appended(bytes: Buffer, at: number): number {
  if (scratch.length < at + bytes.length) grow(at + bytes.length);
  return at + bytes.copy(scratch, at);
}

const isConstant = (line: SlotLine): boolean => line.every((part) => typeof part === 'string');

function filled(line: SlotLine, texts: readonly string[]): string {
  let text = '';
  for (const part of line) text += typeof part === 'string' ? part : texts[part.slot];
  return text;
}
