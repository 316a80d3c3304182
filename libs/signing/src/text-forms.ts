import { randomUUID } from 'node:crypto';
import type { JsonObject } from './canonical.js';
import type { Shape, Slots } from './slots.js';

/** A document read by its form. */
interface ReadDocument {
  /** What `JSON.parse` gives; what documents of a form share is one frozen object. */
  document: JsonObject;
  shape: Shape;
}

/**
 * The JSON text of one shape of document, with a hole for each slot. A text that fits is `JSON.stringify` of exactly one
 * document: the strings between the holes are compared character by character, and what is in a hole must be a string
 * written as `JSON.stringify` writes it. So nothing has to be parsed to know what the text says, nor to write it.
 */
export class TextForm {
  private constructor(
    private readonly slots: Slots,
    private readonly base: JsonObject,
    /** Of the shape: one string object for all its documents, so that maps find it without reading it. */
    readonly constants: string,
    /** The text between the holes, the quotes around a hole left out: always one more than there are holes. */
    private readonly between: readonly string[],
    /** The slot of each hole, in the order of the text. */
    private readonly slotOf: readonly number[],
  ) {}

  /**
   * The form of a document and of all others of its shape.
   * @param document as `JSON.parse` gives it; it is copied
   */
  static of(document: JsonObject, slots: Slots): TextForm {
    const { constants, values } = slots.shapeOf(document);
    const markers = values.map(() => randomUUID());
    const marked = JSON.stringify(slots.replace(document, markers));
    const holes = markers
      .map((marker, slot) => ({ slot, at: marked.indexOf(`"${marker}"`), length: marker.length + 2 }))
      .sort((a, b) => a.at - b.at);
    const between: string[] = [];
    let end = 0;
    for (const { at, length } of holes) {
      between.push(marked.slice(end, at));
      end = at + length;
    }
    between.push(marked.slice(end));
    const base = JSON.parse(JSON.stringify(document)) as JsonObject;
    return new TextForm(
      slots,
      frozen(base),
      constants,
      between,
      holes.map(({ slot }) => slot),
    );
  }

  /** The text of the document with these strings in its slots, in the order of `Shape.values`. */
  fill(values: readonly string[]): string {
    let text = this.between[0]!;
    for (const [hole, slot] of this.slotOf.entries())
      text += JSON.stringify(values[slot]) + this.between[hole + 1]!;
    return text;
  }

  /** The strings in the holes of a text, in the order of `Shape.values`, or nothing when it is not of this form. */
  valuesOf(text: string): string[] | undefined {
    let at = this.between[0]!.length;
    if (text.slice(0, at) !== this.between[0]) return undefined;
    const values: string[] = [];
    for (const [hole, slot] of this.slotOf.entries()) {
      const end = endOfString(text, at);
      const value = end === undefined ? undefined : stringOf(text.slice(at, end));
      if (end === undefined || value === undefined) return undefined;
      values[slot] = value;
      const next = this.between[hole + 1]!;
      at = end + next.length;
      // A slice is compared as bytes, `startsWith` one character after the other.
      if (text.slice(end, at) !== next) return undefined;
    }
    return at === text.length ? values : undefined;
  }

  /** What a text of this form says, or nothing when it is not of this form. */
  read(text: string): ReadDocument | undefined {
    return this.readOf(this.valuesOf(text));
  }

  /** As `read`, of a text in UTF-8: only what is in its holes is made a string. */
  readBytes(bytes: Buffer): ReadDocument | undefined {
    return this.readOf(this.valuesOfBytes(bytes));
  }

  private readOf(values: string[] | undefined): ReadDocument | undefined {
    if (!values) return undefined;
    const document = this.slots.replace(this.base, values);
    return { document, shape: { constants: this.constants, values } };
  }

  /**
   * Where the text with these strings in its slots ends in a line that holds it inside a JSON string, in UTF-8, or
   * nothing when something else stands there.
   * @param at of its first character
   */
  endInString(line: Buffer, at: number, values: readonly string[]): number | undefined {
    this.betweenEscaped ??= this.between.map((text) => Buffer.from(escapedOnce(text)));
    let end = afterBytes(line, at, this.betweenEscaped[0]!);
    for (const [hole, slot] of this.slotOf.entries()) {
      if (end === undefined) return undefined;
      end = afterText(line, end, escapedOnce(JSON.stringify(values[slot])));
      if (end !== undefined) end = afterBytes(line, end, this.betweenEscaped[hole + 1]!);
    }
    return end;
  }

