import type { EntityManager } from 'typeorm';
import { namedUuid, uuid } from '#platform';
import { matchColumns } from '../crosswalk/match-columns.js';
import { competencyColumns, contentHash, type ImportResult } from '../import-framework.js';
import { FrameworkContentChanged, InvalidFrameworkFile } from '../refusals.js';
import { insertRows } from '../rows.js';
import type { CaseAssociation, CasePackage } from './case-package.js';
import { definitionKinds } from './case-package.js';
import { type HouseView, houseView } from './house-view.js';
import { objectColumns } from './index-objects.js';
import { packageDocument } from './package-document.js';
import { frameOf, rowsOf } from './stored-package.js';

const codePattern = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const versionPattern = /^[\p{L}\p{N}][\p{L}\p{N} ().,+_-]{0,63}$/u;

/** Digest of a package whatever the order of its objects: some providers give them in another one each time. */
export function packageHash(whole: CasePackage): string {
  const sorted = <T extends { identifier: string }>(list: T[] | undefined) =>
    list && [...list].sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
  const definitions = whole.CFDefinitions && {
    ...whole.CFDefinitions,
    ...Object.fromEntries(
      definitionKinds.map((kind) => [`${kind}s`, sorted(whole.CFDefinitions![`${kind}s`])]),
    ),
  };
  return contentHash({
    ...whole,
    CFItems: sorted(whole.CFItems),
    CFAssociations: sorted(whole.CFAssociations),
    CFRubrics: sorted(whole.CFRubrics),
    CFDefinitions: definitions,
  });
}

interface Present {
  code: string;
  version: string;
  contentHash: string;
  changedAt: Date | null;
}

/**
 * Imports a CFPackage of CASE 1.0 or 1.1. The same package again changes nothing; a newer one (by the latest
 * `lastChangeDateTime` in it) becomes a version beside the old one, so that no badge changes its meaning.
 * @param code for the addresses of the pages; without it one is made of the title. Later versions keep the first one's.
 * @throws InvalidFrameworkFile, FrameworkContentChanged
 */
export async function importPackage(
  tx: EntityManager,
  document: unknown,
  source = 'The CASE package',
  { code }: { code?: string } = {},
): Promise<ImportResult> {
  const whole = packageDocument(document, source);
  const identifier = whole.CFDocument.identifier.toLowerCase();
  // Two imports of one document wait for each other.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`case ${identifier}`]);
  const hash = packageHash(whole);
  const view = houseView(whole);
  const present: Present[] = await tx.query(
    `SELECT framework.code, framework.version, framework.content_hash AS "contentHash", case_package.changed_at AS "changedAt"
       FROM framework LEFT JOIN case_package ON case_package.framework_id = framework.id
      WHERE framework.identifier = $1 ORDER BY case_package.changed_at DESC NULLS FIRST`,
    [identifier],
  );
  const count = view.levels.length + view.competencies.length;
  const done = { kind: 'framework' as const, count };
  const same = present.find((one) => one.contentHash === hash);
  if (same) return { ...done, code: same.code, version: same.version, outcome: 'unchanged' };
  refuseOlder(present[0], view.changedAt, source);

  const address = await freeAddress(tx, whole, { present, view, code, source });
  const frameworkId = uuid();
  await tx.query(
    `INSERT INTO framework (id, code, version, title, publisher, licence, provenance, issued, content_hash, identifier)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      frameworkId,
      address.code,
      address.version,
      JSON.stringify(view.title),
      view.publisher,
      JSON.stringify(view.licence),
      JSON.stringify(view.provenance),
      view.changedAt.toISOString().slice(0, 10),
      hash,
      identifier,
    ],
  );
  await tx.query(
    'INSERT INTO case_package (framework_id, document_identifier, changed_at, frame) VALUES ($1, $2, $3, $4)',
    [frameworkId, identifier, view.changedAt, JSON.stringify(frameOf(whole))],
  );
  await insertRows(tx, 'case_object', objectColumns, rowsOf(whole, frameworkId));
  await insertView(tx, frameworkId, view);
  await insertMatches(tx, whole, { id: frameworkId, ...address }, view);
  return { ...done, ...address, outcome: 'imported' };
}

function refuseOlder(newest: Present | undefined, changedAt: Date, source: string): void {
  if (!newest) return;
  if (newest.changedAt === null)
    throw new InvalidFrameworkFile(
      source,
      [
        {
          path: '/CFDocument/identifier',
          message: `is that of ${newest.code} ${newest.version}, published here`,
        },
      ],
      'Give the document an identifier of its own if it is another framework; nothing was written.',
    );
  if (newest.changedAt.getTime() < changedAt.getTime()) return;
  throw new FrameworkContentChanged(
    newest.code,
    newest.version,
    source,
    `Nothing in the package is newer than that (${newest.changedAt.toISOString()}): take the publisher's newest package, or set lastChangeDateTime of what was changed.`,
  );
}

