import { ofOrganisation, type Question, scoped } from './database-questions.js';

// What came back from the archive has no history of its own.
const isRestored = (id: string): string => `exists (
  select from audit_event r where r.action = 'credential.restored' and r.subject->>'credentialId' = ${id}::text)`;

/** What people did, as the audit's events tell it, against what the tables say of it: who is shown, and why what was revoked. */
export const actQuestions: Question[] = [
  {
    code: 'name_shown_unasked',
    // Two choices at the same moment wait for each other, and may do so in another order than that of their events.
    sql: `select p.credential_id as credential from publication p join credential c on c.id = p.credential_id
          join (select subject->>'awardId' as award, max(at) as chosen,
                       max(at) filter (where subject->>'withName' = 'true') as named
                from audit_event where action = 'publication.made' group by 1) e on e.award = c.award_id::text
          where ${scoped} and p.with_name and (e.named is null or e.named < e.chosen - interval '1 minute')`,
  },
  {
    code: 'showing_forgotten',
    sql: `select c.id as credential from credential c
          join (select distinct subject->>'awardId' as award from audit_event where action = 'publication.made') e
            on e.award = c.award_id::text
          where ${scoped} and c.state = 'signed' and c.first_shown_at is null and not ${isRestored('c.id')}`,
  },
  {
    code: 'status_history_differs',
    // What replaces a badge that vanished is told by its place alone, and what came back may take the place of another.
    sql: `select e.credential_id as credential from status_entry e
          join status_change h on h.credential_id = e.credential_id and h.version = e.version
          join status_list c on c.id = e.status_list_id
          where ${ofOrganisation} and e.state = h.to_state
            and (e.state <> 'active' and e.reason is distinct from h.reason
                 or h.superseded_by is not null and e.superseded_by is distinct from h.superseded_by
                    and not (e.superseded_by is not null and ${isRestored('e.superseded_by')}))`,
  },
  {
    code: 'status_change_differs',
    sql: `select c.credential_id as credential, c.version as version from status_change c
          join (select subject->>'credentialId' as id, subject->>'version' as version, array_agg(actor) as actors,
                       array_agg(subject->>'reason') as reasons, array_agg(subject->>'supersededBy') as newer
                from audit_event where action in ('credential.revoked', 'credential.suspended', 'credential.reinstated',
                                                  'credential.superseded') and subject ? 'version' group by 1, 2) a
            on a.id = c.credential_id::text and a.version = c.version::text
          where ${ofOrganisation} and (c.by <> all (a.actors) or c.reason <> all (a.reasons)
                                       or c.superseded_by::text <> all (a.newer))`,
  },
  {
    code: 'list_taken_differs',
    sql: `select c.id as list from status_list c
          where ${ofOrganisation} and c.taken < (select count(*) from status_entry e where e.status_list_id = c.id)`,
  },
];
