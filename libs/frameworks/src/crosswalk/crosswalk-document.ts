import { parse } from 'csv-parse/sync';
import { compileSchema, type Fault, InvalidInput, readProjectJson } from '#platform';
import { InvalidFrameworkFile } from '../refusals.js';
import type { MatchEnd } from './match.entity.js';

/** `crosswalk/1`, see schemas/crosswalk.schema.json. */
export interface CrosswalkDocument {
  format: 'crosswalk/1';
  statedBy: string;
  /** YYYY-MM-DD. */
  statedOn: string;
  source: string;
  sourceUri?: string;
  matches: { origin: MatchEnd; kind: string; destination: MatchEnd; note?: string }[];
}

const shape = compileSchema<CrosswalkDocument>(readProjectJson('schemas', 'crosswalk.schema.json'));
const remedy = 'Correct these places and import it again; nothing was written.';

/** @throws InvalidFrameworkFile listing every fault */
export function crosswalkDocument(value: unknown, source: string): CrosswalkDocument {
  try {
    return shape(value);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidFrameworkFile(source, error.faults, remedy, { cause: error });
  }
}

const endColumns = (end: 'origin' | 'destination') =>
  (['framework', 'version', 'code', 'uri', 'title'] as const).map((name) => `${end}_${name}`);
const provenance = ['stated_by', 'stated_on', 'source', 'source_uri'];
const columns = [...endColumns('origin'), 'kind', ...endColumns('destination'), 'note', ...provenance];
const needed = ['kind', 'stated_by', 'stated_on', 'source'];

/**
 * Reads a crosswalk from CSV (UTF-8, comma or semicolon, a line of titles). Rows that name the same source and day
 * become one document.
 * @throws InvalidFrameworkFile naming line and column
 */
export function crosswalkFromCsv(content: Buffer, source: string): CrosswalkDocument[] {
  const refuse = (faults: Fault[], cause?: unknown): never => {
    throw new InvalidFrameworkFile(source, faults, remedy, { cause });
  };
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    refuse([{ path: '', message: 'is not UTF-8 text' }], error);
  }
  const [titles = ''] = text.split(/\r?\n/, 1);
  const delimiter = titles.split(';').length > titles.split(',').length ? ';' : ',';
  let rows: string[][] = [];
  try {
    rows = parse(text, { delimiter, skip_empty_lines: true, trim: true, max_record_size: 20_000 });
  } catch (error) {
    refuse([{ path: '', message: `is not CSV (${(error as Error).message})` }], error);
  }
  const [head = [], ...body] = rows;
  const faults: Fault[] = [
    ...head
      .filter((name) => !columns.includes(name))
      .map((name) => ({ path: 'line 1', message: `has an unknown column "${name.slice(0, 60)}"` })),
    ...head
      .filter((name, at) => head.indexOf(name) < at)
      .map((name) => ({ path: 'line 1', message: `has the column ${name.slice(0, 60)} twice` })),
    ...needed
      .filter((name) => !head.includes(name))
      .map((name) => ({ path: 'line 1', message: `lacks the column ${name}` })),
  ];
  if (faults.length > 0) refuse(faults);
  if (body.length === 0) refuse([{ path: 'line 2', message: 'is missing: there is no match' }]);
  return documentsOf(head, body, source);
}

function documentsOf(head: string[], body: string[][], source: string): CrosswalkDocument[] {
  const documents = new Map<string, { document: CrosswalkDocument; lines: number[] }>();
  for (const [at, cells] of body.entries()) {
    const cell = (name: string): string | undefined => cells[head.indexOf(name)] || undefined;
    const end = (name: 'origin' | 'destination'): MatchEnd =>
      Object.fromEntries(
        endColumns(name).flatMap((column) => {
          const value = cell(column);
          return value === undefined ? [] : [[column.slice(name.length + 1), value]];
        }),
      );
    const said = Object.fromEntries(provenance.map((name) => [name, cell(name)]));
    const key = JSON.stringify(said);
    const known = documents.get(key) ?? {
      document: {
        format: 'crosswalk/1' as const,
        statedBy: said.stated_by ?? '',
        statedOn: said.stated_on ?? '',
        source: said.source ?? '',
        ...(said.source_uri !== undefined && { sourceUri: said.source_uri }),
        matches: [],
      },
      lines: [],
    };
    const note = cell('note');
    known.document.matches.push({
      origin: end('origin'),
      kind: cell('kind') ?? '',
      destination: end('destination'),
      ...(note !== undefined && { note }),
    });
    known.lines.push(at + 2);
    documents.set(key, known);
  }
  return [...documents.values()].map(({ document, lines }) => {
    try {
      return crosswalkDocument(document, source);
    } catch (error) {
      if (!(error instanceof InvalidFrameworkFile)) throw error;
      throw new InvalidFrameworkFile(
        source,
        error.faults.map((fault) => inLines(fault, lines)),
        remedy,
      );
    }
  });
}

const columnOf: Record<string, string> = {
  statedBy: 'stated_by',
  statedOn: 'stated_on',
  sourceUri: 'source_uri',
};

function inLines({ path, message }: Fault, lines: number[]): Fault {
  const [, , at, ...names] = path.split('/');
  if (!path.startsWith('/matches/') || at === undefined) {
    const name = path.slice(1);
    return { path: `line ${lines[0]}, ${columnOf[name] ?? name}`, message };
  }
  return { path: [`line ${lines[Number(at)]}`, names.join('_')].filter(Boolean).join(', '), message };
}
