import type { DataSource } from 'typeorm';
import type { OutsideStatus } from './outside-verifier.js';

/** What the campaign of the demonstration brought, and apart from it what people did since. */
export interface DemoCounts {
  people: number;
  staff: number;
  anonymousParticipants: number;
  /** Cases of the campaign that wait for a person. */
  heldCases: number;
  /** Those that a person has settled. */
  settledCases: number;
  /** Badges of the campaign's workshops, by workshop code. */
  badgesByWorkshop: Record<string, number>;
  workshopBadges: number;
  pathwayBadges: number;
  /** Badges that were issued, also those that somebody took back since; one that was replaced counts once. */
  signed: number;
  refused: number;
  /** Badges that a person has a second time, neither of them revoked. */
  twice: number;
  /** What came after the campaign: from a case that was settled, another file, a corrected register. */
  since: {
    /** Did somebody do anything of that kind? */
    isChanged: boolean;
    people: number;
    heldCases: number;
    badges: number;
    /** Badges of the campaign that were taken back without a trace. */
    takenBack: number;
  };
  /** What the database knows of every badge that was signed, a replaced one and its successor too. */
  statuses: Record<Exclude<OutsideStatus, 'unknown'>, number>;
  published: number;
}

const pathway = 'B-CLIC';

interface BadgeCounts {
  code: string;
  awarded: number;
  signed: number;
  refused: number;
  taken: number;
  since: number;
  twice: number;
  active: number;
  revoked: number;
  suspended: number;
}

// What the campaign brought was written in its one transaction, at one moment.
const imported = '(select imported_at from campaign_import where id = $2)';

// By badge and person: whoever had a badge withdrawn or replaced got it, and once.
const badgeCounts = `
  select badge_code as code, count(*) filter (where is_own)::int as awarded,
         count(*) filter (where is_own and (signed > 0 or is_ended))::int as signed,
         count(*) filter (where is_own and refused > 0)::int as refused,
         count(*) filter (where is_own and is_ended and signed = 0)::int as taken,
         count(*) filter (where not is_own and (stands or signed > 0))::int as since,
         sum(greatest(active + suspended - 1, 0))::int as twice,
         sum(active)::int as active, sum(revoked)::int as revoked, sum(suspended)::int as suspended
  from (select a.badge_code, bool_or(a.created_at = ${imported}) as is_own,
               bool_or(a.created_at = ${imported} and a.state = 'cancelled') as is_ended,
               bool_or(a.state not in ('cancelled', 'revoked')) as stands,
               count(c.id) filter (where c.state = 'signed') as signed,
               count(c.id) filter (where c.state = 'refused') as refused,
               count(*) filter (where c.state = 'signed' and e.state = 'active') as active,
               count(*) filter (where c.state = 'signed' and e.state = 'revoked') as revoked,
               count(*) filter (where c.state = 'signed' and e.state = 'suspended') as suspended
        from award a left join credential c on c.award_id = a.id
                     left join status_entry e on e.credential_id = c.id
        where a.organisation_id = $1 group by a.badge_code, a.person_id) as badge
  group by badge_code order by badge_code`;

const factCounts = `
  with fact as (
    select a.person_id, a.anonymous, a.created_at = ${imported} as is_own
    from attendance a join session s on s.id = a.session_id where s.organisation_id = $1
  ), held as (
    select state, import_id = $2 and created_at = ${imported} as is_own from held_case where organisation_id = $1
  )
  select (select count(distinct person_id)::int from fact where is_own) as people,
         (select count(distinct person_id)::int from fact
          where person_id not in (select person_id from fact where is_own and person_id is not null)) as "peopleSince",
         (select count(distinct m.person_id)::int from membership m where m.organisation_id = $1) as staff,
         (select count(*)::int from fact where anonymous and is_own) as anonymous,
         (select count(*)::int from held where is_own and state = 'open') as held,
         (select count(*)::int from held where is_own and state = 'resolved') as settled,
         (select count(*)::int from held where not is_own and state = 'open') as "heldSince",
         (select count(*)::int from publication p join credential c on c.id = p.credential_id
          where c.organisation_id = $1) as published,
         exists (select from fact where not is_own)
         or exists (select from held where not is_own or state = 'resolved')
         or exists (select from assessment a join session s on s.id = a.session_id
                    where s.organisation_id = $1 and a.created_at > ${imported})
         or exists (select from campaign_import where organisation_id = $1 and id <> $2)
         or exists (select from register_correction where organisation_id = $1)
         or exists (select from achievement where created_at > ${imported}) as "isChanged"`;

interface FactCounts {
  people: number;
  peopleSince: number;
  staff: number;
  anonymous: number;
  held: number;
  settled: number;
  heldSince: number;
  published: number;
  isChanged: boolean;
}

/**
 * Reads the numbers of the demonstration from the database, not from what was meant to happen.
 * @param importId the campaign of the demonstration
 */
export async function countsOf(
  database: DataSource,
  organisationId: string,
  importId: string,
): Promise<DemoCounts> {
  const [facts]: [FactCounts] = await database.query(factCounts, [organisationId, importId]);
  const badges: BadgeCounts[] = await database.query(badgeCounts, [organisationId, importId]);
  const total = (key: Exclude<keyof BadgeCounts, 'code'>) => badges.reduce((sum, row) => sum + row[key], 0);
  const workshops = badges.filter(({ code, awarded }) => code !== pathway && awarded > 0);
  return {
    people: facts.people,
    staff: facts.staff,
    anonymousParticipants: facts.anonymous,
    heldCases: facts.held,
    settledCases: facts.settled,
    badgesByWorkshop: Object.fromEntries(
      workshops.map(({ code, awarded }) => [code.replace(/^B-/, ''), awarded]),
    ),
    workshopBadges: workshops.reduce((sum, { awarded }) => sum + awarded, 0),
    pathwayBadges: badges.find(({ code }) => code === pathway)?.awarded ?? 0,
    signed: total('signed'),
    refused: total('refused'),
    twice: total('twice'),
    since: {
      isChanged: facts.isChanged,
      people: facts.peopleSince,
      heldCases: facts.heldSince,
      badges: total('since'),
      takenBack: total('taken'),
    },
    statuses: { active: total('active'), revoked: total('revoked'), suspended: total('suspended') },
    published: facts.published,
  };
}
