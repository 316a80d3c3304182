import type { FaultCode } from './faults.js';

export interface Question {
  /** What its rows are, when they carry no `code` of their own. */
  code: FaultCode;
  /** Names its columns as the ids of the fault; $1 is an organisation or null, $2 a time or null. */
  sql: string;
}

export const scoped = `($1::uuid is null or c.organisation_id = $1) and ($2::timestamptz is null or c.created_at >= $2)`;
export const ofOrganisation =
  '($1::uuid is null or c.organisation_id = $1) and ($2::timestamptz is null or true)';

// Kept for nobody by a reconciliation: that very place, by an event of the audit chain.
const isReserved = (entry: string): string => `exists (
  select from audit_event a where a.action = 'status_place.reserved'
    and a.subject->>'credentialId' = ${entry}.credential_id::text
    and a.subject->>'statusListId' = ${entry}.status_list_id::text
    and a.subject->>'statusIndex' = ${entry}.position::text)`;

/** What the database's own constraints promise, and what no single row can tell. */
export const tableQuestions: Question[] = [
  {
    code: 'status_index_twice',
    sql: `select min(c.id::text) as credential, max(c.id::text) as other from credential c where ${scoped}
          group by c.status_list_id, c.status_index having count(*) > 1`,
  },
  {
    code: 'status_index_twice',
    sql: `select min(e.credential_id::text) as credential, max(e.credential_id::text) as other
          from status_entry e join status_list c on c.id = e.status_list_id where ${ofOrganisation}
          group by e.status_list_id, e.position having count(*) > 1`,
  },
  {
    code: 'status_entry_unknown',
    sql: `select e.credential_id as credential, e.status_list_id as list, e.position as index
          from status_entry e join status_list c on c.id = e.status_list_id where ${ofOrganisation}
            and (e.position not between 0 and c.size - 1
                 or not exists (select from credential k where k.id = e.credential_id)
                    and not exists (select from statement s where s.id = e.credential_id)
                    and not exists (select from orphan_credential o where o.credential_id = e.credential_id)
                    and not (e.state = 'revoked' and ${isReserved('e')}))`,
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
    code: 'planned_forgotten',
    sql: `select c.id as credential, c.outbox_id as outbox from credential c left join outbox o on o.id = c.outbox_id
          where ${scoped} and c.state = 'planned' and (o.id is null or o.done_at is not null)`,
  },
  {
    code: 'outbox_left_over',
    // What waits because no worker runs has planned credentials.
    sql: `select c.id as outbox from outbox c where ${scoped} and c.topic = 'sign' and c.done_at is null
            and c.created_at < now() - interval '1 hour'
            and not exists (select from credential p where p.outbox_id = c.id and p.state = 'planned')`,
  },
  {
    code: 'publication_without_credential',
    sql: `select p.credential_id as credential from publication p left join credential c on c.id = p.credential_id
          where (c.id is null or ${scoped}) and c.state is distinct from 'signed'`,
  },
];
