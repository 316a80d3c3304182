import type { Quad, Term } from 'jsonld';
import type { ContextStore } from './contexts.js';
import { ContextNeeded, type HeldContext, HeldContexts, type Word } from './held-contexts.js';
import type { StringUses } from './string-uses.js';

type Node = { [name: string]: unknown };

const xsd = 'http://www.w3.org/2001/XMLSchema#';
const named = (value: string): Term => ({ termType: 'NamedNode', value });
const rdfType = named('http://www.w3.org/1999/02/22-rdf-syntax-ns#type');
const rdfFirst = named('http://www.w3.org/1999/02/22-rdf-syntax-ns#first');
const rdfRest = named('http://www.w3.org/1999/02/22-rdf-syntax-ns#rest');
const rdfNil = named('http://www.w3.org/1999/02/22-rdf-syntax-ns#nil');
const langString = named('http://www.w3.org/1999/02/22-rdf-syntax-ns#langString');
const xsdString = named(`${xsd}string`);
const xsdBoolean = named(`${xsd}boolean`);
const xsdInteger = named(`${xsd}integer`);
const xsdDouble = named(`${xsd}double`);
const defaultGraph: Term = { termType: 'DefaultGraph', value: '' };
const languageTag = /^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/;

// Thrown, never shown: made once, because an error with a trace costs as much as a small document.
const forTheLibrary = new Error('for the library');
const mostContexts = 100;

const kept = new WeakMap<ContextStore, HeldContexts>();

/**
 * The statements of a JSON-LD document, as `jsonld.toRDF` in safe mode gives them, with the active contexts held
 * instead of copied for every node (JSON-LD 1.1 Processing Algorithms and API, 5.1, 7 and 8). It knows what credentials
 * are written in and refuses nothing itself.
 * @param uses where to note which strings may be others
 * @returns nothing when the library has to answer: for anything unusual, anything doubtful, anything wrong
 */
