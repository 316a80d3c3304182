import { CaseRefused } from './status-info.js';

/** Members of a CFDocument that can be chosen, sorted by and compared; all are single values. */
const comparable = [
  'identifier',
  'uri',
  'frameworkType',
  'caseVersion',
  'creator',
  'title',
  'lastChangeDateTime',
  'officialSourceURL',
  'publisher',
  'description',
  'language',
  'version',
  'adoptionStatus',
  'statusStartDate',
  'statusEndDate',
  'notes',
] as const;
const selectable: readonly string[] = [...comparable, 'CFPackageURI', 'subject', 'subjectURI', 'licenseURI'];

type Row = Record<string, unknown>;

export interface DocumentsQuery {
  limit: number;
  offset: number;
  sort?: string;
  orderBy: 'asc' | 'desc';
  matches: (row: Row) => boolean;
  fields?: string[];
}

const limits = {
  limit: { least: 1, most: 1000, otherwise: 100 },
  offset: { least: 0, most: 1_000_000, otherwise: 0 },
};
const longestFilter = 1000;
const mostClauses = 10;

function numberOf(name: 'limit' | 'offset', value: unknown): number {
  const { least, most, otherwise } = limits[name];
  if (value === undefined) return otherwise;
  if (typeof value === 'string' && /^\d{1,7}$/.test(value) && Number(value) >= least && Number(value) <= most)
    return Number(value);
  throw new CaseRefused('invalid_selection_field', `${name} is a number from ${least} to ${most}`);
}

const oneText = (name: string, value: unknown): string | undefined => {
  if (value === undefined || typeof value === 'string') return value;
  throw new CaseRefused('invalid_selection_field', `${name} may be given once only`);
};

function sortOf(value: unknown): string | undefined {
  const field = oneText('sort', value);
  if (field === undefined || (comparable as readonly string[]).includes(field)) return field;
  throw new CaseRefused('invalid_sort_field', `sort is one of ${comparable.join(', ')}`);
}

function orderOf(value: unknown): 'asc' | 'desc' {
  const order = oneText('orderBy', value) ?? 'asc';
  if (order === 'asc' || order === 'desc') return order;
  throw new CaseRefused('invalid_sort_field', 'orderBy is asc or desc');
}

function fieldsOf(value: unknown): string[] | undefined {
  const text = oneText('fields', value);
  if (text === undefined) return undefined;
  const fields = text.split(',').map((field) => field.trim());
  const unknown = fields.find((field) => !selectable.includes(field));
  if (unknown === undefined) return [...new Set(fields)];
  throw new CaseRefused(
    'invalid_selection_field',
    `fields has "${unknown.slice(0, 60)}"; it takes ${selectable.join(', ')}, separated by commas`,
  );
}

const operators: Record<string, (found: string, given: string) => boolean> = {
  '=': (found, given) => found === given,
  '!=': (found, given) => found !== given,
  '>': (found, given) => found > given,
  '>=': (found, given) => found >= given,
  '<': (found, given) => found < given,
  '<=': (found, given) => found <= given,
  '~': (found, given) => found.toLowerCase().includes(given.toLowerCase()),
};

const clause = /^\s*([A-Za-z]+)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^'\\]|\\['\\])*)'\s*/;
const grammar =
  "filter is field, operator (= != > >= < <= ~) and a value in single quotes, joined by AND or OR: title~'num' AND language='fr'";

/** Compares a member with a text; instants and dates sort as they are written. A missing member fits only `!=`. */
function clauseOf(field: string, operator: string, given: string): (row: Row) => boolean {
  return (row) => {
    const found = row[field];
    return typeof found === 'string' ? operators[operator]!(found, given) : operator === '!=';
  };
}

/**
 * The filter of the interface (CASE 1.1, 3.3.4): clauses joined by AND and OR, AND binding stronger.
 * @throws CaseRefused naming what cannot be read
 */
