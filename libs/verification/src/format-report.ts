import { type Language, textIn } from '#platform';
import type { JsonObject } from '#signing';
import type { InsideReport } from './badges-inside.js';
import type { MessageCode } from './messages.js';
import {
  besideVerdict,
  type CheckName,
  type Outcome,
  type Verdict,
  type VerificationReport,
} from './report.js';

const verdicts: Record<Verdict, Record<Language, string>> = {
  authentic: { fr: '✓ Badge authentique', en: '✓ Authentic badge' },
  expired: { fr: '✗ Badge expiré', en: '✗ Expired badge' },
  withdrawn: { fr: '✗ Badge retiré par son émetteur', en: '✗ Badge withdrawn by its issuer' },
  cannot_check: { fr: '? Impossible à vérifier maintenant', en: '? Could not be checked now' },
  not_authentic: { fr: '✗ Badge non authentique', en: '✗ Not an authentic badge' },
};

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

const withdrawals: Partial<Record<MessageCode, Record<Language, string>>> = {
  suspended: { fr: '✗ Badge suspendu par son émetteur', en: '✗ Badge suspended by its issuer' },
  withdrawn_or_suspended: {
    fr: '✗ Badge retiré ou suspendu par son émetteur',
    en: '✗ Badge withdrawn or suspended by its issuer',
  },
};

const unproven: Partial<Record<CheckName, Record<Language, string>>> = {
  identity: {
    fr: '? Signature juste, mais personne ne sait qui a émis ce badge',
    en: '? Sound signature, but nobody knows who issued this badge',
  },
  recipient: {
    fr: '? Badge sans défaut, mais rien ne montre qu’il est à cette personne',
    en: '? Sound badge, but nothing shows that it is this person’s',
  },
};

/** Is the badge suspended, and known to be no more than that? Then it may count again. */
export const isSuspended = ({ verdict, checks }: VerificationReport): boolean =>
  verdict === 'withdrawn' && checks.some(({ name, code }) => name === 'status' && code === 'suspended');

/** The verdict for people, with its sign; a suspension is told apart from a withdrawal where that is known. */
export function verdictText(
  { verdict, checks, badges = [] }: VerificationReport & { badges?: InsideReport[] },
  language: Language,
): string {
  const status = checks.find(({ name }) => name === 'status');
  const told = verdict === 'withdrawn' && status ? withdrawals[status.code] : undefined;
  const open = checks.filter(({ name, outcome }) => outcome !== 'passed' && !besideVerdict.includes(name));
  const alone = verdict === 'cannot_check' && open.length === 1 ? unproven[open[0]!.name] : undefined;
  const text = (told ?? alone ?? verdicts[verdict])[language];
  const fallen = badges.filter((badge) => badge.verdict !== 'authentic').length;
  if (fallen === 0) return text;
  return language === 'fr'
    ? `${text} – attention, badges du relevé faux, périmés, retirés ou non vérifiables : ${fallen} sur ${badges.length}`
    : `${text} – mind that ${fallen} of the record’s ${badges.length} badges are false, over, withdrawn or could not be checked`;
}

/**
 * A report as plain lines for a terminal: verdict, badge, issuer, then one line a check with sign, word and reason.
 * Text of the badge itself is stripped of control characters, so that it cannot steer the terminal.
 */
export function formatReport(report: VerificationReport, language: Language): string {
  const lines = [verdictText(report, language)];
  const title = titleOf(report);
  if (title) lines.push(`  ${language === 'fr' ? 'Badge :' : 'Badge:'} ${printable(title)}`);
  if (report.issuer) {
    const { id, name } = report.issuer;
    lines.push(
      `  ${language === 'fr' ? 'Émetteur annoncé :' : 'Stated issuer:'} ${printable(name ? `${name} (${id})` : id)}`,
    );
  }
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
