import { type Language, textIn } from '#platform';
import type { JsonObject } from '#signing';
import { mayBeRepeated } from './false-names.js';
import type { CheckName, Outcome, VerificationReport } from './report.js';
import type { ResultNote } from './results.js';
import { insideText, type Noun, nounOf, type ReportOfAny, resultText, verdictText } from './verdict-text.js';
import type { BadgeReport } from './verify-badge.js';

const names: Record<CheckName, Record<Language, string>> = {
  parse: { fr: 'Lecture', en: 'Reading' },
  context: { fr: 'Vocabulaire', en: 'Vocabulary' },
  schema: { fr: 'Forme', en: 'Form' },
  links: { fr: 'Renvois', en: 'References' },
  issuer: { fr: 'Émetteur', en: 'Issuer' },
  proof: { fr: 'Signature', en: 'Signature' },
  dates: { fr: 'Dates', en: 'Dates' },
  status: { fr: 'Retrait', en: 'Withdrawal' },
  resources: { fr: 'Documents liés', en: 'Linked documents' },
  identity: { fr: 'Qui émet', en: 'Who issues' },
  recipient: { fr: 'À qui', en: 'Whose' },
  refresh: { fr: 'Mise à jour', en: 'Refresh' },
  endorsements: { fr: 'Recommandé', en: 'Endorsed' },
  badges: { fr: 'Ses badges', en: 'Its badges' },
  presented: { fr: 'Qui montre', en: 'Who shows' },
};

const outcomes: Record<Outcome, Record<Language, string>> = {
  passed: { fr: '✓ réussi', en: '✓ passed' },
  failed: { fr: '✗ échoué', en: '✗ failed' },
  unknown: { fr: '? impossible à vérifier', en: '? could not check' },
};

/** The name of a check for people. */
export const checkName = (name: CheckName, language: Language): string => names[name][language];

/** What a report says beside its checks, as headings for people. */
export const reportHeadings = {
  issuedTo: { fr: 'Remis à', en: 'Given to' },
  notChecked: { fr: 'Ce que nous n’avons pas vérifié', en: 'What we did not check' },
  notProven: { fr: 'Ce qu’un badge ne prouve pas', en: 'What no badge proves' },
} satisfies Record<string, Record<Language, string>>;

const titles: Record<Noun, Record<Language, string>> = {
  badge: { fr: 'Badge :', en: 'Badge:' },
  endorsement: { fr: 'Recommandation :', en: 'Endorsement:' },
  record: { fr: 'Relevé :', en: 'Record:' },
  presentation: { fr: 'Présentation :', en: 'Presentation:' },
  other: { fr: 'Document :', en: 'Document:' },
};

/** A report with what is told around a badge, where that was asked. */
type ReportToTell = ReportOfAny &
  Partial<Pick<BadgeReport, 'subject' | 'results' | 'notChecked' | 'notProven'>>;

/**
 * A report as plain lines for a terminal: verdict, whose badge it is, badge, issuer, what should be known of its results,
 * the badges of a record, one line a check with sign, word and reason, then what was not checked and what no badge
 * proves. No name that something false gives is repeated; of its issuer the identifier is told.
 * Text of the badge itself is stripped of control characters, so that it cannot steer the terminal.
 */
export function formatReport(report: ReportToTell, language: Language): string {
  const lines = [verdictText(report, language)];
  const isBelievable = mayBeRepeated(report);
  const whose = isBelievable && (report.subject?.name ?? report.subject?.email);
  if (whose)
    lines.push(`  ${reportHeadings.issuedTo[language]}${language === 'fr' ? ' :' : ':'} ${printable(whose)}`);
  const title = isBelievable && titleOf(report);
  if (title) lines.push(`  ${titles[nounOf(report)][language]} ${printable(title)}`);
  if (report.issuer) {
    const { id, name } = report.issuer;
    lines.push(
      `  ${language === 'fr' ? 'Émetteur annoncé :' : 'Stated issuer:'} ${printable(name && isBelievable ? `${name} (${id})` : id)}`,
    );
  }
  lines.push(...((isBelievable && report.results) || []).map((note) => `  ! ${resultLine(note, language)}`));
  (report.badges ?? []).forEach((badge, at) => {
    const isNamed = badge.name !== undefined && badge.verdict !== 'not_authentic';
    const name = isNamed ? `${language === 'fr' ? ' : ' : ': '}${printable(badge.name!)}` : '';
    lines.push(`  ${at + 1}. ${insideText(badge, language)}${name}`);
    lines.push(...(badge.results ?? []).map((note) => `     ! ${resultLine(note, language)}`));
  });
  lines.push('');
  const label = (name: CheckName): string => names[name][language].padEnd(12);
  const word = (outcome: Outcome): string => outcomes[outcome][language].padEnd(language === 'fr' ? 25 : 18);
  for (const check of report.checks) {
    const remark = check.remark && check.outcome !== 'passed' ? ` [${printable(check.remark)}]` : '';
    lines.push(`  ${label(check.name)} ${word(check.outcome)} ${textIn(check.detail, language)}${remark}`);
  }
  for (const part of ['notChecked', 'notProven'] as const) {
    const told = report[part] ?? [];
    if (told.length === 0) continue;
    lines.push('', `  ${reportHeadings[part][language]}${language === 'fr' ? ' :' : ':'}`);
    lines.push(...told.map((text) => `  - ${printable(textIn(text, language))}`));
  }
  return lines.join('\n');
}

function resultLine(note: ResultNote, language: Language): string {
  const { name, said } = resultText(note, language);
  const whole = [name, said].filter((part) => part !== '').map(printable);
  return `${whole.join(language === 'fr' ? ' : ' : ': ')} – ${textIn(note.detail, language)}`;
}

function titleOf({ credential, badgeClass }: VerificationReport): string | undefined {
  const subject = credential?.credentialSubject as JsonObject | null | undefined;
  const achievement = subject?.achievement as JsonObject | null | undefined;
  const names: unknown[] = [credential?.name, achievement?.name, badgeClass?.name];
  return names.find((name) => typeof name === 'string');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const steering = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/g;
const printable = (text: string): string => text.replace(steering, ' ').slice(0, 200);
