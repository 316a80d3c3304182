import { setText, type TextStyle } from '../text/set-text.js';
import { type Element, inks, type Ornament } from './boxes.js';

/** Puts one thing under the other. */
export class Stack {
  readonly elements: Element[] = [];
  readonly ornaments: Ornament[] = [];
  constructor(
    public y: number,
    readonly column: { x: number; width: number },
    private readonly scale = 1,
  ) {}

  text(
    role: Element['role'],
    text: string,
    style: Omit<TextStyle, 'maxWidth'> & {
      ink?: string;
      align?: 'left' | 'center';
      actual?: string;
      indent?: number;
    },
  ): Element {
    const { ink = inks.ink, align = 'left', actual, indent = 0, ...rest } = style;
    const width = this.column.width - indent;
    const set = setText(text, { ...rest, size: rest.size * this.scale, maxWidth: width });
    const element: Element = {
      role,
      box: { kind: 'text', x: this.column.x + indent, y: this.y, width, align, text: set, ink },
      ...(actual !== undefined && { actual }),
    };
    this.y += set.height;
    return element;
  }

  add(...elements: Element[]): void {
    this.elements.push(...elements);
  }

  gap(points: number): void {
    this.y += points * this.scale;
  }
}
