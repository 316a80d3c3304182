import { compileSchema, type Fault, InvalidInput, readProjectJson, type Text } from '#platform';
import type { Licence } from './framework.entity.js';
import { InvalidFrameworkFile } from './refusals.js';

/** `framework-import/1`, see schemas/framework-import.schema.json. */
export interface FrameworkDocument {
  format: 'framework-import/1';
  id: string;
  version: string;
  issued?: string;
  title: Text;
  publisher: string;
  legalBasis?: { text: string; url?: string };
  licence: Licence;
  usedBy?: string;
  source?: Record<string, string>;
  provenance: Record<string, string>;
  levels: LevelDocument[];
  items: ItemDocument[];
}

interface LevelDocument {
  code: string;
  ordinal: number;
  name?: Text;
  fourLevelName?: Text;
  description?: Text;
  [more: string]: unknown;
}

interface ItemDocument {
  code: string;
  type: string;
  parent: string | null;
  title: Text;
  description?: Text;
  escoUri?: string;
  proposedDigComp22?: string[];
  [more: string]: unknown;
}

interface OutcomeDocument {
  code: string;
  competence: string;
  level: string;
  ai: string;
  text: Text;
  kind?: string;
}

/** `framework-import-outcomes/1`, see schemas/framework-outcomes.schema.json. */
export interface OutcomesDocument {
  format: 'framework-import-outcomes/1';
  framework: string;
  version?: string;
  counts: { statements: number; learningOutcomes: number };
  statements: OutcomeDocument[];
  learningOutcomes: OutcomeDocument[];
}

/** `code-lists/1`, see schemas/code-lists.schema.json. */
export interface CodeListsDocument {
  format: 'code-lists/1';
  note?: string;
  lists: {
    id: string;
    title?: Text;
    sensitive?: boolean;
    values: { code: string; ordinal?: number; label: Text }[];
  }[];
  provenance: Record<string, string>;
}

const remedy = 'Correct these places in the file and import it again; nothing was written.';

function checked<T>(schema: string, check: (value: T) => Fault[]): (value: unknown, source: string) => T {
  const shape = compileSchema<T>(readProjectJson('schemas', schema));
  return (value, source) => {
    let document: T;
    try {
      document = shape(value);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      throw new InvalidFrameworkFile(source, error.faults, remedy, { cause: error });
    }
    const faults = check(document);
    if (faults.length > 0) throw new InvalidFrameworkFile(source, faults, remedy);
    return document;
  };
}

function repeated(codes: string[], path: (index: number) => string): Fault[] {
  const seen = new Map<string, number>();
  return codes.flatMap((code, index) => {
    const before = seen.get(code);
    if (before === undefined) seen.set(code, index);
    return before === undefined
      ? []
      : [{ path: path(index), message: `repeats the code "${code}" of ${path(before)}` }];
  });
}

function parentFaults(items: ItemDocument[]): Fault[] {
  const parents = new Map(items.map((item) => [item.code, item.parent]));
  return items.flatMap((item, index) => {
    if (item.parent === null) return [];
    if (!parents.has(item.parent))
      return [
        { path: `/items/${index}/parent`, message: `names "${item.parent}", which no item of the file has` },
      ];
    const above = new Set([item.code]);
    for (let code: string | null | undefined = item.parent; code; code = parents.get(code)) {
      if (code === item.code)
        return [{ path: `/items/${index}/parent`, message: 'leads back to the item itself' }];
      if (above.has(code)) break;
      above.add(code);
    }
    return [];
  });
}

/**
 * Checks a `framework-import/1` document: its schema, no code twice, every parent present, no loop.
 * @param source name of the file, for the message
 * @throws InvalidFrameworkFile listing every fault
 */
export const frameworkDocument = checked<FrameworkDocument>('framework-import.schema.json', (document) => [
  ...repeated(
    document.levels.map((level) => level.code),
    (index) => `/levels/${index}/code`,
  ),
  ...repeated(
    document.items.map((item) => item.code),
    (index) => `/items/${index}/code`,
  ),
  ...parentFaults(document.items),
]);

/**
 * Checks a `framework-import-outcomes/1` document: its schema, no code twice, the announced counts.
 * @throws InvalidFrameworkFile listing every fault
 */
export const outcomesDocument = checked<OutcomesDocument>('framework-outcomes.schema.json', (document) => {
  const all = [...document.statements, ...document.learningOutcomes];
  const path = (index: number) =>
    index < document.statements.length
      ? `/statements/${index}/code`
      : `/learningOutcomes/${index - document.statements.length}/code`;
  const counts = (['statements', 'learningOutcomes'] as const).flatMap((name) =>
    document.counts[name] === document[name].length
      ? []
      : [
          {
            path: `/counts/${name}`,
            message: `announces ${document.counts[name]}, the file has ${document[name].length}`,
          },
        ],
  );
  return [
    ...counts,
    ...repeated(
      all.map((outcome) => outcome.code),
      path,
    ),
  ];
});

/**
 * Checks a `code-lists/1` document: its schema, no list twice, no value twice in a list.
 * @throws InvalidFrameworkFile listing every fault
 */
export const codeListsDocument = checked<CodeListsDocument>('code-lists.schema.json', (document) => [
  ...repeated(
    document.lists.map((list) => list.id),
    (index) => `/lists/${index}/id`,
  ),
  ...document.lists.flatMap((list, at) =>
    repeated(
      list.values.map((value) => value.code),
      (index) => `/lists/${at}/values/${index}/code`,
    ),
  ),
]);
