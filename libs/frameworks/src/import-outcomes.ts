import type { EntityManager } from 'typeorm';
import { uuid } from '#platform';
import { caseIdentifiers } from './case/identifiers.js';
import { indexFramework } from './case/index-objects.js';
import { Competency } from './competency.entity.js';
import { outcomesDocument } from './documents.js';
import { Framework } from './framework.entity.js';
import { competencyColumns, contentHash, type ImportResult } from './import-framework.js';
import { FrameworkContentChanged, FrameworkNotFound, InvalidFrameworkFile } from './refusals.js';
import { insertRows } from './rows.js';

/**
 * Imports the competence statements and learning outcomes of a framework that is already here.
 * They become competencies of type `statement` and `learning-outcome` under their competence.
 * @param document a `framework-import-outcomes/1` document, checked here
 * @throws InvalidFrameworkFile, FrameworkNotFound, FrameworkContentChanged
 */
export async function importOutcomes(
  tx: EntityManager,
  document: unknown,
  source = 'The outcomes file',
): Promise<ImportResult> {
  const outcomes = outcomesDocument(document, source);
  const framework = await onlyVersion(tx, outcomes.framework, outcomes.version, source);
  const hash = contentHash(outcomes);
  const count = outcomes.statements.length + outcomes.learningOutcomes.length;
  const done = { kind: 'outcomes' as const, code: framework.code, version: framework.version, count };
  if (framework.outcomesHash === hash) return { ...done, outcome: 'unchanged' };
  if (framework.outcomesHash !== null)
    throw new FrameworkContentChanged(framework.code, framework.version, source);

  const present = await tx.find(Competency, {
    where: { frameworkId: framework.id },
    select: { code: true, ordinal: true },
  });
  const codes = new Set(present.map((competency) => competency.code));
  const all = [
    ...outcomes.statements.map((one, at) => ({ ...one, type: 'statement', path: `/statements/${at}` })),
    ...outcomes.learningOutcomes.map((one, at) => ({
      ...one,
      type: 'learning-outcome',
      path: `/learningOutcomes/${at}`,
    })),
  ];
  const faults = all.flatMap(({ code, competence, path }) => [
    ...(codes.has(competence)
      ? []
      : [
          {
            path: `${path}/competence`,
            message: `names "${competence}", which ${framework.code} ${framework.version} does not have`,
          },
        ]),
    ...(codes.has(code)
      ? [{ path: `${path}/code`, message: `"${code}" is already a competency of ${framework.code}` }]
      : []),
  ]);
  if (faults.length > 0)
    throw new InvalidFrameworkFile(
      source,
      faults,
      'Correct these codes, or import the framework version they belong to.',
    );

  const identifiers = caseIdentifiers(framework.contentHash);
  const last = Math.max(0, ...present.map((competency) => competency.ordinal));
  const rows = all.map(({ code, competence, level, ai, kind, text, type }, index) => ({
    id: uuid(),
    framework_id: framework.id,
    identifier: identifiers.item(code),
    code,
    type,
    parent_code: competence,
    ordinal: last + index + 1,
    title: text,
    properties: { level, ai, ...(kind && { kind }) },
  }));
  await insertRows(tx, 'competency', competencyColumns, rows);
  await tx.update(Framework, { id: framework.id }, { outcomesHash: hash });
  await indexFramework(tx, framework);
  return { ...done, outcome: 'imported' };
}

async function onlyVersion(
  tx: EntityManager,
  code: string,
  version: string | undefined,
  source: string,
): Promise<Framework> {
  // The lock makes a second import of the same outcomes wait for the first.
  const found = await tx
    .createQueryBuilder(Framework, 'framework')
    .setLock('pessimistic_write')
    .where('code = :code', { code })
    .andWhere(version === undefined ? 'true' : 'version = :version', { version })
    .getMany();
  if (found.length > 1)
    throw new InvalidFrameworkFile(
      source,
      [{ path: '', message: `does not say which version of ${code} it belongs to` }],
      `Add "version" with one of: ${found.map((one) => one.version).join(', ')}.`,
    );
  if (!found[0]) throw new FrameworkNotFound(code, version);
  return found[0];
}