export async function heldDataset(
  document: Node,
  contexts: ContextStore,
  uses?: StringUses,
): Promise<Quad[] | undefined> {
  const held = kept.get(contexts) ?? new HeldContexts(contexts);
  kept.set(contexts, held);
  const start = await held.start();
  for (let made = 0; made < mostContexts; made += 1) {
    try {
      return new Reading(held, uses).read(document, start);
    } catch (reason) {
      uses?.clear();
      if (reason === forTheLibrary) return undefined;
      if (!(reason instanceof ContextNeeded)) throw reason;
      try {
        await held.make(reason);
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}

const isPlainObject = (value: unknown): value is Node =>
  Object.prototype.toString.call(value) === '[object Object]';

/** One reading of one document. */
class Reading {
  private readonly quads: Quad[] = [];
  private readonly said = new Map<string, string>();
  private blanks = 0;

  constructor(
    private readonly held: HeldContexts,
    private readonly uses: StringUses | undefined,
  ) {}

  read(document: Node, start: HeldContext): Quad[] {
    if (!isPlainObject(document)) throw forTheLibrary;
    this.node(document, start, undefined, defaultGraph, true);
    return this.quads;
  }

  /** An object below a property, or the document: a node with its statements, or a literal written as an object. */
  private node(
    element: Node,
    given: HeldContext,
    property: string | undefined,
    graph: Term,
    mustSay: boolean,
  ): Term {
    const keys = Object.keys(element);
    // The library reads inherited members as well.
    for (const key in element) if (!Object.hasOwn(element, key)) throw forTheLibrary;
    const outer = this.contextOf(element, keys, given, property);
    const typeKey = keys.find((key) => outer.word(key)?.kind === 'type');
    const types = typeKey === undefined ? [] : typesOf(element[typeKey]);
    let active = outer;
    for (const type of types.length > 1 ? [...types].sort() : types) {
      const definition = outer.definition(type);
      if (definition?.['@context'] !== undefined)
        active = this.held.follow(active, 'type', definition['@context']);
    }
    if (types[0] !== undefined && active.definition(types[0])?.['@id'] === '@json') throw forTheLibrary;
    const words = keys.map((key) => wordIn(active, key));
    if (words.some((word) => word?.kind === 'value')) {
      if (mustSay) throw forTheLibrary;
      return literalObject(element, keys, words);
    }
    return this.statements(element, { keys, words, active, outer, typeKey, types, graph, mustSay });
  }

  private statements(
    element: Node,
    given: {
      keys: string[];
      words: (Word | undefined)[];
      active: HeldContext;
      outer: HeldContext;
      typeKey: string | undefined;
      types: string[];
      graph: Term;
      mustSay: boolean;
    },
  ): Term {
    const { keys, words, active, outer, typeKey, types, graph } = given;
    const idAt = words.findIndex((word) => word?.kind === 'id');
    if (idAt >= 0) this.uses?.address(element, keys[idAt]!, { active, vocabulary: false });
    const subject = idAt < 0 ? this.blank() : this.name(active, element[keys[idAt]!], false);
    let said = 0;
    for (const [at, word] of words.entries()) {
      const key = keys[at]!;
      if (!word || at === idAt) continue;
      said += 1;
      if (word.kind === 'property') this.property(subject, { key, word, element, active, graph });
      else if (word.kind !== 'type' || key !== typeKey) throw forTheLibrary;
      else for (const type of types) this.say(subject, rdfType, this.name(outer, type, true), graph);
    }
    // What says nothing is dropped at the top and in a graph of its own, and a type that is one no more is a riddle.
    if ((given.mustSay && said === 0) || (typeKey !== undefined && wordIn(active, typeKey)?.kind !== 'type'))
      throw forTheLibrary;
    return subject;
  }

  /** The context in force inside an object, but for what its types bring. */
  private contextOf(
    element: Node,
    keys: string[],
    given: HeldContext,
    property: string | undefined,
  ): HeldContext {
    const definition = property === undefined ? undefined : given.active.mappings.get(property);
    if (definition === null) throw forTheLibrary;
    let active = isReturning(element, keys, given) ? (given.previous ?? given) : given;
    if (definition?.['@context'] !== undefined)
      active = this.held.follow(active, 'property', definition['@context']);
    if (!('@context' in element)) return active;
    const own = element['@context'];
    const addresses = Array.isArray(own) ? own : [own];
    if (addresses.length === 0 || !addresses.every((address) => typeof address === 'string'))
      throw forTheLibrary;
    return this.held.follow(active, 'embedded', addresses as string[], addresses.join(' '));
  }

  private property(
    subject: Term,
    {
      key,
      word,
      element,
      active,
      graph,
    }: { key: string; word: Word; element: Node; active: HeldContext; graph: Term },
  ): void {
    const below = word.scoped === undefined ? active : this.held.follow(active, 'property', word.scoped);
    const value = element[key];
    if (this.uses) noteUse(this.uses, element, key, below);
    const items: unknown[] = Array.isArray(value) ? value : [value];
    if (word.container === 'list') this.list(subject, word, { items, below, key, graph });
    for (const item of word.container === 'list' ? [] : items) {
      if (word.container === 'graph') {
        if (!isPlainObject(item)) throw forTheLibrary;
        const own = this.blank();
        this.say(subject, word.predicate, own, graph);
        this.node(item, below, key, own, true);
      } else {
        const object = this.value(item, below, key, graph);
        const isTyped = object.datatype !== undefined && below.coercion(key)?.datatype !== undefined;
        this.say(subject, word.predicate, object, graph, object.datatype && `${typeof item} ${isTyped}`);
      }
    }
  }

  /** Values in their order: a chain of nodes without names, one for each. */
  private list(
    subject: Term,
    word: Word,
    { items, below, key, graph }: { items: unknown[]; below: HeldContext; key: string; graph: Term },
  ): void {
    const links = items.map(() => this.blank());
    // The library keeps equal lists of one node apart.
    this.say(subject, word.predicate, links[0] ?? rdfNil, graph, `list ${this.said.size}`);
    for (const [at, item] of items.entries()) {
      this.say(links[at]!, rdfFirst, this.value(item, below, key, graph), graph);
      this.say(links[at]!, rdfRest, links[at + 1] ?? rdfNil, graph);
    }
  }

  private value(item: unknown, below: HeldContext, key: string, graph: Term): Term {
    return isPlainObject(item) ? this.node(item, below, key, graph, false) : this.bare(item, below, key);
  }

  private bare(value: unknown, active: HeldContext, key: string): Term {
    const coercion = active.coercion(key);
    if (!coercion) throw forTheLibrary;
    if (typeof value === 'string') {
      if (coercion.type) return this.name(active, value, coercion.type === '@vocab');
      if (coercion.datatype?.value === xsdDouble.value) throw forTheLibrary;
      return { termType: 'Literal', value, datatype: coercion.datatype ?? xsdString };
    }
    const { datatype } = coercion;
    if (typeof value === 'boolean')
      return { termType: 'Literal', value: String(value), datatype: datatype ?? xsdBoolean };
    if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) throw forTheLibrary;
    if (String(value).includes('.') || Math.abs(value) >= 1e21 || datatype?.value === xsdDouble.value) {
      const written = value.toExponential(15).replace(/(\d)0*e\+?/, '$1E');
      return { termType: 'Literal', value: written, datatype: datatype ?? xsdDouble };
    }
    return { termType: 'Literal', value: value.toFixed(0), datatype: datatype ?? xsdInteger };
  }

  private name(active: HeldContext, value: unknown, vocabulary: boolean): Term {
    const iri = typeof value === 'string' ? active.iri(value, vocabulary) : undefined;
    if (iri === undefined) throw forTheLibrary;
    return named(iri);
  }

  private blank(): Term {
    this.blanks += 1;
    return { termType: 'BlankNode', value: `b${this.blanks}` };
  }

  /**
   * A statement. The library leaves out what it finds said before, comparing values as the JSON has them; two that are
   * written differently and come out the same it keeps, and those are left to it.
   */
  private say(subject: Term, predicate: Term, object: Term, graph: Term, written = ''): void {
    const suffix = object.datatype ? `${object.datatype.value} ${object.language ?? ''} ` : '';
    const key = `${graph.value} ${subject.value} ${predicate.value} ${suffix}${object.value}`;
    const before = this.said.get(key);
    if (before === written) return;
    if (before !== undefined) throw forTheLibrary;
    this.said.set(key, written);
    this.quads.push({ subject, predicate, object, graph });
  }
}

/** How the bare strings of a property are read, as `bare` reads them. */
function noteUse(uses: StringUses, element: Node, key: string, below: HeldContext): void {
  const coercion = below.coercion(key);
  if (coercion?.type) uses.address(element, key, { active: below, vocabulary: coercion.type === '@vocab' });
  else if (coercion && coercion.datatype?.value !== xsdDouble.value) uses.text(element, key);
}

function wordIn(active: HeldContext, key: string): Word | undefined {
  if (key === '@context') return undefined;
  const word = active.word(key);
  if (!word) throw forTheLibrary;
  return word;
}

/** Does the context from before a type's own come back? Not for a literal, nor for a mere name. */
function isReturning(element: Node, keys: string[], given: HeldContext): boolean {
  if (!given.previous || keys.length > 2 || '@context' in element) return true;
  return !keys.some((key) => {
    const kind = given.word(key)?.kind;
    return kind === 'value' || (kind === 'id' && keys.length === 1);
  });
}

function typesOf(value: unknown): string[] {
  const types: unknown[] = Array.isArray(value) ? value : [value];
  if (types.length === 0 || !types.every((type): type is string => typeof type === 'string'))
    throw forTheLibrary;
  return types;
}

/** A text with its language, or without. */
function literalObject(element: Node, keys: string[], words: (Word | undefined)[]): Term {
  let value: unknown;
  let language: unknown;
  for (const [at, word] of words.entries()) {
    if (word?.kind === 'value' && value === undefined) value = element[keys[at]!];
    else if (word?.kind === 'language' && language === undefined) language = element[keys[at]!];
    else throw forTheLibrary;
  }
  if (typeof value !== 'string') throw forTheLibrary;
  if (language === undefined) return { termType: 'Literal', value, datatype: xsdString };
  if (typeof language !== 'string' || !languageTag.test(language)) throw forTheLibrary;
  return { termType: 'Literal', value, datatype: langString, language: language.toLowerCase() };
}