  private betweenEscaped?: Buffer[];
  private betweenBytes?: Buffer[];

  private valuesOfBytes(bytes: Buffer): string[] | undefined {
    this.betweenBytes ??= this.between.map((text) => Buffer.from(text));
    const [first] = this.betweenBytes;
    let at = first!.length;
    if (bytes.length < at || first!.compare(bytes, 0, at) !== 0) return undefined;
    const values: string[] = [];
    for (const [hole, slot] of this.slotOf.entries()) {
      const end = endOfStringBytes(bytes, at);
      const value = end === undefined ? undefined : stringOf(bytes.toString('utf8', at, end));
      if (end === undefined || value === undefined) return undefined;
      values[slot] = value;
      const next = this.betweenBytes[hole + 1]!;
      at = end + next.length;
      if (bytes.length < at || next.compare(bytes, end, at) !== 0) return undefined;
    }
    return at === bytes.length ? values : undefined;
  }
}

/** As it stands inside a JSON string. */
const escapedOnce = (text: string): string => JSON.stringify(text).slice(1, -1);

const afterBytes = (line: Buffer, at: number, bytes: Buffer): number | undefined => {
  const end = at + bytes.length;
  return end <= line.length && bytes.compare(line, at, end) === 0 ? end : undefined;
};

const afterText = (line: Buffer, at: number, text: string): number | undefined => {
  const end = at + Buffer.byteLength(text);
  return line.toString('utf8', at, end) === text ? end : undefined;
};

const [quote, backslash] = [0x22, 0x5c];

/** As `endOfString`. */
function endOfStringBytes(bytes: Buffer, start: number): number | undefined {
  if (bytes[start] !== quote) return undefined;
  for (let at = bytes.indexOf(quote, start + 1); at >= 0; at = bytes.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return undefined;
}

/** After the closing quote of the string that begins at `start`, if one does. */
function endOfString(text: string, start: number): number | undefined {
  if (text[start] !== '"') return undefined;
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return quote + 1;
  }
  return undefined;
}

/** The string of a JSON text, if it is written as `JSON.stringify` writes it. */
function stringOf(quoted: string): string | undefined {
  let value = quoted.slice(1, -1);
  if (value.includes('\\'))
    try {
      value = JSON.parse(quoted) as string;
    } catch {
      return undefined;
    }
  return JSON.stringify(value) === quoted ? value : undefined;
}

function frozen<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** Forms of texts that were read before; the one that was used last is tried first. */
export class TextForms {
  private forms: TextForm[] = [];

  /** @param capacity forms kept at most: each is compared with a text until one fits */
  constructor(
    private readonly slots: Slots,
    private readonly capacity = 64,
  ) {}

  /** What a text in UTF-8 says, when it is of a form that was read before. */
  readKnown(bytes: Buffer): (ReadDocument & { form: TextForm }) | undefined {
    for (const form of this.forms) {
      const read = form.readBytes(bytes);
      if (!read) continue;
      this.toFront(form);
      return { ...read, form };
    }
    return undefined;
  }

  /**
   * What a JSON text says, and its shape when it is written as `JSON.stringify` writes it.
   * @throws SyntaxError when it is no JSON
   */
  read(text: string): { document: JsonObject; shape?: Shape } {
    for (const form of this.forms) {
      const read = form.read(text);
      if (!read) continue;
      this.toFront(form);
      return read;
    }
    const document = JSON.parse(text) as JsonObject;
    if (document === null || typeof document !== 'object' || JSON.stringify(document) !== text)
      return { document };
    const form = TextForm.of(document, this.slots);
    const read = form.read(text);
    if (!read) return { document };
    this.forms = [form, ...this.forms].slice(0, this.capacity);
    return read;
  }

  private toFront(form: TextForm): void {
    if (this.forms[0] !== form) this.forms = [form, ...this.forms.filter((other) => other !== form)];
  }
}
