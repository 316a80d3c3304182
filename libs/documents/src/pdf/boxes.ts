import type { SetText } from '../text/set-text.js';

/** A4, in points (1/72 inch). */
export const paper = { width: 595.28, height: 841.89 } as const;

/** Points in a millimetre. */
export const millimetre = 72 / 25.4;

/** The colours of the pages; each darkens enough to be read when printed in black and white. */
export const inks = {
  ink: '#14213d',
  quiet: '#4a5468',
  accent: '#0b5563',
  gold: '#f2a541',
  line: '#b8b2a4',
} as const;

export interface TextBox {
  kind: 'text';
  /** Left edge of the column that the text stands in, and its top. */
  x: number;
  y: number;
  width: number;
  align: 'left' | 'center';
  text: SetText;
  ink: string;
}

export interface PictureBox {
  kind: 'picture';
  x: number;
  y: number;
  size: number;
  svg: string;
}

export interface QrBox {
  kind: 'qr';
  x: number;
  y: number;
  /** With the white margin that readers need. */
  size: number;
  address: string;
}

export type Box = TextBox | PictureBox | QrBox;

/** Ornament: never read aloud. */
export type Ornament =
  | { kind: 'line'; x1: number; y1: number; x2: number; y2: number; width: number; ink: string }
  | {
      kind: 'frame';
      x: number;
      y: number;
      width: number;
      height: number;
      line: number;
      ink: string;
      round?: number;
    }
  | { kind: 'path'; x: number; y: number; scale: number; d: string; line: number; ink: string };

/** A standard structure type (ISO 32000-1, 14.8.4) with what it holds, in reading order. */
export interface Element {
  role: 'Sect' | 'H1' | 'H2' | 'H3' | 'P' | 'L' | 'LI' | 'LBody' | 'Figure';
  children?: Element[];
  box?: Box;
  /** In words, for a figure. */
  alt?: string;
  /** What is meant where the drawn text says something else. */
  actual?: string;
  /** Language when it is not the document's. */
  lang?: string;
}

export interface Page {
  elements: Element[];
  ornaments: Ornament[];
}

/** Everything that is drawn with ink on a page, in reading order. */
export const boxesOf = (elements: Element[]): Box[] =>
  elements.flatMap(({ box, children = [] }) => [...(box ? [box] : []), ...boxesOf(children)]);

/** The rectangle that a box takes. */
export function extent(box: Box): { x: number; y: number; width: number; height: number } {
  if (box.kind !== 'text') return { x: box.x, y: box.y, width: box.size, height: box.size };
  const { width, height } = box.text;
  const x = box.align === 'center' ? box.x + (box.width - width) / 2 : box.x;
  return { x, y: box.y, width, height };
}
