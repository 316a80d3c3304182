/** The four families of badges; each has its own outline. */
export type BadgeFamily = 'learner' | 'peer-animator' | 'professional' | 'pathway';

type Point = readonly [x: number, y: number];

/** How a family is drawn on the 400 × 400 canvas. */
export interface Outline {
  /** Closed SVG path of the outer edge. */
  path: string;
  /** Where the pictogram's centre lies, and its scale. */
  pictogram: { x: number; y: number; scale: number };
  /** Height of the middle of the initials' plate. */
  plateY: number;
  /** Width of the rim, the same all along the edge. */
  rim: number;
  /** Middle of the rim for the mark at `step` places right of the top (may be a half). */
  mark(step: number): Point;
}

const centre = 200;
const markGap = 26;

/** Width of the double line that runs along the outer edge; the marks sit in what the rim has left. */
export const edgeLine = 7;
const middleOf = (rim: number): number => (rim + edgeLine) / 2;

/** Two decimals are enough for 800 pixels, and hide differences of `Math` between machines. */
const round = (value: number): number => Math.round(value * 100) / 100 || 0;
const at = ([x, y]: Point): string => `${round(x)} ${round(y)}`;
const polar = (radius: number, degrees: number, y = centre): Point => {
  const angle = (degrees * Math.PI) / 180;
  return [centre + radius * Math.sin(angle), y - radius * Math.cos(angle)];
};

function towards([x, y]: Point, [toX, toY]: Point, length: number): Point {
  const distance = Math.hypot(toX - x, toY - y);
  return [x + ((toX - x) / distance) * length, y + ((toY - y) / distance) * length];
}

/** Closed path through the corners, each corner softened over `softness` units on both sides. */
function softPolygon(corners: readonly Point[], softness: number): string {
  const parts = corners.map((corner, index) => {
    const before = corners[(index + corners.length - 1) % corners.length]!;
    const after = corners[(index + 1) % corners.length]!;
    const enter = at(towards(corner, before, softness));
    return `${index === 0 ? 'M' : 'L'}${enter}Q${at(corner)} ${at(towards(corner, after, softness))}`;
  });
  return `${parts.join('')}Z`;
}

/** Point where a ray from the centre meets the side between two corners given in polar form. */
function onSide(degrees: number, from: Point, to: Point): Point {
  const [directionX, directionY] = polar(1, degrees, 0).map((value, index) =>
    index === 0 ? value - centre : value,
  );
  const [sideX, sideY] = [to[0] - from[0], to[1] - from[1]];
  const [toFromX, toFromY] = [from[0] - centre, from[1] - centre];
  const length = (toFromX * sideY - toFromY * sideX) / (directionX! * sideY - directionY! * sideX);
  return [centre + directionX! * length, centre + directionY! * length];
}

const regular = (count: number, radius: (index: number) => number): Point[] =>
  Array.from({ length: count }, (_, index) => polar(radius(index), (index * 360) / count));

function onPolygon(corners: readonly Point[], degrees: number): Point {
  const turn = 360 / corners.length;
  const angle = (degrees + 360) % 360;
  const side = Math.floor(angle / turn) % corners.length;
  return onSide(angle, corners[side]!, corners[(side + 1) % corners.length]!);
}

const circle: Outline = {
  path: 'M200 8A192 192 0 0 1 200 392A192 192 0 0 1 200 8Z',
  pictogram: { x: 200, y: 188, scale: 1.42 },
  plateY: 344,
  rim: 38,
  mark: (step) => polar(192 - middleOf(38), (step * markGap * 180) / (Math.PI * (192 - middleOf(38)))),
};

const hexagonMiddle = regular(6, () => 198 - middleOf(36) / Math.cos(Math.PI / 6));
const hexagon: Outline = {
  path: softPolygon(
    regular(6, () => 198),
    26,
  ),
  pictogram: { x: 200, y: 186, scale: 1.34 },
  plateY: 332,
  rim: 36,
  mark: (step) => onPolygon(hexagonMiddle, step * 8.2),
};

const starTips = (index: number): number => (index % 2 === 0 ? 198 : 162);
const starMiddle = regular(16, (index) => starTips(index) - middleOf(30) * (index % 2 === 0 ? 1.32 : 0.98));
const star: Outline = {
  path: softPolygon(regular(16, starTips), 14),
  pictogram: { x: 200, y: 186, scale: 1.24 },
  plateY: 330,
  rim: 30,
  mark: (step) => onPolygon(starMiddle, step * 9.2),
};

const shield: Outline = {
  path: 'M200 8C236 24 290 34 346 34Q362 34 362 50V186C362 284 300 352 200 394C100 352 38 284 38 186V50Q38 34 54 34C110 34 164 24 200 8Z',
  pictogram: { x: 200, y: 182, scale: 1.3 },
  plateY: 328,
  rim: 36,
  mark: (step) => [centre + step * markGap, 32 + 24 * (1 - Math.exp(-Math.abs(step) / 2.2))],
};

const outlines: Readonly<Record<BadgeFamily, Outline>> = {
  learner: circle,
  'peer-animator': hexagon,
  professional: shield,
  pathway: star,
};

/** The outline of a family. */
export const outlineOf = (family: BadgeFamily): Outline => outlines[family];