async function freeAddress(
  tx: EntityManager,
  whole: CasePackage,
  given: { present: Present[]; view: HouseView; code?: string; source: string },
): Promise<{ code: string; version: string }> {
  const { present, view, source } = given;
  const { title, identifier, version } = whole.CFDocument;
  const slug = title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 50);
  const own = identifier.toLowerCase();
  const short = `${slug || 'case'}-${own.slice(0, 8)}`;
  const isTaken = (code: string) =>
    tx
      .query('SELECT 1 FROM framework WHERE code = $1 AND identifier <> $2 LIMIT 1', [code, own])
      .then((rows: unknown[]) => rows.length > 0);
  const code =
    present[0]?.code ??
    given.code ??
    ((await isTaken(short)) ? `${slug.slice(0, 27) || 'case'}-${own}` : short);
  const refuse = (message: string, remedy: string): never => {
    throw new InvalidFrameworkFile(source, [{ path: '', message }], remedy);
  };
  if (!codePattern.test(code))
    refuse(
      `cannot have the code "${code.slice(0, 80)}"`,
      'A code has a to z, 0 to 9, dots and hyphens, at most 64.',
    );
  const taken: { version: string }[] = await tx.query('SELECT version FROM framework WHERE code = $1', [
    code,
  ]);
  if (await isTaken(code))
    refuse(`cannot have the code "${code}", which another framework has`, 'Choose another code.');
  const instant = view.changedAt.toISOString();
  const day = instant.slice(0, 10);
  const stated = versionPattern.test(version ?? '') ? version! : undefined;
  const wishes = [
    ...(stated === undefined ? [day] : [stated, `${stated} (${day})`]),
    instant.slice(0, 19).replace('T', ' ').replaceAll(':', '.'),
    instant.replace('T', ' ').replaceAll(':', '.').replace('Z', ''),
  ];
  const used = new Set(taken.map((one) => one.version));
  const free = wishes.find((one) => versionPattern.test(one) && !used.has(one));
  return { code, version: free ?? refuse('has no version left', 'Change "version" of the CFDocument.') };
}

async function insertView(tx: EntityManager, frameworkId: string, view: HouseView): Promise<void> {
  await insertRows(
    tx,
    'framework_level',
    {
      id: 'uuid',
      framework_id: 'uuid',
      code: 'text',
      ordinal: 'integer',
      name: 'jsonb',
      description: 'jsonb',
      properties: 'jsonb',
    },
    view.levels.map((level) => ({ id: uuid(), framework_id: frameworkId, ...level, properties: {} })),
  );
  await insertRows(
    tx,
    'competency',
    competencyColumns,
    view.competencies.map(({ parentCode, officialUri, ...one }, index) => ({
      id: uuid(),
      framework_id: frameworkId,
      ...one,
      parent_code: parentCode,
      official_uri: officialUri,
      ordinal: index + 1,
    })),
  );
}

/** What the package says of other frameworks, and of its own items beside the tree, for the pages of competencies. */
async function insertMatches(
  tx: EntityManager,
  { CFDocument: document, CFAssociations = [] }: CasePackage,
  framework: { id: string; code: string; version: string },
  view: HouseView,
): Promise<void> {
  const links = CFAssociations.filter((one) => one.associationType !== 'isChildOf');
  const own = new Map(
    view.competencies.map((one) => [one.identifier, { ...framework, competency: one.code }]),
  );
  const elsewhere = await endsElsewhere(tx, links, new Set(own.keys()));
  const end = (node: CaseAssociation['originNodeURI']) => {
    const found = own.get(node.identifier.toLowerCase()) ?? elsewhere.get(node.identifier.toLowerCase());
    return found
      ? {
          key: `${found.code}/${found.version}/${found.competency}`,
          end: { framework: found.code, version: found.version, code: found.competency },
        }
      : { key: node.uri, end: { uri: node.uri, title: node.title } };
  };
  await insertRows(
    tx,
    'framework_match',
    matchColumns,
    links.map((one) => {
      const [origin, destination] = [end(one.originNodeURI), end(one.destinationNodeURI)];
      return {
        id: namedUuid(framework.id, one.identifier.toLowerCase()),
        kind: one.associationType,
        origin_key: origin.key,
        origin: origin.end,
        destination_key: destination.key,
        destination: destination.end,
        stated_by: document.creator,
        stated_on: new Date(one.lastChangeDateTime).toISOString().slice(0, 10),
        source: document.title,
        source_uri: document.uri,
        note: one.notes ?? null,
        framework_id: framework.id,
      };
    }),
  );
}

/** The competencies of other frameworks here that the links name by identifier, in their newest version. */
async function endsElsewhere(
  tx: EntityManager,
  links: CaseAssociation[],
  own: Set<string>,
): Promise<Map<string, { code: string; version: string; competency: string }>> {
  const wanted = links
    .flatMap((one) => [one.originNodeURI, one.destinationNodeURI])
    .map((node) => node.identifier.toLowerCase())
    .filter((one) => !own.has(one) && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(one));
  const rows: { identifier: string; code: string; version: string; competency: string }[] = await tx.query(
    `SELECT DISTINCT ON (competency.identifier) competency.identifier, framework.code, framework.version,
            competency.code AS competency
       FROM competency JOIN framework ON framework.id = competency.framework_id
      WHERE competency.identifier = ANY ($1::uuid[])
      ORDER BY competency.identifier, framework.issued DESC NULLS LAST, framework.imported_at DESC`,
    [[...new Set(wanted)]],
  );
  return new Map(rows.map((row) => [row.identifier, row]));
}
