import type { Language } from '#platform';
import { type InsideReport, insideOf, mostInside } from './badges-inside.js';
import type { MessageCode } from './messages.js';
import {
  besideVerdict,
  type Check,
  type CheckName,
  checkOf,
  failed,
  isOnlyShown,
  type Verdict,
  type VerificationReport,
  verdictOfItself,
} from './report.js';
import type { ResultNote } from './results.js';
import { kindOf } from './schema.js';

type Words = Record<Language, string>;

/** What a verdict is about, as far as the document says it. */
export type Noun = 'badge' | 'endorsement' | 'record' | 'presentation' | 'other';

/** A report with the badges of a record, where it is one. */
export type ReportOfAny = VerificationReport & { badges?: InsideReport[] };

const nouns = { achievement: 'badge', endorsement: 'endorsement', record: 'record' } as const;

/** What the document calls itself; what cannot be read counts as a badge. */
export function nounOf({ credential, checks }: VerificationReport): Noun {
  if (isOnlyShown(checks)) return 'presentation';
  const kind = credential && kindOf(credential);
  if (kind) return nouns[kind];
  return checks.some(({ code }) => code === 'type_unknown') ? 'other' : 'badge';
}

const signs: Record<Verdict, string> = {
  authentic: '✓',
  expired: '✗',
  withdrawn: '✗',
  cannot_check: '?',
  not_authentic: '✗',
};

const cannotCheck: Words = { fr: 'Impossible à vérifier maintenant', en: 'Could not be checked now' };

const verdicts: Record<Noun, Record<Exclude<Verdict, 'cannot_check'>, Words>> = {
  badge: {
    authentic: { fr: 'Badge authentique', en: 'Authentic badge' },
    expired: { fr: 'Badge expiré', en: 'Expired badge' },
    withdrawn: { fr: 'Badge retiré par son émetteur', en: 'Badge withdrawn by its issuer' },
    not_authentic: { fr: 'Badge non authentique', en: 'Not an authentic badge' },
  },
  endorsement: {
    authentic: { fr: 'Recommandation authentique', en: 'Authentic endorsement' },
    expired: { fr: 'Recommandation expirée', en: 'Expired endorsement' },
    withdrawn: { fr: 'Recommandation retirée par son auteur', en: 'Endorsement withdrawn by its author' },
    not_authentic: { fr: 'Recommandation non authentique', en: 'Not an authentic endorsement' },
  },
  record: {
    authentic: { fr: 'Relevé authentique', en: 'Authentic record' },
    expired: { fr: 'Relevé expiré', en: 'Expired record' },
    withdrawn: { fr: 'Relevé retiré par son émetteur', en: 'Record withdrawn by its issuer' },
    not_authentic: { fr: 'Relevé non authentique', en: 'Not an authentic record' },
  },
  presentation: {
    authentic: { fr: 'Badges authentiques', en: 'Authentic badges' },
    expired: { fr: 'Badges expirés', en: 'Expired badges' },
    withdrawn: { fr: 'Badges retirés par leur émetteur', en: 'Badges withdrawn by their issuer' },
    not_authentic: { fr: 'Badges non authentiques', en: 'No authentic badges' },
  },
  other: {
    authentic: { fr: 'Document authentique', en: 'Authentic document' },
    expired: { fr: 'Document expiré', en: 'Expired document' },
    withdrawn: { fr: 'Document retiré par son émetteur', en: 'Document withdrawn by its issuer' },
    not_authentic: { fr: 'Document non authentique', en: 'Not an authentic document' },
  },
};

const withdrawals: Partial<Record<MessageCode, Words>> = {
  suspended: { fr: 'Badge suspendu par son émetteur', en: 'Badge suspended by its issuer' },
  withdrawn_or_suspended: {
    fr: 'Badge retiré ou suspendu par son émetteur',
    en: 'Badge withdrawn or suspended by its issuer',
  },
};

const thisOne: Record<Noun, Words> = {
  badge: { fr: 'ce badge', en: 'this badge' },
  endorsement: { fr: 'cette recommandation', en: 'this endorsement' },
  record: { fr: 'ce relevé', en: 'this record' },
  presentation: { fr: 'ces badges', en: 'these badges' },
  other: { fr: 'ce document', en: 'this document' },
};

