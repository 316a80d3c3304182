import { CsvError, parse } from 'csv-parse/sync';
import { type Column, columns, type HeaderReading, readHeader } from './columns.js';
import { type Issue, issue, quoted } from './issue.js';

/** `lines` counts blank lines and those inside cells: the parser is too slow for a file of nothing but line ends. */
export const campaignLimits = { bytes: 5 * 1024 * 1024, rows: 5_000, lines: 20_000, cellCharacters: 1_000 };

export interface RawRow {
  /** 1 for the first row below the header; blank lines do not count. */
  row: number;
  /** Line of the file where the row starts, 1 for the first. */
  line: number;
  cells: Partial<Record<Column, string>>;
  /** Faults of the row's form: with one of them the cells say nothing. */
  faults: Issue[];
}

export interface CampaignTable {
  separator: string;
  header: HeaderReading;
  rows: RawRow[];
  /** Set when the form breaks somewhere: the rows before are read, nothing of the file may be written. */
  refusal: Issue | null;
}

/** A table, or nothing but the reason why there is none. */
export type CampaignReading = CampaignTable | { refusal: Issue; rows: []; header: null; separator: null };

const refused = (refusal: Issue): CampaignReading => ({ refusal, rows: [], header: null, separator: null });

const magic: [string, string][] = [
  ['504b0304', 'XLSX, ODS'],
  ['d0cf11e0', 'XLS'],
  ['25504446', 'PDF'],
];

const separators = [';', ',', '\t'];

/**
 * Reads a campaign file: UTF-8 with or without a byte order mark, `;`, `,` or tab, RFC 4180 quotation marks, any
 * line end, columns in any order. Nothing is guessed: what is not clear is one refusal with its remedy.
 */
export function readCampaign(bytes: Buffer): CampaignReading {
  const refusal = refuseBytes(bytes);
  if (refusal) return refused(refusal);
  const text = decode(bytes);
  if (typeof text !== 'string') return refused(text);
  if (text.trim() === '') return refused(issue('file_empty'));
  if (text.includes('\0')) return refused(issue('file_not_text'));
  if (linesIn(text) > campaignLimits.lines)
    return refused(issue('file_too_many_rows', null, campaignLimits.lines));

  const separator = separatorOf(text);
  const { records, broken } = csvRecords(text, separator);
  const first = records[0];
  const titles = Object.values(columns).map(({ title }) => title);
  if (!first) return refused(issue('header_not_recognised', null, titles.join(' ; ')));
  const header = readHeader(first.cells);
  if (header.positions.filter(Boolean).length < 3)
    return refused(issue('header_not_recognised', null, titles.join(' ; ')));
  if (header.missing.length > 0 || header.duplicated.length > 0) return refused(headerFault(header));
  if (records.length - 1 > campaignLimits.rows)
    return refused(issue('file_too_many_rows', null, campaignLimits.rows));
  const rows = records.slice(1).map((record, i) => rawRow(record, i + 1, header, separator));
  if (rows.length === 0 && !broken) return refused(issue('file_without_rows'));
  return { separator, header, rows, refusal: broken };
}

function refuseBytes(bytes: Buffer): Issue | null {
  if (bytes.length === 0) return issue('file_empty');
  if (bytes.length > campaignLimits.bytes) {
    const megabytes = (bytes.length / 1024 / 1024).toFixed(1);
    return issue('file_too_large', null, megabytes, campaignLimits.bytes / 1024 / 1024);
  }
  const start = bytes.subarray(0, 4).toString('hex');
  const kind = magic.find(([signature]) => start === signature);
  return kind ? issue('file_is_spreadsheet', null, kind[1]) : null;
}

function decode(bytes: Buffer): string | Issue {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return issue('file_not_utf8', null, unreadableLine(bytes));
  }
}

/** The line of the first byte that is not UTF-8: halving keeps it quick on 5 MB. */
function unreadableLine(bytes: Buffer): number {
  let readable = 0;
  let unreadable = bytes.length;
  while (unreadable - readable > 1) {
    const middle = (readable + unreadable) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      readable = middle;
    } catch {
      unreadable = middle;
    }
  }
  return bytes.subarray(0, readable).reduce((lines, byte) => lines + Number(byte === 10), 1);
}

function linesIn(text: string): number {
  let lines = 1;
  for (const _ of text.matchAll(/\r\n|\n|\r/g)) lines += 1;
  return lines;
}

/** The separator that makes the most of the header line; `;` when none does. */
function separatorOf(text: string): string {
  const headerLine = text.split(/\r\n|\n|\r/, 20).find((line) => line.trim() !== '') ?? '';
  const known = (separator: string) => {
    const first = csvRecords(headerLine, separator).records[0];
    return first ? readHeader(first.cells).positions.filter(Boolean).length : 0;
  };
  return separators.reduce((best, candidate) => (known(candidate) > known(best) ? candidate : best));
}

interface CsvRecord {
  cells: string[];
  line: number;
}

/** The records up to the first place where the quotation marks break, and what broke. */
function csvRecords(text: string, separator: string): { records: CsvRecord[]; broken: Issue | null } {
  const records: CsvRecord[] = [];
  let line = 1;
  try {
    parse(text, {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      on_record(cells: string[]) {
        // One row more than allowed is enough to know that there are too many.
        const isBlank = cells.length === 1 && cells[0]!.trim() === '';
        if (!isBlank && records.length < campaignLimits.rows + 2) records.push({ cells, line });
        // The parser counts a CRLF inside a cell as two lines.
        line += 1 + cells.reduce((sum, cell) => sum + (cell.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
        return null;
      },
    });
    return { records, broken: null };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const code = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'quote_not_closed' : 'quote_misplaced';
    return { records, broken: issue(code, null, line) };
  }
}

function headerFault({ missing, duplicated, unknown }: HeaderReading): Issue {
  const list = (titles: string[]) => titles.map((title) => `« ${title} »`).join(', ');
  const fr: string[] = [];
  const en: string[] = [];
  if (missing.length > 0) {
    fr.push(`Il manque : ${list(missing)}.`);
    en.push(`Missing: ${list(missing)}.`);
  }
  if (duplicated.length > 0) {
    fr.push(`En double : ${list(duplicated)}.`);
    en.push(`Twice: ${list(duplicated)}.`);
  }
  if (unknown.length > 0) {
    fr.push(`Non reconnu : ${list(unknown.map(quoted))}.`);
    en.push(`Not recognised: ${list(unknown.map(quoted))}.`);
  }
  return issue('header_wrong', null, fr.join(' '), en.join(' '));
}

function rawRow({ cells, line }: CsvRecord, row: number, header: HeaderReading, separator: string): RawRow {
  const width = header.positions.length;
  const extra = cells.slice(width).some((cell) => cell.trim() !== '');
  const other = separators.find(
    (one) => one !== separator && cells.length < 3 && cells.join(separator).split(one).length > width / 2,
  );
  const faults: Issue[] = [];
  const shown = (one: string) => (one === '\t' ? 'TAB' : one);
  if (other) faults.push(issue('row_other_separator', null, shown(other), shown(separator)));
  else if (cells.length < width) faults.push(issue('row_too_short', null, cells.length, width));
  else if (extra) faults.push(issue('row_too_long', null, cells.length, width));
  const read: RawRow['cells'] = {};
  for (const [i, column] of header.positions.entries()) if (column) read[column] = cells[i] ?? '';
  return { row, line, cells: read, faults };
}
