import type { HeldContext } from './held-contexts.js';

/** May this string stand where another one stood, without the words around it meaning anything else or nothing? */
export type MayStand = (text: string) => boolean;

const anyText: MayStand = () => true;

/**
 * Which strings of a document that was read for its meaning may be others: texts and dates any, addresses others that
 * the library would take as they are. Of those not told here, contexts and types above all, each counts as it is. It
 * knows nothing of documents that the library had to read.
 */
export class StringUses {
  private readonly uses = new Map<object, Map<string, MayStand>>();

  /** @param name member of the object; the items of a list are all of one kind */
  of(holder: object, name: string): MayStand | undefined {
    return this.uses.get(holder)?.get(name);
  }

  /** Nothing is known: what was noted was of a reading that came to no end. */
  clear(): void {
    this.uses.clear();
  }

  text(holder: object, name: string): void {
    this.note(holder, name, anyText);
  }

  address(holder: object, name: string, { active, vocabulary }: Reader): void {
    this.note(holder, name, (text) => active.iri(text, vocabulary) !== undefined);
  }

  private note(holder: object, name: string, use: MayStand): void {
    const known = this.uses.get(holder);
    if (known) known.set(name, use);
    else this.uses.set(holder, new Map([[name, use]]));
  }
}

interface Reader {
  active: HeldContext;
  /** Read as a type is, and not as a name of something. */
  vocabulary: boolean;
}