export function filterOf(text: string): (row: Row) => boolean {
  if (text.length > longestFilter)
    throw new CaseRefused('invalid_selection_field', `filter is longer than ${longestFilter} characters`);
  const either: ((row: Row) => boolean)[][] = [[]];
  let rest = text;
  for (let count = 1; ; count += 1) {
    const found = clause.exec(rest);
    if (!found)
      throw new CaseRefused(
        'invalid_selection_field',
        `${grammar}; it cannot be read from "${rest.slice(0, 40)}"`,
      );
    const [whole, field, operator, value] = found as unknown as [string, string, string, string];
    if (!(comparable as readonly string[]).includes(field))
      throw new CaseRefused(
        'invalid_selection_field',
        `filter has "${field.slice(0, 60)}"; it takes ${comparable.join(', ')}`,
      );
    if (count > mostClauses)
      throw new CaseRefused('invalid_selection_field', `filter has more than ${mostClauses} comparisons`);
    either.at(-1)!.push(clauseOf(field, operator, value.replace(/\\(['\\])/g, '$1')));
    rest = rest.slice(whole.length);
    if (rest === '') return (row) => either.some((all) => all.every((fits) => fits(row)));
    const joint = /^(AND|OR)\s+/i.exec(rest);
    if (!joint)
      throw new CaseRefused(
        'invalid_selection_field',
        `${grammar}; it cannot be read from "${rest.slice(0, 40)}"`,
      );
    if (joint[1]!.toUpperCase() === 'OR') either.push([]);
    rest = rest.slice(joint[0].length);
  }
}

/**
 * Reads limit, offset, sort, orderBy, filter and fields of GET /CFDocuments; what else stands in the address is left
 * aside, as the standard asks of providers.
 * @throws CaseRefused with the code of CASE (Appendix B) and what is allowed
 */
export function documentsQuery(query: Record<string, unknown>): DocumentsQuery {
  const filter = oneText('filter', query.filter);
  return {
    limit: numberOf('limit', query.limit),
    offset: numberOf('offset', query.offset),
    sort: sortOf(query.sort),
    orderBy: orderOf(query.orderBy),
    matches: filter === undefined ? () => true : filterOf(filter),
    fields: fieldsOf(query.fields),
  };
}

/** The chosen page of rows, in the chosen order with the chosen members, and how many there are in all. */
export function pageOf<T extends Row>(rows: T[], query: DocumentsQuery): { page: Row[]; total: number } {
  const { sort, orderBy, fields, offset, limit } = query;
  const found = rows.filter(query.matches);
  const sorted =
    sort === undefined
      ? orderBy === 'desc'
        ? found.reverse()
        : found
      : found.sort((a, b) => {
          const [one, other] = [String(a[sort] ?? ''), String(b[sort] ?? '')];
          return (one < other ? -1 : one > other ? 1 : 0) * (orderBy === 'desc' ? -1 : 1);
        });
  const page = sorted.slice(offset, offset + limit);
  return {
    total: sorted.length,
    page: fields
      ? page.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name))))
      : page,
  };
}

/** Link header (RFC 8288): first and last always, next and prev where there is one. */
export function linksOf(
  address: string,
  query: DocumentsQuery,
  given: Record<string, unknown>,
  total: number,
): string {
  const { limit, offset } = query;
  const last = total === 0 ? 0 : Math.floor((total - 1) / limit) * limit;
  const links: [string, number][] = [
    ...(offset + limit < total ? ([['next', offset + limit]] as [string, number][]) : []),
    ['last', last],
    ['first', 0],
    ...(offset > 0 ? ([['prev', Math.max(0, offset - limit)]] as [string, number][]) : []),
  ];
  const kept = ['sort', 'orderBy', 'filter', 'fields', 'lang'].flatMap((name): [string, string][] =>
    typeof given[name] === 'string' ? [[name, given[name]]] : [],
  );
  return links
    .map(([rel, at]) => {
      const parameters = new URLSearchParams([...kept, ['limit', String(limit)], ['offset', String(at)]]);
      return `<${address}?${parameters}>; rel="${rel}"`;
    })
    .join(', ');
}
