import { type Language, textIn } from '#platform';
import type { JsonObject } from '#signing';
import type { CheckName, Outcome, VerificationReport } from './report.js';
import { insideText, type Noun, nounOf, type ReportOfAny, verdictText } from './verdict-text.js';

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
};

const outcomes: Record<Outcome, Record<Language, string>> = {
  passed: { fr: '✓ réussi', en: '✓ passed' },
  failed: { fr: '✗ échoué', en: '✗ failed' },
  unknown: { fr: '? impossible à vérifier', en: '? could not check' },
};

/** The name of a check for people. */
export const checkName = (name: CheckName, language: Language): string => names[name][language];

const titles: Record<Noun, Record<Language, string>> = {
  badge: { fr: 'Badge :', en: 'Badge:' },
  endorsement: { fr: 'Recommandation :', en: 'Endorsement:' },
  record: { fr: 'Relevé :', en: 'Record:' },
  other: { fr: 'Document :', en: 'Document:' },
};

/**
 * A report as plain lines for a terminal: verdict, badge, issuer, the badges of a record, then one line a check with
 * sign, word and reason.
 * Text of the badge itself is stripped of control characters, so that it cannot steer the terminal.
 */
export function formatReport(report: ReportOfAny, language: Language): string {
  const lines = [verdictText(report, language)];
  const title = titleOf(report);
  if (title) lines.push(`  ${titles[nounOf(report)][language]} ${printable(title)}`);
  if (report.issuer) {
    const { id, name } = report.issuer;
    lines.push(
      `  ${language === 'fr' ? 'Émetteur annoncé :' : 'Stated issuer:'} ${printable(name ? `${name} (${id})` : id)}`,
    );
  }
  (report.badges ?? []).forEach((badge, at) => {
    const name =
      badge.name === undefined ? '' : `${language === 'fr' ? ' : ' : ': '}${printable(badge.name)}`;
    lines.push(`  ${at + 1}. ${insideText(badge, language)}${name}`);
  });
  lines.push('');
  const label = (name: CheckName): string => names[name][language].padEnd(12);
  const word = (outcome: Outcome): string => outcomes[outcome][language].padEnd(language === 'fr' ? 25 : 18);
  for (const check of report.checks) {
    const remark = check.remark && check.outcome !== 'passed' ? ` [${printable(check.remark)}]` : '';
    lines.push(`  ${label(check.name)} ${word(check.outcome)} ${textIn(check.detail, language)}${remark}`);
  }
  return lines.join('\n');
}

function titleOf({ credential, badgeClass }: VerificationReport): string | undefined {
  const subject = credential?.credentialSubject as JsonObject | null | undefined;
  const achievement = subject?.achievement as JsonObject | null | undefined;
  const names: unknown[] = [credential?.name, achievement?.name, badgeClass?.name];
  return names.find((name) => typeof name === 'string');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const steering = /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const printable = (text: string): string => text.replace(steering, ' ').slice(0, 200);
