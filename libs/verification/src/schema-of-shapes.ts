import type { Fault } from '#platform';
import type { JsonObject, Shape } from '#signing';
import { schemaFaults } from './schema.js';
import { classesOf, classTextOf, ShapeMemory } from './shape-memory.js';

/**
 * `schemaFaults` of many signed documents: what documents of one shape have in common is validated once, and the answer
 * is the same (see `StringClasses`). Whatever has a fault is validated each time.
 */
export class SchemaOfShapes {
  private readonly sound = new ShapeMemory();

  /** @param shape of the document without its proof; without one the schema itself answers */
  faults(document: JsonObject, shape: Shape | undefined): Fault[] {
    const own = shape && withProof(shape, document.proof);
    if (!own) return schemaFaults(document);
    if (this.sound.has(own.constants, own.classes)) return [];
    const faults = schemaFaults(document);
    if (faults.length === 0) this.sound.add(own.constants, own.classes);
    return faults;
  }

  /** How often the answer was known. */
  get hits(): number {
    return this.sound.hits;
  }
}

/** The shape with one proof, of which value and time are the document's own; nothing for proofs of another form. */
function withProof(shape: Shape, proof: unknown): { constants: string; classes: string } | undefined {
  const [only, ...more] = Array.isArray(proof) ? (proof as JsonObject[]) : [];
  if (!only || more.length > 0 || typeof only !== 'object') return undefined;
  const { proofValue, created } = only;
  if (typeof proofValue !== 'string' || typeof created !== 'string') return undefined;
  return {
    constants: `${shape.constants}\n${JSON.stringify({ ...only, proofValue: '', created: '' })}`,
    classes: `${classesOf(shape)} ${classTextOf([proofValue, created])}`,
  };
}
