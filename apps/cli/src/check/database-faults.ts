import type { DataSource } from 'typeorm';
import { type BrokenChain, verifyChain } from '#platform';
import { actQuestions } from './act-questions.js';
import { tableQuestions } from './database-questions.js';
import type { Fault, FaultCode } from './faults.js';
import { historyQuestions } from './history-questions.js';
import type { Scope } from './issued-range.js';

/**
 * Asks the whole database at once.
 * @param onFaults told after each question
 * @param isOver asked before each question: true asks nothing more
 */
export async function databaseFaults(
  database: DataSource,
  scope: Scope,
  onFaults: (faults: Fault[]) => void,
  isOver: () => boolean = () => false,
): Promise<void> {
  for (const question of [...tableQuestions, ...historyQuestions, ...actQuestions]) {
    if (isOver()) return;
    const rows: (Record<string, string> & { code?: FaultCode })[] = await database.query(question.sql, [
      scope.organisationId ?? null,
      scope.since ?? null,
    ]);
    onFaults(rows.map(({ code = question.code, ...ids }) => ({ code, ids })));
  }
}

const chainCodes: Record<BrokenChain['code'], FaultCode> = {
  line_missing: 'audit_line_broken',
  event_missing: 'audit_line_broken',
  previous_differs: 'audit_line_broken',
  line_differs: 'audit_line_broken',
  head_differs: 'audit_head_differs',
  head_missing: 'audit_head_differs',
  event_without_line: 'audit_event_unchained',
};

/** The first place where the audit chain does not hold, whatever the scope: a chain is whole or it is not. */
export async function auditFaults(
  database: DataSource,
  onProgress?: (lines: number) => void,
  isOver?: () => boolean,
): Promise<{ lines: number; faults: Fault[] }> {
  const { lines, broken } = await verifyChain(database, onProgress, isOver);
  if (!broken) return { lines, faults: [] };
  const { code, seq, id } = broken;
  return { lines, faults: [{ code: chainCodes[code], ids: { line: seq, why: code, event: id } }] };
}

/** A head as the public page gave it to somebody. */
export interface KeptHead {
  /** YYYY-MM-DD, UTC. */
  day: string;
  seq: number;
  /** 64 hexadecimal characters. */
  hash: string;
}

/** Heads that somebody outside kept and that are not on the chain, or not published for that day, any more. */
export async function keptHeadFaults(database: DataSource, kept: KeptHead[]): Promise<Fault[]> {
  const rows: { day: string; seq: string }[] = await database.query(
    `select t.day::text, t.seq from unnest($1::date[], $2::bigint[], $3::text[]) as t (day, seq, hash)
     left join audit_head h on h.day = t.day left join audit_line l on l.seq = t.seq
     where encode(h.hash, 'hex') is distinct from t.hash or h.seq is distinct from t.seq
       or t.seq > 0 and encode(l.hash, 'hex') is distinct from t.hash
     order by t.day`,
    [kept.map(({ day }) => day), kept.map(({ seq }) => seq), kept.map(({ hash }) => hash)],
  );
  return rows.map(({ day, seq }) => ({
    code: 'audit_head_differs',
    ids: { line: Number(seq), why: 'kept_head_differs', event: day },
  }));
}
