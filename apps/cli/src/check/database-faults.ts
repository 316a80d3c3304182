import type { DataSource } from 'typeorm';
import { type BrokenChain, verifyChain } from '#platform';
import type { Fault, FaultCode } from './faults.js';
import type { Scope } from './issued-range.js';

interface Question {
  code: FaultCode;
  /** Names its columns as the ids of the fault; $1 is an organisation or null, $2 a time or null. */
  sql: string;
}

const scoped = `($1::uuid is null or c.organisation_id = $1) and ($2::timestamptz is null or c.created_at >= $2)`;
// The audit began with its tables; what was planned before has no event.
const audited = `c.created_at >= (select min(written_at) from audit_head)`;

/** What the database's own constraints promise, and what no single row can tell. */
const questions: Question[] = [
  {
    code: 'status_index_twice',
    sql: `select min(c.id::text) as credential, max(c.id::text) as other from credential c where ${scoped}
          group by c.status_list_id, c.status_index having count(*) > 1`,
  },
  {
    code: 'public_id_twice',
    // A badge that was issued again keeps its address.
    sql: `select min(c.id::text) as credential, max(c.id::text) as other from credential c where ${scoped}
          group by c.public_id having count(*) filter (where c.supersedes is null) > 1 or count(distinct c.award_id) > 1`,
  },
  {
    code: 'credential_twice',
    sql: `select c.award_id as award, min(c.id::text) as credential, max(c.id::text) as other
          from credential c left join status_entry e on e.credential_id = c.id
          where ${scoped} and (c.state = 'planned' and c.supersedes is null
                               or c.state = 'signed' and e.state is distinct from 'revoked')
          group by c.award_id, c.edition having count(*) > 1`,
  },
  {
    code: 'award_without_credential',
    sql: `select c.id as award from award c where ${scoped} and c.state = 'issued'
          and not exists (select from credential s where s.award_id = c.id and s.state = 'signed')`,
  },
  {
    code: 'status_history_differs',
    sql: `select c.id as credential from credential c join status_entry e on e.credential_id = c.id
          left join lateral (select s.version, s.to_state from status_change s where s.credential_id = c.id
                             order by s.version desc limit 1) h on true
          where ${scoped} and (e.version, e.state) is distinct from (coalesce(h.version, 0), coalesce(h.to_state, 'active'))
            and not (h.version is null and e.version = 1 and e.reason = 'organisation_request')`,
  },
  {
    code: 'audit_event_missing',
    sql: `select c.id as credential from credential c
          left join (select subject->>'credentialId' as id from audit_event where action = 'credential.planned') p
            on p.id = c.id::text
          left join (select subject->>'credentialId' as id from audit_event where action = 'credential.signed') s
            on s.id = c.id::text
          where ${scoped} and ${audited} and c.state = 'signed' and (p.id is null or s.id is null)
            and not exists (select from audit_event r
                            where r.action = 'credential.restored' and r.subject->>'credentialId' = c.id::text)`,
  },
  {
    code: 'audit_digest_differs',
    sql: `select distinct c.id as credential from credential c
          join audit_event e on e.subject->>'credentialId' = c.id::text
          where ${scoped} and (e.action = 'credential.planned' and e.subject->>'payloadSha256' <> c.payload_sha256
             or e.action in ('credential.signed', 'credential.restored') and c.state = 'signed'
                and e.subject->>'documentSha256' <> c.document_sha256)`,
  },
];

/** Asks the whole database at once. @param onQuestion told before each question */
export async function databaseFaults(
  database: DataSource,
  scope: Scope,
  onQuestion?: (code: FaultCode) => void,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { code, sql } of questions) {
    onQuestion?.(code);
    const rows: Record<string, string>[] = await database.query(sql, [
      scope.organisationId ?? null,
      scope.since ?? null,
    ]);
    faults.push(...rows.map((ids) => ({ code, ids })));
  }
  return faults;
}

const chainCodes: Record<BrokenChain['code'], FaultCode> = {
  line_missing: 'audit_line_broken',
  event_missing: 'audit_line_broken',
  previous_differs: 'audit_line_broken',
  line_differs: 'audit_line_broken',
  head_differs: 'audit_head_differs',
  event_without_line: 'audit_event_unchained',
};

/** The first place where the audit chain does not hold, whatever the scope: a chain is whole or it is not. */
export async function auditFaults(
  database: DataSource,
  onProgress?: (lines: number) => void,
): Promise<{ lines: number; faults: Fault[] }> {
  const { lines, broken } = await verifyChain(database, onProgress);
  if (!broken) return { lines, faults: [] };
  const { code, seq, id } = broken;
  return { lines, faults: [{ code: chainCodes[code], ids: { line: seq, why: code, event: id } }] };
}
