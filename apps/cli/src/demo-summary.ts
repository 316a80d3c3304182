import type { DataSource } from 'typeorm';
import { issuanceSummary } from '#badges';
import { readProjectJson, textIn } from '#platform';
import type { OutsideStatus } from './outside-verifier.js';
import { terminalLanguage } from './terminal.js';

export interface DemoCounts {
  people: number;
  staff: number;
  anonymousParticipants: number;
  heldCases: number;
  /** Badges of the campaign's workshops, by workshop code. */
  badgesByWorkshop: Record<string, number>;
  workshopBadges: number;
  pathwayBadges: number;
  /** Badges that were issued, also those that somebody withdrew since; one that was replaced counts once. */
  signed: number;
  refused: number;
  /** Badges that a person has a second time, neither of them revoked. */
  twice: number;
  /** What the database knows of every badge that was signed, a replaced one and its successor too. */
  statuses: Record<Exclude<OutsideStatus, 'unknown'>, number>;
  published: number;
}

export interface DemoSummary extends DemoCounts {
  origin: string;
  /** 'imported' the first time, 'already_imported' afterwards. */
  import: string;
  /** Proof, dates, form and status, by @digitalbazaar/vc and @digitalbazaar/vc-bitstring-status-list. */
  acceptedByOutsideVerifier: number;
  /** Public id and reason of each badge that they did not accept. */
  refusedByOutsideVerifier: string[];
  /** What the signed status lists say of the badges, read by the second of these programs. */
  statusesByOutsideVerifier: Record<OutsideStatus, number>;
  publishedBy: number;
  addresses: {
    badges: string[];
    /** The first badge as an Open Badge 2.0. */
    openBadge2: string;
    issuer: string;
    frameworks: string;
    api: string;
  };
}

interface Expected {
  realPersons: number;
  anonymousParticipants: number;
  awardsAutomatic: Record<string, number>;
  pathwayCompleted: string[];
}

const pathway = 'B-CLIC';

interface BadgeCounts {
  code: string;
  awarded: number;
  signed: number;
  twice: number;
  active: number;
  revoked: number;
  suspended: number;
}

// By badge and person: whoever had a badge withdrawn or replaced got it, and once.
const badgeCounts = `
  select badge_code as code, count(*)::int as awarded, count(*) filter (where signed > 0)::int as signed,
         sum(greatest(active + suspended - 1, 0))::int as twice,
         sum(active)::int as active, sum(revoked)::int as revoked, sum(suspended)::int as suspended
  from (select a.badge_code, count(c.id) as signed, count(*) filter (where e.state = 'active') as active,
               count(*) filter (where e.state = 'revoked') as revoked,
               count(*) filter (where e.state = 'suspended') as suspended
        from award a left join credential c on c.award_id = a.id and c.state = 'signed'
                     left join status_entry e on e.credential_id = c.id
        where a.organisation_id = $1 and (a.state not in ('cancelled', 'revoked') or c.id is not null)
        group by a.badge_code, a.person_id) as badge
  group by badge_code order by badge_code`;

/** Reads the numbers of the demonstration from the database, not from what was meant to happen. */
export async function countsOf(database: DataSource, organisationId: string): Promise<DemoCounts> {
  const [row]: [{ people: number; staff: number; anonymous: number; held: number; published: number }] =
    await database.query(
      `select
       (select count(distinct a.person_id)::int from attendance a join session s on s.id = a.session_id where s.organisation_id = $1) as people,
       (select count(distinct m.person_id)::int from membership m where m.organisation_id = $1) as staff,
       (select count(*)::int from attendance a join session s on s.id = a.session_id where s.organisation_id = $1 and a.anonymous) as anonymous,
       (select count(*)::int from held_case where organisation_id = $1 and state = 'open') as held,
       (select count(*)::int from publication p join credential c on c.id = p.credential_id where c.organisation_id = $1) as published`,
      [organisationId],
    );
  const badges: BadgeCounts[] = await database.query(badgeCounts, [organisationId]);
  const total = (key: Exclude<keyof BadgeCounts, 'code'>) => badges.reduce((sum, row) => sum + row[key], 0);
  const workshops = badges.filter(({ code }) => code !== pathway);
  return {
    people: row.people,
    staff: row.staff,
    anonymousParticipants: row.anonymous,
    heldCases: row.held,
    badgesByWorkshop: Object.fromEntries(
      workshops.map(({ code, awarded }) => [code.replace(/^B-/, ''), awarded]),
    ),
    workshopBadges: workshops.reduce((sum, { awarded }) => sum + awarded, 0),
    pathwayBadges: badges.find(({ code }) => code === pathway)?.awarded ?? 0,
    signed: total('signed'),
    refused: (await issuanceSummary(database.manager, organisationId)).refused,
    twice: total('twice'),
    statuses: { active: total('active'), revoked: total('revoked'), suspended: total('suspended') },
    published: row.published,
  };
}

