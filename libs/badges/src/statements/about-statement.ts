import type { EntityManager } from 'typeorm';
import type { PlannedStatementRow } from './planned-statements.js';

/** The row that a statement stands on, as the archive keeps it: without secrets of links. Column names as in SQL. */
export type AboutStatement = Record<string, unknown>;

const sources = {
  endorsement: `select to_jsonb(e) - 'token_sha256' - 'withdrawal_sha256' as about from endorsement e where e.statement_id = $1`,
  record: 'select to_jsonb(r) as about from learner_record r where r.statement_id = $1',
} as const;

/** Reads it; an empty object when it is gone. */
export async function aboutOf(
  tx: EntityManager,
  { id, kind }: Pick<PlannedStatementRow, 'id' | 'kind'>,
): Promise<AboutStatement> {
  const [row]: { about: AboutStatement }[] = await tx.query(sources[kind], [id]);
  return row?.about ?? {};
}
