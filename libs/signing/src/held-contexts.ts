import type { Term } from 'jsonld';
import type { ActiveContext, LocalContext, TermDefinition } from 'jsonld/lib/context.js';
import type { ContextStore } from './contexts.js';

// Absolute in the eyes of the library, and nothing in it that could end an IRI of N-Quads.
const plainIri = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s\p{Cc}<>"{}|\\^`]*$/u;
const isPlainIri = (text: string): boolean => plainIri.test(text);

/** A word of a document under one context: what it becomes, and what its values become. */
export interface Word {
  kind: 'id' | 'type' | 'value' | 'language' | 'property';
  /** Of a property. */
  predicate: Term;
  container: 'none' | 'graph' | 'list';
  /** The context that holds below this word, `null` being one: none. */
  scoped?: LocalContext;
}

/** What becomes of a bare string, number or boolean: an address, or a literal of some datatype. */
export interface Coercion {
  type: '@id' | '@vocab' | undefined;
  datatype?: Term;
}

const keywords: Record<string, Word['kind']> = {
  '@id': 'id',
  '@type': 'type',
  '@value': 'value',
  '@language': 'language',
};
const containers = ['@set', '@graph', '@list'];
// A property that says the same as a type, which the library does not see.
const rdfType = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const noPredicate: Term = { termType: 'NamedNode', value: '' };
const keywordWords = new Map(
  Object.entries(keywords).map(([name, kind]): [string, Word] => [
    name,
    { kind, predicate: noPredicate, container: 'none' },
  ]),
);

/** How a context comes into force, each with its own rules for what it may override and for how long it holds. */
export type Mode = 'embedded' | 'property' | 'type';

/** One active context as the library made it, with what was looked up in it and what follows from it. */
export class HeldContext {
  private readonly words = new Map<string, Word | undefined>();
  private readonly coercions = new Map<string, Coercion | undefined>();
  readonly next: Record<Mode, Map<unknown, HeldContext>> = {
    embedded: new Map(),
    property: new Map(),
    type: new Map(),
  };

  constructor(
    readonly active: ActiveContext,
    /** The context that returns in the nodes below one with a type of its own vocabulary. */
    readonly previous: HeldContext | undefined,
  ) {}

  /** A defined word or one of four keywords; nothing for all others, and for definitions left to the library. */
  word(name: string): Word | undefined {
    const keyword = keywordWords.get(name);
    if (keyword) return keyword;
    const known = this.words.get(name);
    if (known || !this.active.mappings.has(name)) return known;
    const word = wordOf(this.active.mappings.get(name));
    this.words.set(name, word);
    return word;
  }

  definition(name: string): TermDefinition | undefined {
    return this.active.mappings.get(name) ?? undefined;
  }

  /** How bare values of a word are read; nothing when the library has to say. */
  coercion(name: string): Coercion | undefined {
    const known = this.coercions.get(name);
    if (known) return known;
    const definition = this.active.mappings.get(name);
    if (definition === null) return undefined;
    const coercion = this.coercionOf(definition);
    if (definition === undefined) return coercion;
    this.coercions.set(name, coercion);
    return coercion;
  }

  private coercionOf(definition: TermDefinition | undefined): Coercion | undefined {
    const type = definition?.['@type'];
    if (type === '@id' || type === '@vocab') return { type };
    if (type && type !== '@none') {
      const datatype: Term = { termType: 'NamedNode', value: type };
      return isPlainIri(type) ? { type: undefined, datatype } : undefined;
    }
    const spoken = [
      definition && '@language' in definition ? definition['@language'] : this.active['@language'],
      definition && '@direction' in definition ? definition['@direction'] : this.active['@direction'],
    ];
    return spoken.every((one) => one === undefined || one === null) ? { type: undefined } : undefined;
  }

  /** The IRI of a name of a node (`vocabulary` false) or of a type; nothing when the library has to say. */
  iri(text: string, vocabulary: boolean): string | undefined {
    const found = this.expanded(text, vocabulary);
    return found !== undefined && isPlainIri(found) ? found : undefined;
  }

