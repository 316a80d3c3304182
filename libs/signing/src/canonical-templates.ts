import { randomUUID } from 'node:crypto';
import { DomainError, logger, sha256 } from '#platform';
import { canonicalDataset, canonize, type JsonObject } from './canonical.js';
import { CanonicalTemplate } from './canonical-template.js';
import { bundledContexts, type ContextStore } from './contexts.js';
import type { PreparedDocument } from './data-integrity.js';
import { type Shape, Slots } from './slots.js';
import { type TextForm, TextForms } from './text-forms.js';

const log = logger('canonical-templates');
// A shape costs some 20 kB; a badge is a shape, or a few.
const mostTemplates = 500;
const longestConstants = 100_000;

/** How often each way was taken since the start. */
export interface TemplateCounts {
  /** Texts filled into a template. */
  filled: number;
  /** Texts for which the library had to answer although their shape was known. */
  fellBack: number;
  /** Shapes seen for the first time, answered by the library. */
  made: number;
  /** Shapes among them that no template can express. */
  unfit: number;
}

/** A prepared document whose text has a form that was known before. */
export interface KnownDocument extends PreparedDocument {
  readonly shape: Shape;
  readonly form: TextForm;
}

/**
 * Canonical forms of documents that differ in a few strings only. The first of a shape goes through the library and
 * leaves a template; the others fill it. The text is byte for byte that of `canonize`, and where that cannot be said
 * for certain `canonize` itself answers. A template is found by the exact text of everything that is not a slot,
 * contexts included, so that no document can ever be given the constants of another.
 */
export class CanonicalTemplates {
  readonly counts: TemplateCounts = { filled: 0, fellBack: 0, made: 0, unfit: 0 };
  private readonly templates = new Map<string, Promise<CanonicalTemplate | undefined>>();
  /** Those that are made: what is known of a shape at once. */
  private readonly made = new WeakMap<Promise<CanonicalTemplate | undefined>, CanonicalTemplate>();
  private readonly slots: Slots;
  private readonly forms: TextForms;

  /**
   * @param pointers JSON Pointers of the strings that differ, '*' for every item of an array
   * @param capacity shapes kept at most; the one that was not used for longest goes first
   */
  constructor(
    pointers: readonly string[],
    private readonly contexts: ContextStore = bundledContexts,
    private readonly capacity = mostTemplates,
  ) {
    this.slots = new Slots(pointers);
    this.forms = new TextForms(this.slots);
  }

  /** Canonical N-Quads of a JSON document, as `canonize`. @throws as `canonize` */
  async canonize(document: JsonObject): Promise<string> {
    const shape = this.slots.shapeOf(document);
    return this.answer(document, shape, {
      fill: (template) => template.fill(shape.values),
      of: (text) => text,
    });
  }

  /** As `prepare` of data integrity, with the document's shape. @throws as `canonize` */
  async prepare(document: JsonObject): Promise<PreparedDocument> {
    const { proof: _proof, ...unsecured } = document;
    const shape = this.slots.shapeOf(unsecured);
    const documentHash = await this.hashOf(unsecured, shape);
    return { document: unsecured, documentHash, contexts: this.contexts, shape };
  }

  /**
   * As `prepare`, of a document as JSON text: what stands in the text of a known form is not parsed again, and the text
   * itself is kept for the forms that are signed.
   * @returns the whole document beside what was prepared, which never holds a `proof`
   * @throws as `canonize`, and SyntaxError when it is no JSON
   */
  async prepareText(text: string): Promise<{ document: JsonObject; prepared: PreparedDocument }> {
    const { document, shape } = this.forms.read(text);
    if (!shape || Object.hasOwn(document, 'proof'))
      return { document, prepared: await this.prepare(document) };
    const documentHash = await this.hashOf(document, shape);
    return { document, prepared: { document, documentHash, contexts: this.contexts, shape, text } };
  }

  /**
   * As `prepareText`, at once, of a text in UTF-8 whose form and shape are known and whose canonical form the template
   * can tell for certain; else nothing.
   */
  prepareKnown(bytes: Buffer): KnownDocument | undefined {
    const read = this.forms.readKnown(bytes);
    if (!read || Object.hasOwn(read.document, 'proof')) return undefined;
    const known = this.templates.get(read.shape.constants);
    const documentHash = known && this.made.get(known)?.digest(read.shape.values);
    if (!documentHash) return undefined;
    this.keep(read.shape.constants, known);
    this.counts.filled += 1;
    return { ...read, documentHash, contexts: this.contexts };
  }

  private hashOf(document: JsonObject, shape: Shape): Promise<Buffer> {
    return this.answer(document, shape, { fill: (template) => template.digest(shape.values), of: sha256 });
  }

  private async answer<T>(
    document: JsonObject,
    shape: Shape,
    { fill, of }: { fill: (template: CanonicalTemplate) => T | undefined; of: (text: string) => T },
  ): Promise<T> {
    const known = this.templates.get(shape.constants);
    if (!known) return of(await this.first(document, shape));
    this.keep(shape.constants, known);
    // Documents that come while the first of their shape is in the library wait for its template.
    const template = await known;
    const own = template && fill(template);
    this.counts[own === undefined ? 'fellBack' : 'filled'] += 1;
    return own ?? of(await canonize(document, this.contexts));
  }

  private async first(document: JsonObject, { constants, values }: Shape): Promise<string> {
    const text = canonize(document, this.contexts);
    if (constants.length > longestConstants) return text;
    const made = text
      .then(async (expected) => {
        const template = await this.make(document, values, expected);
        this.counts.made += 1;
        if (template) return template;
        this.counts.unfit += 1;
        log.warn({ shape: sha256(constants).toString('hex') }, 'no canonical template for this shape');
        return undefined;
      })
      .catch((error: unknown) => {
        // Refused for what is in the slots, maybe: another document of the shape shall try again.
        this.templates.delete(constants);
        if (error instanceof DomainError) return undefined;
        throw error;
      });
    this.keep(constants, made);
    const [own, template] = await Promise.all([text, made]);
    if (template) this.made.set(made, template);
    return own;
  }

  /** A template that was tried on the document it came from and on its own markers, or nothing. */
  private async make(
    document: JsonObject,
    values: readonly string[],
    expected: string,
  ): Promise<CanonicalTemplate | undefined> {
    // JSON text cannot tell these from others: an infinite number reads null there, and -0 reads 0.
    if (hasDoubtfulValue(document)) return undefined;
    const markers = values.map(() => `urn:uuid:${randomUUID()}`);
    const marked = this.slots.replace(document, markers);
    let template: CanonicalTemplate | undefined;
    try {
      template = CanonicalTemplate.of(await canonicalDataset(marked, this.contexts), markers);
      // Nothing filled is no fault of the template: its first document may be one for the library.
      if (!template || (template.fill(values) ?? expected) !== expected) return undefined;
      if (template.fill(markers) !== (await canonize(marked, this.contexts))) return undefined;
    } catch (error) {
      // The markers do not fit where the values did.
      if (error instanceof DomainError) return undefined;
      throw error;
    }
    template.orderFor(values);
    return template;
  }

  private keep(constants: string, template: Promise<CanonicalTemplate | undefined>): void {
    this.templates.delete(constants);
    this.templates.set(constants, template);
    if (this.templates.size > this.capacity)
      this.templates.delete(this.templates.keys().next().value as string);
  }
}

const hasDoubtfulValue = (value: unknown): boolean =>
  value === null || value === 0 || value === undefined
    ? true
    : typeof value === 'object'
      ? Object.values(value).some(hasDoubtfulValue)
      : typeof value === 'number' && !Number.isFinite(value);
