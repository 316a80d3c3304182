import type { Direction, FamilyName, FontFile, Weight } from './fonts.js';
import { type Cluster, itemise } from './itemise.js';

/** A piece of a line in one font and one direction. */
export interface Run {
  font: FontFile;
  /** As typed, whatever the direction. */
  text: string;
  direction: Direction;
  /** Distance from the line's left edge, in points. */
  x: number;
}

export interface Line {
  runs: Run[];
  width: number;
  /** Distance from the top of the line to the letters' feet. */
  baseline: number;
  height: number;
}

/** A paragraph in lines, ready to be drawn. Lengths are points (1/72 inch). */
export interface SetText {
  /** As typed. */
  typed: string;
  lines: Line[];
  size: number;
  /** Of the widest line. */
  width: number;
  height: number;
  direction: Direction;
  /** What did not fit was left out, with an ellipsis. */
  isCut: boolean;
  /** Letters that no font of ours has. */
  lost: number;
}

export interface TextStyle {
  size: number;
  weight?: Weight;
  /** Of a line, in points. */
  maxWidth: number;
  /** More is cut with an ellipsis; no limit when left out. */
  maxLines?: number;
  /** Direction of the paragraph; that of its first strong letter when 'auto'. */
  direction?: Direction | 'auto';
  /** Lines of about the same width, for a title in the middle of a page. */
  isBalanced?: boolean;
}

/** Height of a line and where its feet stand, as parts of the size: Arabic needs more room above and below. */
const room: Readonly<Record<FamilyName, { height: number; baseline: number }>> = {
  atkinson: { height: 1.34, baseline: 0.99 },
  noto: { height: 1.4, baseline: 1.06 },
  devanagari: { height: 1.6, baseline: 1.12 },
  arabic: { height: 1.84, baseline: 1.2 },
};

const mostKept = 4_000;
const widths = new Map<string, number>();

/** Width of a run in parts of the size, kept since the same words come again. */
function widthOf(font: FontFile, text: string, direction: Direction): number {
  const key = `${font.key} ${direction} ${text}`;
  const kept = widths.get(key);
  if (kept !== undefined) return kept;
  const width = font.shape(text, direction).advanceWidth / font.unitsPerEm;
  if (widths.size >= mostKept) widths.clear();
  widths.set(key, width);
  return width;
}

const directionOf = (level: number): Direction => (level % 2 === 1 ? 'rtl' : 'ltr');

interface Piece {
  font: FontFile;
  level: number;
  text: string;
}

/** Neighbours of one font and level as one piece, in the order in which they were typed. */
function pieces(clusters: Cluster[]): Piece[] {
  const found: Piece[] = [];
  for (const { font, level, text } of clusters) {
    const last = found.at(-1);
    if (last?.font === font && last.level === level) last.text += text;
    else found.push({ font, level, text });
  }
  return found;
}

/** The order from left to right (UAX 9, L2). */
function reordered(given: Piece[]): Piece[] {
  const order = [...given];
  const levels = order.map(({ level }) => level);
  const lowestOdd = Math.min(...levels.filter((level) => level % 2 === 1));
  for (let level = Math.max(0, ...levels); level >= lowestOdd; level -= 1)
    for (let start = 0; start < order.length; start += 1) {
      let end = start;
      while (end < order.length && order[end]!.level >= level) end += 1;
      if (end > start) order.splice(start, end - start, ...order.slice(start, end).reverse());
      start = end;
    }
  return order;
}

const naturalWidth = (clusters: Cluster[]): number =>
  pieces(clusters).reduce((sum, { font, text, level }) => sum + widthOf(font, text, directionOf(level)), 0);

const isSpace = ({ text }: Cluster): boolean => text === ' ';

function trimmed(clusters: Cluster[]): Cluster[] {
  let end = clusters.length;
  while (end > 0 && isSpace(clusters[end - 1]!)) end -= 1;
  let start = 0;
  while (start < end && isSpace(clusters[start]!)) start += 1;
  return clusters.slice(start, end);
}

function lineOf(clusters: Cluster[], size: number): Line {
  // Spaces at the end belong to the paragraph (UAX 9, L1), and take no room.
  const own = trimmed(clusters);
  let x = 0;
  let height = room.atkinson.height;
  let baseline = room.atkinson.baseline;
  const runs = reordered(pieces(own)).map(({ font, text, level }) => {
    const run: Run = { font, text, direction: directionOf(level), x };
    x += widthOf(font, text, run.direction) * size;
    height = Math.max(height, room[font.family].height);
    baseline = Math.max(baseline, room[font.family].baseline);
    return run;
  });
  return { runs, width: x, baseline: baseline * size, height: height * size };
}

/** A space that ends a line is drawn too, so that what is copied or read aloud keeps its words apart. */
function keepSpace(line: Line, clusters: Cluster[]): void {
  const last = line.runs.at(-1);
  if (last?.direction === 'ltr' && clusters.at(-1)?.text === ' ') last.text += ' ';
}

