import type { EntityManager } from 'typeorm';
import { canonicalJson, type Fault, namedUuid } from '#platform';
import type { ImportResult } from '../import-framework.js';
import { InvalidFrameworkFile } from '../refusals.js';
import { insertRows } from '../rows.js';
import { type CrosswalkDocument, crosswalkDocument } from './crosswalk-document.js';
import type { MatchEnd } from './match.entity.js';
import { matchColumns } from './match-columns.js';

const root = '0c9a7c7e-1b7e-5d0a-8a44-7a4f6f1de0b3';

type Row = Record<string, unknown> & { id: string };

/**
 * Imports a crosswalk. What is said already stays; who says something else about the same two competencies says it at
 * a later date. An end without a version is the one published last, and is kept as that one.
 * @param document a `crosswalk/1` document, checked here
 * @throws InvalidFrameworkFile when a competency is not here or a statement was changed under the same date
 */
export async function importCrosswalk(
  tx: EntityManager,
  document: unknown,
  source = 'The crosswalk',
): Promise<ImportResult> {
  const crosswalk = crosswalkDocument(document, source);
  const { statedBy, statedOn, matches } = crosswalk;
  const versions = await versionsOf(tx, crosswalk);
  const faults: Fault[] = [];
  const keyOf = (end: MatchEnd, path: string): { key: string; end: MatchEnd } => {
    if (end.framework === undefined) return { key: end.uri!, end };
    const here = versions.get(JSON.stringify([end.framework, end.version ?? null, end.code]));
    if (here === undefined) {
      const name = [end.framework, end.version, end.code].filter(Boolean).join(' ');
      faults.push({ path, message: `names ${name}, which is not here` });
      return { key: '', end };
    }
    return { key: `${end.framework}/${here}/${end.code}`, end: { ...end, version: here } };
  };
  const rows = matches.map((match, at): Row => {
    const origin = keyOf(match.origin, `/matches/${at}/origin`);
    const destination = keyOf(match.destination, `/matches/${at}/destination`);
    if (origin.key !== '' && origin.key === destination.key)
      faults.push({ path: `/matches/${at}`, message: 'has twice the same competency' });
    return {
      id: namedUuid(root, JSON.stringify([origin.key, match.kind, destination.key, statedBy, statedOn])),
      kind: match.kind,
      origin_key: origin.key,
      origin: origin.end,
      destination_key: destination.key,
      destination: destination.end,
      stated_by: statedBy,
      stated_on: statedOn,
      source: crosswalk.source,
      source_uri: crosswalk.sourceUri ?? null,
      note: match.note ?? null,
    };
  });
  if (faults.length > 0)
    throw new InvalidFrameworkFile(
      source,
      faults,
      'Import the framework first, correct the code, or give uri and title of a competency elsewhere; nothing was written.',
    );
  const fresh = await notYetHere(tx, rows, source);
  await insertRows(tx, 'framework_match', matchColumns, fresh, { keepExisting: true });
  return {
    kind: 'crosswalk',
    code: crosswalk.source,
    version: statedOn,
    outcome: fresh.length > 0 ? 'imported' : 'unchanged',
    count: rows.length,
  };
}

/** Version by framework, version asked for and code; what is not here has none. */
async function versionsOf(tx: EntityManager, { matches }: CrosswalkDocument): Promise<Map<string, string>> {
  const ends = matches.flatMap((match) => [match.origin, match.destination]).filter((end) => end.framework);
  const asked = [
    ...new Set(ends.map((end) => JSON.stringify([end.framework, end.version ?? null, end.code]))),
  ];
  const parts = asked.map((one) => JSON.parse(one) as [string, string | null, string]);
  const found: { at: number; version: string }[] = await tx.query(
    `SELECT DISTINCT ON (wanted.at) wanted.at::integer - 1 AS at, framework.version
       FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS wanted (framework, version, code, at)
       JOIN framework ON framework.code = wanted.framework
                     AND (wanted.version IS NULL OR framework.version = wanted.version)
       JOIN competency ON competency.framework_id = framework.id AND competency.code = wanted.code
      ORDER BY wanted.at, framework.issued DESC NULLS LAST, framework.imported_at DESC, framework.id DESC`,
    [0, 1, 2].map((at) => parts.map((part) => part[at])),
  );
  return new Map(found.map(({ at, version }) => [asked[at]!, version]));
}

async function notYetHere(tx: EntityManager, rows: Row[], source: string): Promise<Row[]> {
  const present: Row[] = await tx.query(
    'SELECT id, origin, destination, source, source_uri, note FROM framework_match WHERE id = ANY ($1::uuid[])',
    [rows.map((row) => row.id)],
  );
  const known = new Map(present.map((row) => [row.id, row]));
  const said = ({ origin, destination, source: name, source_uri, note }: Row) =>
    canonicalJson({ origin, destination, name, source_uri, note });
  const seen = new Map<string, number>();
  const faults = rows.flatMap((row, at): Fault[] => {
    const before = seen.get(row.id);
    seen.set(row.id, before ?? at);
    if (before !== undefined) return [{ path: `/matches/${at}`, message: `repeats /matches/${before}` }];
    const old = known.get(row.id);
    return old && said(old) !== said(row)
      ? [{ path: `/matches/${at}`, message: 'is here from the same day with another note, source or title' }]
      : [];
  });
  if (faults.length > 0)
    throw new InvalidFrameworkFile(
      source,
      faults,
      'Say each thing once; what has changed is said anew with a later statedOn. Nothing was written.',
    );
  return rows.filter((row) => !known.has(row.id));
}
