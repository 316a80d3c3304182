import type { EntityManager } from 'typeorm';
import { isEscoSkill } from '../alignment.js';
import { insertRows } from '../rows.js';
import { caseIdentifiers } from './identifiers.js';

export const objectColumns = {
  framework_id: 'uuid',
  kind: 'text',
  identifier: 'uuid',
  ordinal: 'integer',
  origin: 'text',
  destination: 'text',
  body: 'jsonb',
};

type Pair = [kind: string, identifier: string];

/**
 * Writes down which identifier belongs to which framework of the house, so that an address of the provider is found
 * without building any package. What is written already stays.
 */
export async function indexFramework(
  tx: EntityManager,
  { id, contentHash }: { id: string; contentHash: string },
): Promise<void> {
  const parts: { code: string; type: string; officialUri: string | null }[] = await tx.query(
    'SELECT code, type, official_uri AS "officialUri" FROM competency WHERE framework_id = $1 ORDER BY ordinal',
    [id],
  );
  const matches: { code: string; kind: string; framework: string; target: string }[] = await tx.query(
    `SELECT competency.code, association.kind, association.target_framework AS framework, association.target_code AS target
       FROM association JOIN competency ON competency.id = association.competency_id
      WHERE competency.framework_id = $1`,
    [id],
  );
  const levels: unknown[] = await tx.query('SELECT 1 FROM framework_level WHERE framework_id = $1 LIMIT 1', [
    id,
  ]);
  const ids = caseIdentifiers(contentHash);
  const skills = parts.filter(({ officialUri }) => isEscoSkill(officialUri));
  const types = [...new Set(parts.map((part) => part.type))];
  const all: Pair[] = [
    ['CFDocument', ids.document],
    ['CFLicense', ids.licence],
    ...types.map((type): Pair => ['CFItemType', ids.itemType(type)]),
    ...parts.map(({ code }): Pair => ['CFItem', ids.item(code)]),
    ...parts.map(({ code }): Pair => ['CFAssociation', ids.childOf(code)]),
    ...skills.map(({ code }): Pair => ['CFAssociation', ids.esco(code)]),
    ...matches.map(
      (one): Pair => ['CFAssociation', ids.match(one.code, one.kind, one.framework, one.target)],
    ),
    ...(matches.length + skills.length > 0 ? [['CFAssociationGrouping', ids.crosswalk] satisfies Pair] : []),
    ...(levels.length > 0 ? [['CFRubric', ids.rubric] satisfies Pair] : []),
  ];
  const rows = all.map(([kind, identifier], ordinal) => ({ framework_id: id, kind, identifier, ordinal }));
  await insertRows(tx, 'case_object', objectColumns, rows, { keepExisting: true });
}

/** Writes the frameworks of the house down again, for what they have got since; imported packages have their own objects. */
export async function indexAgain(tx: EntityManager): Promise<void> {
  const frameworks: { id: string; contentHash: string }[] = await tx.query(
    `SELECT id, content_hash AS "contentHash" FROM framework
      WHERE NOT EXISTS (SELECT 1 FROM case_package WHERE case_package.framework_id = framework.id)`,
  );
  for (const framework of frameworks) await indexFramework(tx, framework);
}

/** Gives identifiers to frameworks that were imported before there were any. */
export async function fillIdentifiers(tx: EntityManager): Promise<void> {
  const frameworks: { id: string; contentHash: string }[] = await tx.query(
    `SELECT id, content_hash AS "contentHash" FROM framework WHERE identifier IS NULL`,
  );
  for (const framework of frameworks) {
    const ids = caseIdentifiers(framework.contentHash);
    await tx.query('UPDATE framework SET identifier = $2 WHERE id = $1', [framework.id, ids.document]);
    const parts: { id: string; code: string }[] = await tx.query(
      'SELECT id, code FROM competency WHERE framework_id = $1',
      [framework.id],
    );
    await tx.query(
      `UPDATE competency SET identifier = given.identifier
         FROM jsonb_to_recordset($1::jsonb) AS given (id uuid, identifier uuid) WHERE competency.id = given.id`,
      [JSON.stringify(parts.map(({ id, code }) => ({ id, identifier: ids.item(code) })))],
    );
    await indexFramework(tx, framework);
  }
}
