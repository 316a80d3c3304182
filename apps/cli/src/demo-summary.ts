import { readProjectJson, textIn } from '#platform';
import type { DemoCounts } from './demo-counts.js';
import type { OutsideStatus } from './outside-verifier.js';
import { terminalLanguage } from './terminal.js';

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
    /** The first badge as an Open Badge 2.0; not there when all were withdrawn. */
    openBadge2?: string;
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

/**
 * Every number that is not the one the campaign's expected file gives; empty when all are right. A badge that somebody
 * withdrew since was issued, and must be told as withdrawn. What somebody settled, corrected or added since is counted
 * apart; while nobody did, nothing may have come.
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
  compare('held cases', summary.heldCases + summary.settledCases, 1);
  compare('badges by workshop', summary.badgesByWorkshop, expected.awardsAutomatic);
  compare('pathway badges', summary.pathwayBadges, expected.pathwayCompleted.length);
  const all = workshopBadges + expected.pathwayCompleted.length;
  compare('signed badges', summary.signed, all);
  compare('refused badges', summary.refused, 0);
  compare('badges that stand twice', summary.twice, 0);
  const { since } = summary;
  if (!since.isChanged) {
    compare('people that nothing explains', since.people, 0);
    compare('badges that nothing explains', since.badges, 0);
    compare('badges taken back for nothing', since.takenBack, 0);
  }
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
    `  Cas en attente        ${summary.heldCases}  (${summary.heldCases > 0 ? 'doublon probable : une personne doit trancher' : 'une personne a tranché'})`,
    `  Held cases            ${summary.heldCases}  (${summary.heldCases > 0 ? 'probable duplicate: a person must decide' : 'a person has decided'})`,
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
  const { people, heldCases, badges, takenBack } = summary.since;
  if (people + heldCases + badges > 0)
    say(
      `  Venus depuis          ${badges} badges, ${people} personnes, ${heldCases} cas en attente`,
      `  Come since            ${badges} badges, ${people} people, ${heldCases} held cases`,
    );
  if (takenBack > 0)
    say(
      `  Repris sans trace     ${takenBack} badges que personne n’avait vus`,
      `  Taken back, no trace  ${takenBack} badges that nobody had seen`,
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
    ...(summary.addresses.openBadge2 ? [summary.addresses.openBadge2] : []),
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
