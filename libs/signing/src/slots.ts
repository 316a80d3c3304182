import type { JsonObject } from './canonical.js';

/** A document parted into what every document of its shape shares and what is its own. */
export interface Shape {
  /**
   * Exact JSON text of the document with '' in every slot: two documents with the same text differ in the values of
   * their slots and in nothing else.
   */
  readonly constants: string;
  /** The strings of the slots, in the order in which a walk finds them; the same order for the same constants. */
  readonly values: readonly string[];
}

interface Branch {
  /** Ends here: the place of a string that may differ. */
  isSlot: boolean;
  members: [name: string, inner: Branch][];
  /** For the items of an array. */
  items?: Branch;
}

/**
 * The places of a document whose strings differ from one document to the next, while all the rest is the same.
 * A place that is absent or holds no string belongs to the constants.
 */
export class Slots {
  private readonly root: Branch = { isSlot: false, members: [] };

  /** @param pointers JSON Pointers, '*' for every item of an array: '/evidence/*\/id' */
  constructor(readonly pointers: readonly string[]) {
    for (const pointer of pointers) this.add(pointer.split('/').slice(1));
  }

  private add(names: string[]): void {
    let branch = this.root;
    for (const name of names) {
      let inner = name === '*' ? branch.items : branch.members.find(([known]) => known === name)?.[1];
      if (!inner) {
        inner = { isSlot: false, members: [] };
        if (name === '*') branch.items = inner;
        else branch.members.push([name, inner]);
      }
      branch = inner;
    }
    branch.isSlot = true;
  }

  /** The shape of a JSON document (what `JSON.parse` gives: no undefined, no dates). The document is not changed. */
  shapeOf(document: JsonObject): Shape {
    const values: string[] = [];
    const constants = JSON.stringify(
      walk(document, this.root, (value) => {
        values.push(value);
        return '';
      }),
    );
    return { constants, values };
  }

  /** A copy of the document with other strings in its slots, in the order of `Shape.values`. */
  replace(document: JsonObject, strings: readonly string[]): JsonObject {
    let next = 0;
    return walk(document, this.root, () => strings[next++] as string) as JsonObject;
  }
}

// Copies only what lies on the way to a slot.
function walk(value: unknown, branch: Branch, replace: (value: string) => string): unknown {
  if (branch.isSlot && typeof value === 'string') return replace(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const { items } = branch;
    return items ? value.map((item) => walk(item, items, replace)) : value;
  }
  const copy = { ...value } as JsonObject;
  for (const [name, inner] of branch.members)
    if (Object.hasOwn(copy, name)) copy[name] = walk(copy[name], inner, replace);
  return copy;
}