/** Words with the space that ends them. */
function words(clusters: Cluster[]): Cluster[][] {
  const found: Cluster[][] = [[]];
  for (const [index, cluster] of clusters.entries()) {
    found.at(-1)!.push(cluster);
    const next = clusters[index + 1];
    if (next && !isSpace(next) && isSpace(cluster)) found.push([]);
  }
  return found;
}

/** Letters that fit the width: a word that is wider than a line goes on in the next. */
function brokenWord(word: Cluster[], width: number): Cluster[][] {
  const parts: Cluster[][] = [];
  let rest = word;
  while (rest.length > 0) {
    let [fits, tooMany] = [1, rest.length + 1];
    while (tooMany - fits > 1) {
      const count = (fits + tooMany) >> 1;
      if (naturalWidth(trimmed(rest.slice(0, count))) <= width) fits = count;
      else tooMany = count;
    }
    parts.push(rest.slice(0, fits));
    rest = rest.slice(fits);
  }
  return parts;
}

interface Word {
  clusters: Cluster[];
  /** With and without the space that ends it, in parts of the size. */
  width: number;
  bareWidth: number;
}

interface Prepared {
  words: Word[];
  base: number;
  lost: number;
}

const mostPrepared = 400;
const preparedTexts = new Map<string, Prepared>();

/** A text in measured words, kept since a page tries several sizes. */
function prepared(text: string, weight: Weight, direction: Direction | 'auto' | undefined): Prepared {
  const key = `${weight} ${direction} ${text}`;
  const kept = preparedTexts.get(key);
  if (kept) return kept;
  const { clusters, base, lost } = itemise(text, weight, direction);
  const measured = words(clusters).map((word): Word => {
    const bare = trimmed(word);
    const bareWidth = naturalWidth(bare);
    return {
      clusters: word,
      width: bare.length === word.length ? bareWidth : naturalWidth(word),
      bareWidth,
    };
  });
  const fresh = { words: measured, base, lost };
  if (preparedTexts.size >= mostPrepared) preparedTexts.clear();
  preparedTexts.set(key, fresh);
  return fresh;
}

function wrapped(given: Word[], widest: number): Cluster[][] {
  const lines: { clusters: Cluster[]; width: number }[] = [];
  for (const { clusters, width, bareWidth } of given) {
    const last = lines.at(-1);
    if (last && last.width + bareWidth <= widest) {
      last.clusters.push(...clusters);
      last.width += width;
    } else if (bareWidth <= widest) lines.push({ clusters: [...clusters], width });
    else
      for (const part of brokenWord(clusters, widest))
        lines.push({ clusters: part, width: naturalWidth(part) });
  }
  return lines.map((line) => line.clusters).filter((line) => trimmed(line).length > 0);
}

/** The narrowest setting that takes no more lines. */
function balanced(given: Word[], widest: number, count: number): Cluster[][] {
  let [low, high] = [widest / count, widest];
  for (let step = 0; step < 8; step += 1) {
    const width = (low + high) / 2;
    if (wrapped(given, width).length <= count) high = width;
    else low = width;
  }
  return wrapped(given, high);
}

function withEllipsis(
  line: Cluster[],
  weight: Weight,
  base: number,
  fits: (c: Cluster[]) => boolean,
): Cluster[] {
  const [dots] = itemise('…', weight).clusters;
  const rest = trimmed(line);
  const ended = (): Cluster[] => [...rest, { ...dots!, level: base }];
  while (rest.length > 0 && !fits(ended())) rest.pop();
  return ended();
}

/**
 * Sets a paragraph: each script in a font that has it, Arabic joined and in its own direction, in lines no wider than
 * asked.
 */
export function setText(text: string, style: TextStyle): SetText {
  const { size, weight = 'regular', maxWidth, maxLines = Number.POSITIVE_INFINITY } = style;
  const { words: measured, base, lost } = prepared(text, weight, style.direction);
  const fits = (some: Cluster[]): boolean => naturalWidth(some) * size <= maxWidth;
  const widest = maxWidth / size;
  const loose = wrapped(measured, widest);
  const all = style.isBalanced && loose.length > 1 ? balanced(measured, widest, loose.length) : loose;
  const isCut = all.length > maxLines;
  const kept = isCut
    ? [...all.slice(0, maxLines - 1), withEllipsis(all[maxLines - 1]!, weight, base, fits)]
    : all;
  const lines = kept.map((line) => lineOf(line, size));
  for (const [index, line] of lines.slice(0, -1).entries()) keepSpace(line, kept[index]!);
  return {
    typed: text,
    lines,
    size,
    width: Math.max(0, ...lines.map((line) => line.width)),
    height: lines.reduce((sum, line) => sum + line.height, 0),
    direction: directionOf(base),
    isCut,
    lost,
  };
}