/**
 * Every number that is not the one the campaign's expected file gives; empty when all are right. A badge that somebody
 * withdrew since was issued, and must be told as withdrawn.
 */
export function faultsOf(summary: DemoSummary): string[] {
  const expected = readProjectJson<Expected>('apps', 'cli', 'demo', 'campagne-2026-automne.expected.json');
  const faults: string[] = [];
  const compare = (name: string, found: unknown, wanted: unknown) => {
    if (JSON.stringify(found) !== JSON.stringify(wanted))
      faults.push(`${name}: ${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`);
  };
  const workshopBadges = Object.values(expected.awardsAutomatic).reduce((a, b) => a + b, 0);
  compare('people', summary.people, expected.realPersons);
  compare('anonymous participants', summary.anonymousParticipants, expected.anonymousParticipants);
  compare('held cases', summary.heldCases, 1);
  compare('badges by workshop', summary.badgesByWorkshop, expected.awardsAutomatic);
  compare('pathway badges', summary.pathwayBadges, expected.pathwayCompleted.length);
  const all = workshopBadges + expected.pathwayCompleted.length;
  compare('signed badges', summary.signed, all);
  compare('refused badges', summary.refused, 0);
  compare('badges that stand twice', summary.twice, 0);
  const known = summary.statuses;
  compare('badges accepted by the outside verifier', summary.acceptedByOutsideVerifier, known.active);
  const listed = summary.statusesByOutsideVerifier;
  compare('badges that their status list calls active', listed.active, known.active);
  // One bit tells either: which of the two it is, a list does not say.
  const withdrawn = ({ revoked, suspended }: typeof known) => revoked + suspended;
  compare('badges that their status list calls withdrawn', withdrawn(listed), withdrawn(known));
  compare('badges of unknown status', listed.unknown, 0);
  return faults;
}

/** The summary for people, in the terminal's language. */
export function printSummary(summary: DemoSummary, faults: string[]): void {
  const say = (fr: string, en: string) => console.log(textIn({ fr, en }, terminalLanguage()));
  const workshops = Object.entries(summary.badgesByWorkshop)
    .map(([code, count]) => `${code} ${count}`)
    .join(' · ');
  console.log('');
  say(
    `  Personnes             ${summary.people} (et ${summary.anonymousParticipants} anonyme)`,
    `  People                ${summary.people} (and ${summary.anonymousParticipants} anonymous)`,
  );
  say(
    `  Cas en attente        ${summary.heldCases}  (doublon probable : une personne doit trancher)`,
    `  Held cases            ${summary.heldCases}  (probable duplicate: a person must decide)`,
  );
  say(
    `  Badges par atelier    ${summary.workshopBadges}  (${workshops})`,
    `  Badges by workshop    ${summary.workshopBadges}  (${workshops})`,
  );
  say(`  Badges de parcours    ${summary.pathwayBadges}`, `  Pathway badges        ${summary.pathwayBadges}`);
  const { active } = summary.statusesByOutsideVerifier;
  const { revoked, suspended } = summary.statuses;
  say(
    `  Signés                ${summary.signed}, et relus aussitôt par le vérificateur d’Insigne`,
    `  Signed                ${summary.signed}, and read back at once by Insigne’s own verifier`,
  );
  if (revoked + suspended > 0)
    say(
      `  Retirés depuis        ${revoked} révoqués, ${suspended} suspendus`,
      `  Withdrawn since       ${revoked} revoked, ${suspended} suspended`,
    );
  say(
    `  Vérifiés du dehors    ${summary.acceptedByOutsideVerifier} acceptés par @digitalbazaar/vc (preuve, dates, forme)`,
    `  Checked from outside  ${summary.acceptedByOutsideVerifier} accepted by @digitalbazaar/vc (proof, dates, form)`,
  );
  say(
    `                        ${active} valides selon @digitalbazaar/vc-bitstring-status-list (état, listes signées)`,
    `                        ${active} active by @digitalbazaar/vc-bitstring-status-list (status, signed lists)`,
  );
  say(
    `  Montrés               ${summary.published}, par ${summary.publishedBy} personnes`,
    `  Shown                 ${summary.published}, by ${summary.publishedBy} people`,
  );
  console.log('');
  say('  À ouvrir :', '  To open:');
  for (const address of [
    ...summary.addresses.badges.slice(0, 3),
    summary.addresses.openBadge2,
    summary.addresses.issuer,
    summary.addresses.frameworks,
    summary.addresses.api,
  ])
    console.log(`    ${address}`);
  console.log('');
  if (faults.length === 0) say('  Tous les nombres sont justes.', '  Every number is right.');
  for (const fault of faults) say(`  Écart : ${fault}`, `  Wrong: ${fault}`);
  if (summary.import === 'already_imported')
    say(
      '  Cette campagne était déjà importée : rien n’a été délivré deux fois.',
      '  This campaign was imported before: nothing was issued twice.',
    );
}
