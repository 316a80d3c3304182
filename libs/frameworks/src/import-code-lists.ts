import type { EntityManager } from 'typeorm';
import { uuid } from '#platform';
import { CodeList } from './code-list.entity.js';
import { codeListsDocument } from './documents.js';
import { contentHash, type ImportResult } from './import-framework.js';
import { CodeListEntryRemoved } from './refusals.js';

/**
 * Imports code lists. Labels may change and values may be added; a value may not disappear.
 * @param document a `code-lists/1` document, checked here
 * @throws InvalidFrameworkFile, CodeListEntryRemoved
 */
export async function importCodeLists(
  tx: EntityManager,
  document: unknown,
  source = 'The code list file',
): Promise<ImportResult[]> {
  const { lists, provenance, note } = codeListsDocument(document, source);
  const results: ImportResult[] = [];
  for (const list of lists) {
    const row = {
      title: list.title ?? { fr: list.id, en: list.id },
      entries: list.values,
      provenance: { ...provenance, ...(note && { note }), ...(list.sensitive && { sensitive: true }) },
      contentHash: contentHash({ list, provenance, note }),
    };
    const done = { kind: 'code-list' as const, code: list.id, version: null, count: list.values.length };
    const inserted = await tx
      .createQueryBuilder()
      .insert()
      .into(CodeList)
      .values({ id: uuid(), code: list.id, ...row })
      .orIgnore()
      .returning('id')
      .execute();
    if ((inserted.raw as unknown[]).length > 0) {
      results.push({ ...done, outcome: 'imported' });
      continue;
    }
    const present = await tx.findOneOrFail(CodeList, {
      where: { code: list.id },
      lock: { mode: 'pessimistic_write' },
    });
    if (present.contentHash === row.contentHash) {
      results.push({ ...done, outcome: 'unchanged' });
      continue;
    }
    const kept = new Set(list.values.map((value) => value.code));
    const removed = present.entries.map((entry) => entry.code).filter((code) => !kept.has(code));
    if (removed.length > 0) throw new CodeListEntryRemoved(list.id, removed, source);
    await tx.update(CodeList, { id: present.id }, row);
    results.push({ ...done, outcome: 'updated' });
  }
  return results;
}
