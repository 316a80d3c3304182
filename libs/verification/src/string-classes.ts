import type { ValidateFunction } from 'ajv';
import type { JsonObject } from '#signing';

// Each of these answers by the answers of its parts and by what is no string; none compares two values.
const structural = new Set([
  '$schema',
  '$id',
  '$comment',
  '$ref',
  '$defs',
  'title',
  'description',
  'type',
  'properties',
  'additionalProperties',
  'propertyNames',
  'required',
  'items',
  'additionalItems',
  'minItems',
  'maxItems',
  'minProperties',
  'contains',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'then',
  'else',
]);
const ruleOfStrings = ['format', 'pattern', 'minLength'];
const [mostAsked, longestAsked] = [1_000, 2_000];
const namesInside = new Set(['properties', '$defs']);

/**
 * Everything a JSON Schema can ask of a string: formats, patterns, lists of allowed words. Strings with the same
 * answers are of one class, and no schema made of structural keywords can tell them apart: a document stays valid when
 * a string is exchanged for another of its class (by induction over the schema; a keyword's answer depends on the
 * answers below it).
 */
export class StringClasses {
  private readonly rules = new Map<string, ValidateFunction>();
  private readonly words = new Map<string, number[]>();
  private lists = 0;
  /** False when the schema holds a keyword of which this is not known: then its answers must not be reused. */
  readonly isSound: boolean = true;

  /** @param compile makes a validator, with the same formats as the schema's own */
  constructor(
    schema: unknown,
    private readonly compile: (schema: JsonObject) => ValidateFunction,
  ) {
    this.isSound = this.collect(schema);
  }

  /** The class of a string: equal texts for strings that the schema cannot tell apart. */
  of(text: string): string {
    const known = this.asked.get(text);
    if (known !== undefined) return known;
    const asked = this.ask(text);
    if (this.asked.size >= mostAsked) this.asked.clear();
    if (text.length <= longestAsked) this.asked.set(text, asked);
    return asked;
  }

  /** Dates, places and sentences come again and again. */
  private readonly asked = new Map<string, string>();

  private ask(text: string): string {
    let answers = '';
    for (const check of this.rules.values()) answers += check(text) ? '1' : '0';
    const lists = this.words.get(text);
    return lists ? `${answers}:${lists.join()}` : answers;
  }

  private collect(schema: unknown): boolean {
    if (typeof schema === 'boolean') return true;
    if (Array.isArray(schema)) return schema.map((item) => this.collect(item)).every(Boolean);
    if (schema === null || typeof schema !== 'object') return false;
    return Object.entries(schema)
      .map(([keyword, value]) => this.keyword(keyword, value))
      .every(Boolean);
  }

  private keyword(keyword: string, value: unknown): boolean {
    if (ruleOfStrings.includes(keyword)) {
      const rule = { [keyword]: value };
      const key = JSON.stringify(rule);
      if (!this.rules.has(key)) this.rules.set(key, this.compile(rule));
      return true;
    }
    if (keyword === 'enum' || keyword === 'const') {
      const list = this.lists++;
      for (const word of keyword === 'enum' ? (value as unknown[]) : [value]) {
        if (typeof word !== 'string') return false;
        this.words.set(word, [...(this.words.get(word) ?? []), list]);
      }
      return true;
    }
    if (!structural.has(keyword)) return false;
    if (namesInside.has(keyword))
      return Object.values(value as JsonObject)
        .map((inner) => this.collect(inner))
        .every(Boolean);
    return value !== null && typeof value === 'object' ? this.collect(value) || isList(value) : true;
  }
}

// `type` and `required` may be lists of words, which are no schemas.
const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');
