import type { EntityManager } from 'typeorm';
import { uuid } from '#platform';
import { statementTopic } from './statement.js';

/**
 * SQL: statement `s` was refused, and what it was to be signed for still stands with nothing in its place. Who withdrew
 * the endorsement or the record has decided already.
 */
export const isRefusedStatement = `s.state = 'refused'
  and not exists (select from statement n where n.public_id = s.public_id and n.id is distinct from s.supersedes
                  and n.state in ('planned', 'signed'))
  and (exists (select from endorsement e where e.statement_id = coalesce(s.supersedes, s.id) and e.state = 'accepted')
       or exists (select from learner_record r where r.statement_id = coalesce(s.supersedes, s.id)
                  and r.withdrawn_at is null)
       or exists (select from issued_credential i where i.statement_id = s.id and i.ended_at is null))`;

interface ReplannedStatement {
  id: string;
  organisation_id: string;
  code: string;
  outbox_id: string;
}

/**
 * Promises refused statements again, with the bytes that were planned, if nobody changed them.
 * @param filter ids or null, an organisation or null
 * @param final codes that no retry heals
 */
export async function replanRefusedStatements(
  tx: EntityManager,
  filter: (string | string[] | null)[],
  final: string[],
): Promise<ReplannedStatement[]> {
  const rows: Omit<ReplannedStatement, 'outbox_id'>[] = await tx.query(
    `select s.id, s.organisation_id, s.refusal ->> 'code' as code from statement s
     where ${isRefusedStatement} and not s.refusal ->> 'code' = any($3)
       and encode(sha256(convert_to(s.payload, 'UTF8')), 'hex') = s.payload_sha256
       and ($1::uuid[] is null or s.id = any($1)) and ($2::uuid is null or s.organisation_id = $2)
     order by s.id for update of s`,
    [...filter, final],
  );
  const again = rows.map((row) => ({ ...row, outbox_id: uuid() }));
  for (const row of again) {
    await tx.query('insert into outbox (id, topic, organisation_id, priority) values ($1, $2, $3, 1)', [
      row.outbox_id,
      statementTopic,
      row.organisation_id,
    ]);
    await tx.query(
      `update statement set state = 'planned', refusal = null, outbox_id = $2, ed25519_key_id = null,
                            rs256_key_id = null where id = $1`,
      [row.id, row.outbox_id],
    );
  }
  return again;
}
