import type { Quad, Term } from 'jsonld';
import { sha256Hex } from '#platform';
import { NumberedLines, placeIn, type SlotLine } from './numbered-lines.js';

const rdfType = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';
const xsdString = 'http://www.w3.org/2001/XMLSchema#string';
const langString = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString';

/** A hole in a line: the value of a slot, or the label of a blank node. */
type Hole = { slot: number } | { node: number };
type Line = (string | Hole)[];

/** Lines of one blank node, itself written `_:a` and others `_:z` (RDFC-1.0, 4.6); the hash when it never changes. */
interface BlankNode {
  lines: Line[];
  hash?: string;
}

// Absolute whatever the context says, and without any character that IRIs or N-Quads treat in a special way.
const plainIri = /^(?:https?:\/\/|urn:uuid:)[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]+$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: what canonical N-Quads escapes in a literal
const special = /[\u0000-\u001F\u007F"\\]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what canonical N-Quads escapes in a literal
const allSpecial = /[\u0000-\u001F\u007F"\\]/g;
// A blank node with a value of its own stands before, between or after the others.
const mostNumberings = 200;
const shortEscapes: Record<string, string> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
};

/** A literal's text as canonical N-Quads write it (RDF Dataset Canonicalization 1.0, 5). */
const escaped = (text: string): string =>
  special.test(text)
    ? text.replace(
        allSpecial,
        (character) =>
          shortEscapes[character] ??
          `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
      )
    : text;

/**
 * The canonical N-Quads of one shape of document, with holes for what differs. `fill` gives what RDFC-1.0 would give,
 * or nothing where that cannot be said for certain.
 */
export class CanonicalTemplate {
  private lines: Line[] = [];
  private readonly nodes: BlankNode[];
  private readonly constantIris = new Set<string>();
  private readonly isIri: boolean[];

  private constructor(
    quads: Quad[],
    private readonly markers: readonly string[],
  ) {
    this.isIri = markers.map(() => false);
    const names = [...new Set(quads.flatMap(blankNodesOf))];
    const serialise = (quad: Quad, label: (name: string) => string | Hole): Line =>
      this.line(quad, (term) => label(term.value));
    this.nodes = names.map((own) => {
      const lines = quads
        .filter((quad) => blankNodesOf(quad).includes(own))
        .map((quad) => serialise(quad, (name) => (name === own ? '_:a' : '_:z')));
      const isConstant = lines.every((line) => line.every((part) => typeof part === 'string'));
      return isConstant ? { lines, hash: hashOf(lines.map((line) => line.join(''))) } : { lines };
    });
    this.lines = quads.map((quad) => serialise(quad, (name) => ({ node: names.indexOf(name) })));
  }

  /**
   * The template of a dataset made with markers in its slots: each marker must be a whole literal, or the whole name
   * of a node, wherever it is found.
   * @returns nothing when a marker is missing, part of something, or a type, datatype, language, property or graph
   */
  static of(quads: Quad[], markers: readonly string[]): CanonicalTemplate | undefined {
    const template = new CanonicalTemplate(quads, markers);
    const parts = template.lines.flat();
    const found = new Set(
      parts.flatMap((part) => (typeof part !== 'string' && 'slot' in part ? part.slot : [])),
    );
    const isHidden = parts.some((part) => typeof part === 'string' && markers.some((m) => part.includes(m)));
    return found.size === markers.length && !isHidden ? template : undefined;
  }

  private line(quad: Quad, blank: (term: Term) => string | Hole): Line {
    const term = (one: Term, mayBeSlot: boolean): (string | Hole)[] => {
      if (one.termType === 'BlankNode') return [blank(one)];
      const slot = mayBeSlot ? this.markers.indexOf(one.value) : -1;
      if (one.termType === 'Literal')
        return ['"', slot < 0 ? escaped(one.value) : { slot }, `"${suffixOf(one)}`];
      if (slot < 0) this.constantIris.add(one.value);
      else this.isIri[slot] = true;
      return ['<', slot < 0 ? one.value : { slot }, '>'];
    };
    const isType = quad.predicate.value === rdfType;
    const isDefault = quad.graph.termType === 'DefaultGraph';
    return joined([
      ...term(quad.subject, true),
      ' ',
      ...term(quad.predicate, false),
      ' ',
      ...term(quad.object, !isType),
      ...(isDefault ? [] : [' ', ...term(quad.graph, false)]),
      ' .\n',
    ]);
  }

  /**
   * Canonical N-Quads with these values in the slots.
   * @returns nothing when the library has to answer: a name of a node that is not a plain absolute IRI or that occurs
   *   elsewhere (two nodes would be one), blank nodes that their own lines do not tell apart, or equal statements
   */
  fill(values: readonly string[]): string | undefined {
    const texts = this.textsOf(values);
    const labels = texts && this.labels(texts);
    if (!labels) return undefined;
    const lines = this.lines.map((line) => filled(line, texts, labels)).sort();
    for (let i = 1; i < lines.length; i += 1) if (lines[i] === lines[i - 1]) return undefined;
    return lines.join('');
  }

  /**
   * SHA-256 of what `fill` gives, or nothing where it gives nothing. The lines without a value are put in order once
   * for each numbering of the blank nodes.
   */
  digest(values: readonly string[]): Buffer | undefined {
    const texts = this.textsOf(values);
    const places = texts && this.placesOf(texts);
    if (!places) return undefined;
    const known = this.numbered.get(places);
    if (known) return known.digest(texts);
    const labels = this.labels(texts);
    if (!labels) return undefined;
    if (this.numbered.size >= mostNumberings) this.numbered.clear();
    const numbered = new NumberedLines(this.lines.map((line) => labelled(line, labels)));
    this.numbered.set(places, numbered);
    return numbered.digest(texts);
  }

  private readonly numbered = new Map<string, NumberedLines>();
  private constantHashes?: string[];

  /**
   * Where the blank nodes with a value of their own stand among the others and among themselves: equal texts for equal
   * numberings. Nothing when two nodes cannot be told apart.
   */
  private placesOf(texts: readonly string[]): string | undefined {
    this.constantHashes ??= this.nodes.flatMap(({ hash }) => hash ?? []).sort();
    const constant = this.constantHashes;
    const own: string[] = [];
    let places = '';
    for (const { lines, hash } of this.nodes) {
      if (hash !== undefined) continue;
      const made = hashOf(lines.map((line) => filled(line, texts, [])));
      const place = placeIn(constant, made);
      if (constant[place] === made || own.includes(made)) return undefined;
      own.push(made);
      places += `${place} `;
    }
    if (own.length > 1) for (const one of own) places += `,${own.filter((other) => other < one).length}`;
    return places;
  }

  /** As they stand in the lines; nothing when a name of a node is not fit. */
  private textsOf(values: readonly string[]): string[] | undefined {
    const names = new Set<string>();
    const texts: string[] = [];
    for (const [slot, value] of values.entries()) {
      if (!this.isIri[slot]) {
        texts.push(escaped(value));
        continue;
      }
      if (!plainIri.test(value) || this.constantIris.has(value) || names.has(value)) return undefined;
      names.add(value);
      texts.push(value);
    }
    return texts;
  }

  /** Keeps its lines in the order they have for these values: others will be nearly in order, and sort faster. */
  orderFor(values: readonly string[]): void {
    const texts = values.map((value, slot) => (this.isIri[slot] ? value : escaped(value)));
    const labels = this.labels(texts);
    if (!labels) return;
    this.lines = this.lines
      .map((line) => ({ line, text: filled(line, texts, labels) }))
      .sort((a, b) => (a.text < b.text ? -1 : 1))
      .map(({ line }) => line);
  }

  // RDFC-1.0, 4.4: nodes whose first degree hash is theirs alone are numbered in the order of their hashes.
  private labels(texts: readonly string[]): string[] | undefined {
    const hashes = this.nodes.map(
      ({ lines, hash }) => hash ?? hashOf(lines.map((line) => filled(line, texts, []))),
    );
    const order = [...hashes].sort();
    const numbers = new Map(order.map((hash, number) => [hash, `_:c14n${number}`]));
    return numbers.size === hashes.length ? hashes.map((hash) => numbers.get(hash)!) : undefined;
  }
}

