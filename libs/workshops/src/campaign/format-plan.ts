import type { Language } from '#platform';
import type { Issue } from './issue.js';
import type { CampaignPlan, PlannedCase, PlannedRow, UnknownStaff, Verdict } from './plan.js';

const words = {
  fr: {
    nothing: 'Rien ne sera enregistré.',
    row: 'Ligne',
    line: 'ligne {0} du fichier',
    todo: 'À faire',
    verdicts: {
      accepted: 'acceptée',
      accepted_with_warning: 'acceptée, avec une remarque',
      no_award: 'présence seule, sans badge',
      held: 'en attente',
      rejected: 'refusée',
      duplicate: 'doublon',
    },
    unread: 'Colonnes non lues',
    absent: 'Colonnes absentes',
    cases: 'Cas en attente de votre décision',
    rows: 'lignes',
    session: 'séance',
    or: 'ou',
    staff: 'Personnes à confirmer par un administrateur (leurs badges attendent)',
    peers: 'Apprenants qui animent',
    assesses: 'évalue',
    animates: 'anime',
    reasons: {
      unknown: 'inconnue de la structure',
      no_mandate: 'connue, pas encore évaluatrice à cette date',
      ambiguous: 'plusieurs personnes portent ce nom : à préciser',
    },
    since: 'depuis le',
    total: 'Total',
    fine: 'Aucune remarque sur les lignes.',
  },
  en: {
    nothing: 'Nothing will be recorded.',
    row: 'Row',
    line: 'line {0} of the file',
    todo: 'To do',
    verdicts: {
      accepted: 'accepted',
      accepted_with_warning: 'accepted, with a remark',
      no_award: 'presence only, no badge',
      held: 'held',
      rejected: 'rejected',
      duplicate: 'duplicate',
    },
    unread: 'Columns not read',
    absent: 'Columns not there',
    cases: 'Cases that wait for your decision',
    rows: 'rows',
    session: 'session',
    or: 'or',
    staff: 'People whom an administrator has to confirm (their badges wait)',
    peers: 'Learners who animate',
    assesses: 'assesses',
    animates: 'animates',
    reasons: {
      unknown: 'not known to the structure',
      no_mandate: 'known, not yet an assessor on that date',
      ambiguous: 'several people have this name: say which one',
    },
    since: 'since',
    total: 'Total',
    fine: 'No remark on any row.',
  },
} satisfies Record<Language, unknown>;

// Waiting assessors are told once for the whole file, not on each of their rows.
const toldElsewhere = new Set(['assessor_awaits_confirmation']);

/** Direction controls of a cell must not turn the report around; line ends must not break its lines. */
const shown = (text: string): string =>
  text.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '�');

const day = (date: string, language: Language): string =>
  language === 'fr' ? date.split('-').reverse().join('/') : date;

/**
 * The analysis for people: each remark names its row, column, what is wrong and what to do; then held cases, staff
 * to confirm and totals.
 */
export function formatPlan(plan: CampaignPlan, language: Language): string {
  const w = words[language];
  const lines: string[] = [`${shown(plan.fileName)}`, ''];
  if (plan.refusal) lines.push(...issueLines(plan.refusal, language, ''), w.nothing, '');
  const told = plan.rows.filter((row) => worthTelling(row).length > 0);
  for (const row of told) lines.push(...rowLines(row, language));
  if (told.length === 0 && plan.rows.length > 0) lines.push(w.fine);
  for (const { issues } of plan.sessionNotices)
    for (const one of issues) lines.push('', ...issueLines(one, language, ''));
  for (const [title, list] of [
    [w.unread, plan.columns.unknown],
    [w.absent, plan.columns.absent],
  ] as const)
    if (list.length > 0) lines.push('', `${title} : ${list.map(shown).join(', ')}`);
  if (plan.heldCases.length > 0)
    lines.push(
      '',
      `${w.cases} (${plan.heldCases.length})`,
      ...plan.heldCases.map((held) => caseLine(held, language)),
    );
  if (plan.unknownStaff.length > 0)
    lines.push('', w.staff, ...plan.unknownStaff.map((staff) => staffLine(staff, language)));
  if (plan.peerAnimators.length > 0)
    lines.push(
      '',
      w.peers,
      ...plan.peerAnimators.map(({ name, sessions }) => `  ${shown(name)} · ${sessions.join(', ')}`),
    );
  if (plan.rows.length > 0) lines.push('', ...totals(plan, language));
  return lines.join('\n');
}

const worthTelling = (row: PlannedRow): Issue[] => row.issues.filter(({ code }) => !toldElsewhere.has(code));

function rowLines(row: PlannedRow, language: Language): string[] {
  const w = words[language];
  const where = w.line.replace('{0}', String(row.line));
  return [
    `${w.row} ${row.row} (${where}) : ${w.verdicts[row.verdict]}`,
    ...worthTelling(row).flatMap((one) => issueLines(one, language, '  ')),
  ];
}

const issueLines = (one: Issue, language: Language, indent: string): string[] => [
  `${indent}${one.column ? `${one.column} : ` : ''}${shown(one.message[language])}`,
  `${indent}→ ${words[language].todo} : ${shown(one.remedy[language])}`,
];

function caseLine({ kind, people, rows, sessionCodes }: PlannedCase, language: Language): string {
  const w = words[language];
  const who = people.map(({ name, birthYear }) => `${shown(name)}${birthYear ? ` (${birthYear})` : ''}`);
  const numbers = rows.map(({ row }) => row).join(', ');
  return `  ${who.join(` ${w.or} `)} · ${w.session} ${sessionCodes.join(', ')} · ${w.rows} ${numbers} · ${kind}`;
}

function staffLine(staff: UnknownStaff, language: Language): string {
  const w = words[language];
  const does = [staff.asAssessor && w.assesses, (staff.asLead || staff.asCoAnimator) && w.animates].filter(
    Boolean,
  );
  return `  ${shown(staff.name)} · ${does.join(', ')} · ${w.since} ${day(staff.firstDate, language)} · ${w.reasons[staff.reason]}`;
}

function totals({ counts }: CampaignPlan, language: Language): string[] {
  const w = words[language];
  const byVerdict: [Verdict, number][] = [
    ['accepted', counts.accepted],
    ['accepted_with_warning', counts.acceptedWithWarning],
    ['no_award', counts.noAward],
    ['duplicate', counts.duplicates],
    ['held', counts.held],
    ['rejected', counts.rejected],
  ];
  const rows = byVerdict
    .filter(([, count]) => count > 0)
    .map(([verdict, count]) => `${count} ${w.verdicts[verdict]}`);
  const content =
    language === 'fr'
      ? `${counts.people} personnes (${counts.peopleNew} nouvelles), ${counts.sessions} séances (${counts.sessionsNew} nouvelles), ${counts.attendances} présences à enregistrer dont ${counts.anonymous} anonymes, ${counts.assessments} évaluations, ${counts.heldCases} cas en attente, ${counts.minors} mineurs, ${counts.publicationWishes} souhaits de publication`
      : `${counts.people} people (${counts.peopleNew} new), ${counts.sessions} sessions (${counts.sessionsNew} new), ${counts.attendances} attendances to record, ${counts.anonymous} of them anonymous, ${counts.assessments} assessments, ${counts.heldCases} held cases, ${counts.minors} minors, ${counts.publicationWishes} wishes to publish`;
  return [`${w.total} : ${counts.rows} ${w.rows} · ${rows.join(' · ')}`, content];
}
