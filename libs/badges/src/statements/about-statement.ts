import type { EntityManager } from 'typeorm';
import type { PlannedStatementRow } from './planned-statements.js';

/** The row that a statement stands on, as the archive keeps it: without secrets of links. Column names as in SQL. */
export type AboutStatement = Record<string, unknown>;

const sources = {
  endorsement: `select to_jsonb(e) - 'token_sha256' - 'withdrawal_sha256' as about from endorsement e where e.statement_id = $1`,
  credential: 'select to_jsonb(i) as about from issued_credential i where i.statement_id = $1',
  record: 'select to_jsonb(r) as about from learner_record r where r.statement_id = $1',
} as const;

/** Reads it as it is once this statement is stored; an empty object when it is gone. */
export async function aboutOf(
  tx: EntityManager,
  { id, kind, supersedes }: Pick<PlannedStatementRow, 'id' | 'kind' | 'supersedes'>,
): Promise<AboutStatement> {
  const [row]: { about: AboutStatement }[] = await tx.query(sources[kind], [supersedes ?? id]);
  return row ? { ...row.about, statement_id: id } : {};
}

/** Lets endorsements and records that stand on one statement stand on another. */
export async function moveAbout(tx: EntityManager, from: string, to: string): Promise<void> {
  for (const table of ['endorsement', 'learner_record'])
    await tx.query(`update ${table} set statement_id = $2 where statement_id = $1`, [from, to]);
}