const unproven: Partial<Record<CheckName, (noun: Noun) => Words>> = {
  identity: (noun) => ({
    fr: `Signature juste, mais personne ne sait qui a émis ${thisOne[noun].fr}`,
    en: `Sound signature, but nobody knows who issued ${thisOne[noun].en}`,
  }),
  recipient: (noun) => ({
    fr: `Signature juste, mais rien ne montre que ${thisOne[noun].fr} est à cette personne`,
    en: `Sound signature, but nothing shows that ${thisOne[noun].en} is this person’s`,
  }),
};

const noBadge: Words = { fr: 'Ce n’est pas un badge', en: 'This is no badge' };
const nothingShown: Words = {
  fr: 'Aucun badge dans cette présentation',
  en: 'No badge in this presentation',
};
const signedNoBadge: Words = {
  fr: 'Signature juste, mais ce n’est pas un badge',
  en: 'Sound signature, but this is no badge',
};

/** The words of a verdict that is not about badges inside. */
function words(verdict: Verdict, checks: Check[], noun: Noun): Words {
  if (verdict !== 'cannot_check') {
    const status = checks.find(({ name }) => name === 'status');
    const told = verdict === 'withdrawn' && noun === 'badge' && status ? withdrawals[status.code] : undefined;
    return told ?? verdicts[noun][verdict];
  }
  const open = checks.filter(({ name, outcome }) => outcome !== 'passed' && !besideVerdict.includes(name));
  if (open.some(({ code }) => code === 'presentation_empty')) return nothingShown;
  if (open.some(({ code }) => code === 'type_unknown')) {
    const isSigned = checks.some(({ name, outcome }) => name === 'proof' && outcome === 'passed');
    return isSigned && open.every(({ outcome }) => outcome === 'unknown') ? signedNoBadge : noBadge;
  }
  return (open.length === 1 ? unproven[open[0]!.name]?.(noun) : undefined) ?? cannotCheck;
}

const counted: Record<string, Record<Language, { one: string; many: string }>> = {
  not_authentic: {
    fr: { one: 'non authentique', many: 'non authentiques' },
    en: { one: 'not authentic', many: 'not authentic' },
  },
  withdrawn: { fr: { one: 'retiré', many: 'retirés' }, en: { one: 'withdrawn', many: 'withdrawn' } },
  suspended: { fr: { one: 'suspendu', many: 'suspendus' }, en: { one: 'suspended', many: 'suspended' } },
  withdrawn_or_suspended: {
    fr: { one: 'retiré ou suspendu', many: 'retirés ou suspendus' },
    en: { one: 'withdrawn or suspended', many: 'withdrawn or suspended' },
  },
  cannot_check: {
    fr: { one: 'impossible à vérifier', many: 'impossibles à vérifier' },
    en: { one: 'that could not be checked', many: 'that could not be checked' },
  },
  expired: { fr: { one: 'expiré', many: 'expirés' }, en: { one: 'expired', many: 'expired' } },
  authentic: {
    fr: { one: 'authentique', many: 'authentiques' },
    en: { one: 'authentic', many: 'authentic' },
  },
};

function answerOf(badge: InsideReport): string {
  const code = withdrawalOf(badge);
  return badge.verdict === 'withdrawn' && Object.hasOwn(withdrawals, code) ? code : badge.verdict;
}

/** The badges of a record by their answers, the worst first: "3 badges: 1 withdrawn, 2 authentic". */
function count({ badges = [], checks }: ReportOfAny, language: Language): { all: number; text: string } {
  const tooMany = checks.find(({ code }) => code === 'inside_too_many');
  const all = Math.max(Number(tooMany?.remark ?? 0), badges.length);
  const answers = [...badges.map(answerOf), ...Array<string>(all - badges.length).fill('cannot_check')];
  const parts = Object.entries(counted).flatMap(([answer, names]) => {
    const number = answers.filter((one) => one === answer).length;
    return number === 0 ? [] : [`${number} ${names[language][number === 1 ? 'one' : 'many']}`];
  });
  return { all, text: `${language === 'fr' ? ' : ' : ': '}${parts.join(', ')}` };
}

const badgesText = (number: number): string => `${number} badge${number === 1 ? '' : 's'}`;