const blankNodesOf = ({ subject, object, graph }: Quad): string[] =>
  [subject, object, graph].filter(({ termType }) => termType === 'BlankNode').map(({ value }) => value);

const hashOf = (lines: string[]): string => sha256Hex(lines.sort().join(''));

function suffixOf({ datatype, language }: Term): string {
  if (datatype?.value === langString) return language ? `@${language}` : '';
  return datatype && datatype.value !== xsdString ? `^^<${datatype.value}>` : '';
}

/** The line with its labels: only slots are left. */
const labelled = (line: Line, labels: readonly string[]): SlotLine =>
  joined(
    line.map((part) => (typeof part === 'string' || 'slot' in part ? part : labels[part.node]!)),
  ) as SlotLine;

/** Neighbouring texts made one. */
function joined(parts: (string | Hole)[]): Line {
  const line: Line = [];
  for (const part of parts) {
    const last = line.at(-1);
    if (typeof part === 'string' && typeof last === 'string') line[line.length - 1] = last + part;
    else line.push(part);
  }
  return line;
}

function filled(line: Line, texts: readonly string[], labels: readonly string[]): string {
  let text = '';
  for (const part of line)
    if (typeof part === 'string') text += part;
    else text += 'slot' in part ? texts[part.slot] : labels[part.node];
  return text;
}
