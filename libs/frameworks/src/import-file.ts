import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { EntityManager } from 'typeorm';
import { projectFile } from '#platform';
import { importPackage } from './case/import-package.js';
import { crosswalkFromCsv } from './crosswalk/crosswalk-document.js';
import { importCrosswalk } from './crosswalk/import-crosswalk.js';
import { importCodeLists } from './import-code-lists.js';
import { type ImportResult, importFramework } from './import-framework.js';
import { importOutcomes } from './import-outcomes.js';
import { InvalidFrameworkFile } from './refusals.js';

const maxBytes = 20 * 1024 * 1024;

/** Files the program ships, outcomes after the framework they belong to. */
const shipped = [
  'digcomp-2.2.fr-en.json',
  'digcomp-3.0.en.json',
  'digcomp-3.0.outcomes.en.json',
  'crcn-pix.fr-en.json',
  'b2i-adultes-2012.fr.json',
  'pcie-7-modules.fr.json',
  'coop-thematiques.fr.json',
  'starting-levels.fr.json',
];

/**
 * Imports a document of any of the formats: those of the house, a CFPackage of CASE 1.0 or 1.1, a crosswalk.
 * @param code of a CASE package that is new here, for its addresses
 * @throws InvalidFrameworkFile when the format is unknown or the content faulty; see the importers
 */
export async function importDocument(
  tx: EntityManager,
  document: unknown,
  source: string,
  { code }: { code?: string } = {},
): Promise<ImportResult[]> {
  const format = (document as { format?: unknown } | null)?.format;
  if (format === 'framework-import/1') return [await importFramework(tx, document, source)];
  if (format === 'framework-import-outcomes/1') return [await importOutcomes(tx, document, source)];
  if (format === 'code-lists/1') return await importCodeLists(tx, document, source);
  if (format === 'crosswalk/1') return [await importCrosswalk(tx, document, source)];
  if (document !== null && typeof document === 'object' && 'CFDocument' in document)
    return [await importPackage(tx, document, source, { code })];
  throw new InvalidFrameworkFile(
    source,
    [{ path: '/format', message: 'is not a format this program reads' }],
    'Set "format" to framework-import/1, framework-import-outcomes/1, code-lists/1 or crosswalk/1 (see schemas/), or give a CFPackage of CASE.',
  );
}

/**
 * Reads a JSON file (UTF-8, with or without a byte order mark, at most 20 MB), or a crosswalk in CSV, and imports it.
 * @throws InvalidFrameworkFile when it cannot be read as such
 */
export async function importFrameworkFile(
  tx: EntityManager,
  path: string,
  options: { code?: string } = {},
): Promise<ImportResult[]> {
  const source = basename(path);
  const content = await contentOf(path, source);
  if (/\.csv$/i.test(path)) return await importCrosswalkCsv(tx, content, source);
  return await importDocument(tx, parse(content, source), source, options);
}

/**
 * Imports a crosswalk in CSV, all of it or nothing in the caller's transaction.
 * @throws InvalidFrameworkFile naming line and column, or the competency that is not here
 */
export async function importCrosswalkCsv(
  tx: EntityManager,
  content: Buffer,
  source: string,
): Promise<ImportResult[]> {
  const results: ImportResult[] = [];
  for (const document of crosswalkFromCsv(content, source))
    results.push(await importCrosswalk(tx, document, source));
  return results;
}

async function contentOf(path: string, source: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size <= maxBytes) return await readFile(path);
  } catch (error) {
    const message = `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
    throw new InvalidFrameworkFile(
      source,
      [{ path: '', message }],
      'Check the path and the rights of the file.',
      {
        cause: error,
      },
    );
  }
  throw new InvalidFrameworkFile(
    source,
    [{ path: '', message: 'is larger than 20 MB' }],
    'Split it by framework.',
  );
}

function parse(content: Buffer, source: string): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw new InvalidFrameworkFile(
      source,
      [{ path: '', message: 'is not UTF-8 text' }],
      'Save it as UTF-8.',
      {
        cause: error,
      },
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = `is not JSON (${(error as Error).message})`;
    throw new InvalidFrameworkFile(source, [{ path: '', message }], 'Correct the JSON and import it again.', {
      cause: error,
    });
  }
}

/**
 * Imports every framework and code list that the program ships; what is already here stays as it is.
 * @param onProgress called after each file with its name and what was done
 */
export async function importShippedFrameworks(
  tx: EntityManager,
  onProgress?: (file: string, results: ImportResult[]) => void,
): Promise<ImportResult[]> {
  const all: ImportResult[] = [];
  for (const file of shipped) {
    const results = await importFrameworkFile(tx, projectFile('libs', 'frameworks', 'data', file));
    onProgress?.(file, results);
    all.push(...results);
  }
  return all;
}