  private expanded(text: string, vocabulary: boolean): string | undefined {
    if (text.startsWith('@')) return undefined;
    if (vocabulary && this.active.mappings.has(text)) return this.definition(text)?.['@id'] ?? undefined;
    const colon = text.indexOf(':');
    if (colon > 0) {
      const prefix = text.slice(0, colon);
      if (prefix === '_') return undefined;
      if (text.startsWith('//', colon + 1)) return text;
      const definition = this.definition(prefix);
      if (definition?._prefix) return `${definition['@id']}${text.slice(colon + 1)}`;
      return text;
    }
    const { '@vocab': vocab } = this.active;
    return vocabulary && typeof vocab === 'string' ? vocab + text : undefined;
  }
}

function wordOf(definition: TermDefinition | null | undefined): Word | undefined {
  const iri = definition?.['@id'];
  if (!definition || !iri || definition.reverse || definition['@type'] === '@json') return undefined;
  const scoped = definition['@context'];
  if (iri.startsWith('@')) {
    const kind = keywords[iri];
    return kind && scoped === undefined ? { kind, predicate: noPredicate, container: 'none' } : undefined;
  }
  const container = definition['@container'] ?? [];
  if (!isPlainIri(iri) || iri === rdfType || !container.every((one) => containers.includes(one)))
    return undefined;
  const predicate: Term = { termType: 'NamedNode', value: iri };
  const isGraph = container.includes('@graph');
  if (isGraph && container.includes('@list')) return undefined;
  const kind = isGraph ? 'graph' : container.includes('@list') ? 'list' : 'none';
  return { kind: 'property', predicate, container: kind, ...(scoped !== undefined && { scoped }) };
}

/** Something that has to be asked of the library before a document can be read further. */
export class ContextNeeded {
  constructor(
    readonly from: HeldContext,
    readonly mode: Mode,
    readonly local: LocalContext,
    readonly key: unknown,
  ) {}
}

// Some 40 kB each; a badge needs about twenty.
const mostHeld = 400;

/** The active contexts that documents of one store have needed, each made once by the library. */
export class HeldContexts {
  private root: HeldContext | undefined;
  private count = 0;

  constructor(private readonly store: ContextStore) {}

  /** The context before any other. */
  async start(): Promise<HeldContext> {
    if (this.root && this.count <= mostHeld) return this.root;
    const { default: library } = await import('jsonld/lib/context.js');
    const initial = library.getInitialContext({});
    this.root = new HeldContext({ ...initial, mappings: new Map(), protected: {}, clone: copyOf }, undefined);
    this.count = 0;
    return this.root;
  }

  /** What follows from a context, if it was made before. @throws ContextNeeded */
  follow(from: HeldContext, mode: Mode, local: LocalContext, key: unknown = local): HeldContext {
    const known = from.next[mode].get(key);
    if (known) return known;
    throw new ContextNeeded(from, mode, local, key);
  }

  /** Has the library process a context, in safe mode. @throws whatever it throws: the document is not for here */
  async make({ from, mode, local, key }: ContextNeeded): Promise<void> {
    const [{ default: library }, { default: ContextResolver }, { default: events }] = await Promise.all([
      import('jsonld/lib/context.js'),
      import('jsonld/lib/ContextResolver.js'),
      import('jsonld/lib/events.js'),
    ]);
    const made = await library.process({
      activeCtx: from.active,
      localCtx: local,
      propagate: mode !== 'type',
      overrideProtected: mode === 'property',
      options: {
        base: null,
        documentLoader: this.store.loader,
        contextResolver: new ContextResolver({ sharedCache: new Map() }),
        eventHandler: [events.safeEventHandler],
      },
    });
    const previous = made.previousContext ? (from.previous ?? from) : undefined;
    from.next[mode].set(key, new HeldContext(made, previous));
    this.count += 1;
  }
}

/**
 * A copy of an active context that shares the definitions of its words, which the library makes once and never
 * changes; its own copy repeats each of them, and that is nearly all it does while it reads a document.
 */
function copyOf(this: ActiveContext): ActiveContext {
  const copy: ActiveContext = {
    mappings: new Map(this.mappings),
    clone: this.clone,
    inverse: null,
    getInverse: this.getInverse,
    protected: { ...this.protected },
    revertToPreviousContext: this.revertToPreviousContext,
  };
  if (this.previousContext) copy.previousContext = this.previousContext;
  for (const name of ['@base', '@language', '@vocab'] as const) if (name in this) copy[name] = this[name];
  return copy;
}