function shownText(report: ReportOfAny, language: Language): string {
  const { all, text } = count(report, language);
  if (report.verdict !== 'authentic')
    return `${language === 'fr' ? 'Présentation de' : 'Presentation of'} ${badgesText(all)}${text}`;
  return language === 'fr'
    ? `Les ${all} badges montrés sont authentiques`
    : `All ${all} badges shown are authentic`;
}

function recordText(report: ReportOfAny, language: Language): string {
  const itself = verdictOfItself(report);
  const own = words(
    itself,
    report.checks.filter(({ name }) => name !== 'badges'),
    'record',
  )[language];
  const { all, text } = count(report, language);
  // What decides comes first.
  if (itself !== 'authentic' && itself === report.verdict) return `${own} – ${badgesText(all)}${text}`;
  if (report.verdict !== 'authentic')
    return `${language === 'fr' ? 'Relevé de' : 'Record of'} ${badgesText(all)}${text}`;
  if (language === 'fr') return `${own}, comme ${all === 1 ? 'son badge' : `ses ${all} badges`}`;
  return `${own}, and so ${all === 1 ? 'is its badge' : `are its ${all} badges`}`;
}

/**
 * The verdict for people, with its sign; a suspension is told apart from a withdrawal where that is known. Of a record it
 * says how its badges are, the worst first.
 */
export function verdictText(report: ReportOfAny, language: Language): string {
  const { verdict, checks, badges } = report;
  const whole = isOnlyShown(checks) ? shownText : recordText;
  const text = badges?.length ? whole(report, language) : words(verdict, checks, nounOf(report))[language];
  return `${signs[verdict]} ${text}`;
}

const resultWords = {
  required: { fr: 'demandé', en: 'asked for' },
  allowed: { fr: 'possible', en: 'possible' },
  unnamed: { fr: 'Un résultat', en: 'A result' },
} satisfies Record<string, Words>;

/** What a badge says of a result, as it writes it, beside what it asks for: "Final grade: D (asked for: C)". */
export function resultText(note: ResultNote, language: Language): { name: string; said: string } {
  const [colon, words] = [language === 'fr' ? ' : ' : ': ', resultWords];
  const asked = (['required', 'allowed'] as const).flatMap((part) =>
    note[part] === undefined ? [] : [`${words[part][language]}${colon}${note[part]}`],
  );
  const around = asked.length > 0 ? `(${asked.join(', ')})` : '';
  return {
    name: note.name ?? words.unnamed[language],
    said: [note.achieved ?? '', around].filter((part) => part !== '').join(' '),
  };
}

/** The verdict of one badge of a record, as `verdictText` of the badge alone. */
export const insideText = (badge: InsideReport, language: Language): string => {
  const { verdict } = badge;
  const checks = verdict === 'withdrawn' ? [checkOf('status', failed(withdrawalOf(badge)))] : [];
  return verdictText({ verdict, checks }, language);
};

/** Of one that has expired besides, which of the two is not told by its code. */
const withdrawalOf = ({ code }: InsideReport): MessageCode =>
  code === 'expired' ? 'withdrawn_or_suspended' : code;

/**
 * Is the badge suspended, and known to be no more than that? Then it may count again, which one that has expired
 * meanwhile does not. So may a record when nothing else than suspensions is wrong, of it or of badges in it.
 */
export function isSuspended(report: ReportOfAny): boolean {
  const { verdict, checks, credential, badges = [] } = report;
  // Nobody looked at those beyond.
  if (isOnlyShown(checks) && badges.length >= mostInside) return false;
  if (badges.length > 0 && credential && insideOf(credential).length > badges.length) return false;
  const status = checks.find(({ name, outcome }) => name === 'status' && outcome === 'failed');
  const fallen = badges.filter((badge) => badge.verdict !== 'authentic');
  if (checks.some(({ name, outcome }) => name === 'dates' && outcome !== 'passed')) return false;
  if (verdict !== 'withdrawn' || (status && status.code !== 'suspended')) return false;
  if (!status && (fallen.length === 0 || verdictOfItself(report) !== 'authentic')) return false;
  return fallen.every((badge) => badge.verdict === 'withdrawn' && badge.code === 'suspended');
}
