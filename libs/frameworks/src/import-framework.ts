import type { EntityManager } from 'typeorm';
import { canonicalJson, sha256, uuid } from '#platform';
import { caseIdentifiers } from './case/identifiers.js';
import { indexFramework } from './case/index-objects.js';
import { type FrameworkDocument, frameworkDocument } from './documents.js';
import { Framework } from './framework.entity.js';
import { FrameworkContentChanged } from './refusals.js';
import { insertRows } from './rows.js';

/** What an import did: `unchanged` means the very same content was already here. */
export interface ImportResult {
  kind: 'framework' | 'outcomes' | 'code-list' | 'crosswalk';
  code: string;
  version: string | null;
  outcome: 'imported' | 'updated' | 'unchanged';
  /** Levels and competencies, statements and outcomes, or values. */
  count: number;
}

/** What a link between frameworks says when this project drew it. */
export const crosswalkNote = 'Proposed by this project, not official.';

export const contentHash = (value: unknown): string => sha256(canonicalJson(value)).toString('hex');

/**
 * Imports one version of a framework; the same content again changes nothing.
 * Versions stand side by side and are never changed.
 * @param document a `framework-import/1` document, checked here
 * @param source name of the file, for messages
 * @throws InvalidFrameworkFile, FrameworkContentChanged
 */
export async function importFramework(
  tx: EntityManager,
  document: unknown,
  source = 'The framework file',
): Promise<ImportResult> {
  const framework = frameworkDocument(document, source);
  const hash = contentHash(framework);
  const ids = caseIdentifiers(hash);
  const done = { kind: 'framework' as const, code: framework.id, version: framework.version };
  const count = framework.levels.length + framework.items.length;
  // Inserting first makes a second import of the same version, at the same time, wait and find the row.
  const inserted: { id: string }[] = await tx.query(
    `INSERT INTO framework (id, code, version, title, publisher, licence, provenance, issued, content_hash, identifier)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT ON CONSTRAINT framework_once_per_code_and_version DO NOTHING RETURNING id`,
    [
      uuid(),
      framework.id,
      framework.version,
      JSON.stringify(framework.title),
      framework.publisher,
      JSON.stringify(framework.licence),
      JSON.stringify(provenanceOf(framework)),
      framework.issued ?? null,
      hash,
      ids.document,
    ],
  );
  const frameworkId = inserted[0]?.id;
  if (frameworkId === undefined) {
    const present = await tx.findOneByOrFail(Framework, { code: framework.id, version: framework.version });
    if (present.contentHash !== hash)
      throw new FrameworkContentChanged(framework.id, framework.version, source);
    return { ...done, outcome: 'unchanged', count };
  }
  await insertLevels(tx, frameworkId, framework);
  await insertItems(tx, frameworkId, framework, ids.item);
  await indexFramework(tx, { id: frameworkId, contentHash: hash });
  return { ...done, outcome: 'imported', count };
}

function provenanceOf({
  provenance,
  legalBasis,
  usedBy,
  source,
}: FrameworkDocument): Record<string, unknown> {
  return {
    ...provenance,
    ...(source && { source }),
    ...(legalBasis && { legalBasis }),
    ...(usedBy && { usedBy }),
  };
}

async function insertLevels(
  tx: EntityManager,
  frameworkId: string,
  framework: FrameworkDocument,
): Promise<void> {
  const rows = framework.levels.map(({ code, ordinal, name, description, ...properties }) => ({
    id: uuid(),
    framework_id: frameworkId,
    code,
    ordinal,
    name: name ?? properties.fourLevelName,
    description: description ?? null,
    properties,
  }));
  const columns = { id: 'uuid', framework_id: 'uuid', code: 'text', ordinal: 'integer', name: 'jsonb' };
  await insertRows(tx, 'framework_level', { ...columns, description: 'jsonb', properties: 'jsonb' }, rows);
}

export const competencyColumns = {
  id: 'uuid',
  framework_id: 'uuid',
  identifier: 'uuid',
  code: 'text',
  type: 'text',
  parent_code: 'text',
  ordinal: 'integer',
  title: 'jsonb',
  description: 'jsonb',
  official_uri: 'text',
  properties: 'jsonb',
};

async function insertItems(
  tx: EntityManager,
  frameworkId: string,
  framework: FrameworkDocument,
  identifierOf: (code: string) => string,
): Promise<void> {
  const associations: Record<string, unknown>[] = [];
  const rows = framework.items.map((item, index) => {
    const { code, type, parent, title, description, escoUri, proposedDigComp22, ...properties } = item;
    const id = uuid();
    for (const target of proposedDigComp22 ?? [])
      associations.push({
        id: uuid(),
        competency_id: id,
        kind: 'isRelatedTo',
        target_framework: 'digcomp-2.2',
        target_code: target,
        note: crosswalkNote,
      });
    return {
      id,
      framework_id: frameworkId,
      identifier: identifierOf(code),
      code,
      type,
      parent_code: parent,
      ordinal: index + 1,
      title,
      description: description ?? null,
      official_uri: escoUri ?? null,
      properties,
    };
  });
  await insertRows(tx, 'competency', competencyColumns, rows);
  const columns = { id: 'uuid', competency_id: 'uuid', kind: 'text', target_uri: 'text' };
  const target = { target_framework: 'text', target_code: 'text', note: 'text' };
  await insertRows(tx, 'association', { ...columns, ...target }, associations);
}
