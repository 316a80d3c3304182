import type { Shape } from '#signing';
import { stringClasses } from './schema.js';

const classesKnown = new WeakMap<Shape, string>();

/** The classes of a shape's own strings, in one text. */
export function classesOf(shape: Shape): string {
  const known = classesKnown.get(shape);
  if (known !== undefined) return known;
  const classes = classTextOf(shape.values);
  classesKnown.set(shape, classes);
  return classes;
}

export const classTextOf = (values: readonly string[]): string => {
  const classes = stringClasses();
  return values.map((value) => classes.of(value)).join(' ');
};

/**
 * Remembers for which constants, with strings of which classes, nothing was wrong. Only that is remembered: whatever
 * had a fault is looked at anew each time. The key is the exact text of the constants.
 */
export class ShapeMemory {
  private readonly shapes = new Map<string, Set<string>>();

  /** @param capacity constants kept at most; those that were not used for longest go first */
  constructor(private readonly capacity = 500) {}

  /** How often the answer was known. */
  hits = 0;

  has(constants: string, classes: string): boolean {
    const known = this.shapes.get(constants)?.has(classes) ?? false;
    if (known) this.hits += 1;
    return known;
  }

  add(constants: string, classes: string): void {
    if (!stringClasses().isSound) return;
    const known = this.shapes.get(constants) ?? new Set();
    this.shapes.delete(constants);
    this.shapes.set(constants, known.size < 100 ? known.add(classes) : new Set([classes]));
    if (this.shapes.size > this.capacity) this.shapes.delete(this.shapes.keys().next().value as string);
  }
}
