import { millimetre, paper } from './pdf/boxes.js';

/** Of the sheet, in points. */
export const margin = { side: 62, top: 46, bottom: 52 };
/** Where the texts stand. */
export const column = { x: margin.side, width: paper.width - 2 * margin.side };
/** How far the frame stands from the edge of the paper. */
export const frame = 8 * millimetre;

/** How much room the texts may take: tried from generous to tight, until all of it fits on the page. */
export interface Fit {
  /** Of the sizes of the texts. */
  scale: number;
  picture: number;
  /** Lines of each statement, and statements of each kind, before the rest is left to the page. */
  lines: number;
  statements: number;
}

const unlimited = { lines: 40, statements: 400 };
/** From generous to tight; the last one is taken where none fits. */
export const fits: Fit[] = [
  { scale: 1.16, picture: 176, ...unlimited },
  { scale: 1.08, picture: 168, ...unlimited },
  { scale: 1, picture: 156, ...unlimited },
  { scale: 0.96, picture: 140, ...unlimited },
  { scale: 0.92, picture: 126, ...unlimited },
  { scale: 0.87, picture: 112, ...unlimited },
  { scale: 0.82, picture: 100, ...unlimited },
  ...[8, 7, 6, 5, 4, 3].map((statements) => ({ scale: 0.82, picture: 92, lines: 3, statements })),
  ...[3, 2, 1].map((statements) => ({ scale: 0.78, picture: 84, lines: 2, statements })),
];
