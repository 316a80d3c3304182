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
    // Not one text with the proof: the shape's own is one object for all its documents, which maps find quickly.
    if (this.sound.has(shape.constants, own)) return [];
    const faults = schemaFaults(document);
    if (faults.length === 0) this.sound.add(shape.constants, own);
    return faults;
  }

  /** How often the answer was known. */
  get hits(): number {
    return this.sound.hits;
  }
}

/** The proof and the classes of a shape with one proof, of which value and time are the document's own; nothing for proofs of another form. */
function withProof(shape: Shape, proof: unknown): string | undefined {
  const [only, ...more] = Array.isArray(proof) ? (proof as JsonObject[]) : [];
  if (!only || more.length > 0 || typeof only !== 'object') return undefined;
  const { proofValue, created } = only;
  if (typeof proofValue !== 'string' || typeof created !== 'string') return undefined;
  const constants = JSON.stringify({ ...only, proofValue: '', created: '' });
  return `${constants}\n${classesOf(shape)} ${classTextOf([proofValue, created])}`;
}
