import { type Question, scoped } from './database-questions.js';

// Somebody with every right may have written anything: a cast of it would end the whole check.
const uuidForm = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
/** An instant as the events carry it: 2026-09-01T08:00:00.000Z. */
const isoText = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const countOf = (column: string): string =>
  `case when jsonb_typeof(${column}) = 'array' then jsonb_array_length(${column})::text end`;

// The audit began with its tables; what was before has no event.
const audited = (column: string): string => `${column} >= (select min(written_at) from audit_head)`;

/**
 * What the audit's events say against what the tables say today: an event is written in the transaction of its act, so
 * that a row without its event, or an event without its row, was not made by this program.
 */
export const historyQuestions: Question[] = [
  {
    code: 'status_history_differs',
    sql: `select c.id as credential from credential c join status_entry e on e.credential_id = c.id
          left join lateral (select s.version, s.to_state from status_change s where s.credential_id = c.id
                             order by s.version desc limit 1) h on true
          where ${scoped} and (e.version, e.state) is distinct from (coalesce(h.version, 0), coalesce(h.to_state, 'active'))
            and (h.version is not null or e.version <> 1 or e.reason is distinct from 'organisation_request')`,
  },
  {
    code: 'status_history_differs',
    // Somebody took back a change together with its history.
    sql: `select c.id as credential from credential c join status_entry e on e.credential_id = c.id
          join (select subject->>'credentialId' as id,
                       max(case when subject->>'version' ~ '^[0-9]{1,9}$' then (subject->>'version')::int end) as version
                from audit_event
                where action like 'credential.%' and subject ? 'version' group by 1) a on a.id = c.id::text
          where ${scoped} and a.version > e.version`,
  },
  {
    code: 'audit_event_missing',
    sql: `with told as (
            select (subject->>'credentialId')::uuid as id,
                   bool_or(action = 'credential.planned') as is_planned,
                   bool_or(action = 'credential.signed') as is_signed,
                   bool_or(action = 'credential.restored') as is_restored,
                   array_agg(distinct subject->>'payloadSha256') filter (where subject ? 'payloadSha256') as payloads,
                   array_agg(distinct subject->>'documentSha256') filter (where subject ? 'documentSha256') as documents,
                   array_agg(distinct subject->>'awardId') filter (where subject ? 'awardId') as awards
            from audit_event where action in ('credential.planned', 'credential.signed', 'credential.restored')
              and subject->>'credentialId' ~ '${uuidForm}' group by 1),
          vanished as (select subject->>'awardId' as id from audit_event where action = 'award.cancelled' and subject ? 'awardId'),
          compared as (
            select coalesce(c.id, t.id) as credential, case
              when c.id is null then case when t.is_signed or t.is_restored then 'credential_deleted' end
              when c.state in ('signed', 'superseded') and ${audited('c.created_at')}
                   and not (coalesce(t.is_planned and t.is_signed, false) or coalesce(t.is_restored, false))
                then 'audit_event_missing'
              when c.payload_sha256 <> all (t.payloads) or array_length(t.payloads, 1) > 1
                   or c.state in ('signed', 'superseded')
                      and (c.document_sha256 <> all (t.documents) or array_length(t.documents, 1) > 1)
                then 'audit_digest_differs'
              when c.award_id::text <> all (t.awards) then 'award_differs'
              when (t.is_signed or t.is_restored) and c.state not in ('signed', 'superseded')
                   and c.award_id::text not in (select id from vanished) then 'credential_hidden'
            end as code
            from told t full join credential c on c.id = t.id
            where case when c.id is null then $1::uuid is null and $2::timestamptz is null
                       and not exists (select from orphan_credential o where o.credential_id = t.id)
                  else ${scoped} end)
          select * from compared where code is not null`,
  },
  {
    code: 'audit_event_missing',
    // Void is what was withdrawn, or gave its place to one that was signed again: its place says so, or that one.
    sql: `with told as (
            select (subject->>'statementId')::uuid as id,
                   bool_or(action = 'statement.planned') as is_planned,
                   bool_or(action = 'statement.signed') as is_signed,
                   bool_or(action = 'statement.restored') as is_restored,
                   array_agg(distinct subject->>'payloadSha256') filter (where subject ? 'payloadSha256') as payloads,
                   array_agg(distinct subject->>'documentSha256') filter (where subject ? 'documentSha256') as documents
            from audit_event where action in ('statement.planned', 'statement.signed', 'statement.restored')
              and subject->>'statementId' ~ '${uuidForm}' group by 1),
          compared as (
            select coalesce(c.id, t.id) as statement, case
              when c.id is null then case when t.is_signed or t.is_restored then 'statement_deleted' end
              when c.state = 'signed' and ${audited('c.created_at')}
                   and not (coalesce(t.is_planned and t.is_signed, false) or coalesce(t.is_restored, false))
                then 'audit_event_missing'
              when c.state = 'signed' and (c.payload_sha256 <> all (t.payloads) or c.document_sha256 <> all (t.documents))
                then 'audit_digest_differs'
              when (t.is_signed or t.is_restored) and (c.state in ('planned', 'refused')
                   or c.state = 'void' and e.state is distinct from 'revoked'
                      and not exists (select from statement n where n.supersedes = c.id)) then 'statement_hidden'
            end as code
            from told t full join statement c on c.id = t.id left join status_entry e on e.credential_id = c.id
            where case when c.id is null then $1::uuid is null and $2::timestamptz is null
                       and not exists (select from orphan_credential o where o.credential_id = t.id)
                  else ${scoped} end)
          select * from compared where code is not null`,
  },
  {
    code: 'publication_unasked',
    sql: `select p.credential_id as credential from publication p join credential c on c.id = p.credential_id
          left join (select distinct on (1) subject->>'awardId' as award, action from audit_event
                     where action like 'publication.%' order by 1, at desc, id desc) e on e.award = c.award_id::text
          where ${scoped} and ${audited('p.published_at')} and e.action is distinct from 'publication.made'
            -- A badge that stands in the place of another is shown as that one was.
            and c.id::text not in (select subject->>'supersededBy' from audit_event
                                   where action like 'credential.%' and subject->>'supersededBy' is not null)`,
  },
  {
    code: 'mandate_history_differs',
    sql: `select coalesce(c.id::text, g.id) as membership from membership c
          full join (select subject->>'membershipId' as id, subject->>'validFrom' as valid_from,
                            subject->>'validUntil' as valid_until, subject->>'personId' as person,
                            subject->>'role' as role, subject->>'organisationId' as organisation
                     from audit_event where action = 'membership.granted') g on g.id = c.id::text
          left join (select distinct on (1) subject->>'membershipId' as id, subject->>'validUntil' as last_day
                     from audit_event where action = 'membership.ended' order by 1, at desc, id desc) e
            on e.id = c.id::text
          where ($1::text is null or coalesce(c.organisation_id::text, g.organisation) = $1::text)
            and ($2::timestamptz is null or true)
            and (c.id is null
                 or g.id is null and ${audited('c.created_at')}
                 or g.id is not null and (
                   (c.valid_from::text, c.person_id::text, c.role, c.organisation_id::text)
                     is distinct from (g.valid_from, g.person, g.role, g.organisation)
                   or (e.id is null or e.last_day is not null)
                      and c.valid_until::text is distinct from coalesce(e.last_day, g.valid_until)))`,
  },
  {
    code: 'correction_history_differs',
    sql: `select coalesce(c.id::text, h.id) as correction from register_correction c
          full join (select subject->>'correctionId' as id, subject->>'organisationId' as organisation,
                            subject->>'digest' as digest, subject->>'changes' as changes,
                            subject->>'effects' as effects, actor, action, at
                     from audit_event where action in ('register.corrected', 'session.withdrawn', 'badge.replaced')
                       and subject ? 'correctionId') h on h.id = c.id::text
          where ($1::text is null or coalesce(c.organisation_id::text, h.organisation) = $1::text)
            and ($2::timestamptz is null or true)
            and (c.id is null
                 or h.id is null and ${audited('c.confirmed_at')}
                 or h.id is not null and
                    (c.organisation_id::text, c.digest, ${countOf('c.changes')}, ${countOf('c.effects')}, c.by,
                     date_trunc('milliseconds', c.confirmed_at),
                     case c.kind when 'withdrawal' then 'session.withdrawn' when 'replacement' then 'badge.replaced'
                                 else 'register.corrected' end)
                     is distinct from (h.organisation, h.digest, h.changes, h.effects, h.actor, h.at, h.action))`,
  },
  {
    code: 'key_history_differs',
    sql: `select coalesce(c.id, h.id) as key from signing_key c
          full join (select subject->>'keyId' as id,
                            bool_or(action in ('key.created', 'key.rotated', 'key.restored')) as is_made,
                            bool_or(action = 'key.retired') as is_retired,
                            bool_or(action = 'key.restored') as is_restored,
                            min(subject->>'since') filter (where action = 'key.compromised') as since
                     from audit_event where action like 'key.%' and subject ? 'keyId' group by 1) h on h.id = c.id
          left join (select distinct subject->>'retired' as id from audit_event where action = 'key.rotated') r
            on r.id = c.id
          where ($1::uuid is null or c.issuer_id = $1) and ($2::timestamptz is null or true)
            and (c.id is null
                 or ${audited('c.created_at')} and not coalesce(h.is_made, false)
                 or (h.is_retired or r.id is not null) and c.retired_at is null
                 or ${audited('c.retired_at')} and not coalesce(h.is_retired or h.is_restored, false) and r.id is null
                 or h.since is not null
                    -- Texts compare as instants up to the year 9999; infinity has no text.
                    and (c.compromised_since is null or c.compromised_since >= '10000-01-01'
                         or ${isoText('c.compromised_since')} > h.since collate "C"))`,
  },
];
