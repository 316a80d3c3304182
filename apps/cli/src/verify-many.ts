import type { Language } from '#platform';
import { DomainError } from '#platform/basics';
import type { BadgeReport } from '#verification';
import type { CommandOutput } from './verify-command.js';

export interface Checked {
  report: BadgeReport;
  code: number;
  /** The verdict in words, with its sign. */
  title: string;
}

export type Checker = (source: string) => Promise<Checked>;

/** At once: enough to wait for several servers, few enough to be no burden to one. */
const lanes = 6;
const tellEveryMs = 2_000;

/** The gravest of several exit codes. */
const gravest = (codes: Set<number>): number => [1, 2, 3].find((code) => codes.has(code)) ?? 0;

/**
 * Verifies many badges, a line each in the order in which they were named, with progress on stderr and a count at the
 * end. What is no badge is a line as well, and stops nothing.
 * @returns the gravest exit code
 */
export async function verifyMany(
  sources: string[],
  check: Checker,
  { json, language }: { json: boolean; language: Language },
  io: CommandOutput,
): Promise<number> {
  const lines: (string | undefined)[] = [];
  const counts = new Map<string, number>();
  const codes = new Set<number>();
  let [next, written, done] = [0, 0, 0];
  let toldAt = performance.now();
  const lane = async (): Promise<void> => {
    while (next < sources.length) {
      const at = next;
      next += 1;
      const { line, title, code } = await oneLine(sources[at]!, check, json, language);
      lines[at] = line;
      counts.set(title, (counts.get(title) ?? 0) + 1);
      codes.add(code);
      done += 1;
      for (; written < sources.length && lines[written] !== undefined; written += 1) {
        io.stdout.write(`${lines[written]}\n`);
        lines[written] = '';
      }
      if (performance.now() - toldAt < tellEveryMs) continue;
      toldAt = performance.now();
      io.stderr.write(`  … ${done} / ${sources.length}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, sources.length) }, lane));
  const total = [...counts].sort(([, a], [, b]) => b - a).map(([title, number]) => `${number} × ${title}`);
  io.stderr.write(`${sources.length} : ${total.join(', ')}\n`);
  return gravest(codes);
}

async function oneLine(
  source: string,
  check: Checker,
  json: boolean,
  language: Language,
): Promise<{ line: string; title: string; code: number }> {
  try {
    const { report, title, code } = await check(source);
    const name = report.credential?.id;
    const line = json ? jsonText(jsonReport(source, report)) : `${title}  ${plain(source)}`;
    return {
      line:
        json || typeof name !== 'string' || name === source ? line : `${line}  ${plain(name).slice(0, 200)}`,
      title,
      code,
    };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const title = language === 'fr' ? '? pas de badge' : '? no badge';
    const line = json
      ? jsonText(noReport(source, error))
      : `${title}  ${plain(source)}  ${noBadgeText(source, error, language)}`;
    return { line, title, code: 2 };
  }
}

/** What steers a terminal, turns the words around it, or is not seen: of strangers' texts and names of files. */
const steering =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  /[\u0000-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

const plain = (text: string): string => text.replace(steering, ' ');

const escaped = (characters: string): string =>
  [...characters]
    .flatMap((one) => one.split(''))
    .map(codeUnit)
    .join('');
const codeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The same value as JSON in which nothing steers a terminal that shows it: such characters are written as `\\u…`. */
export const jsonText = (value: object, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(steering, (one) => (one === '\n' ? one : escaped(one)));

const texts: Record<string, Record<Language, string>> = {
  address_unreachable: { fr: 'Pas de badge public à cette adresse', en: 'No public badge at this address' },
  badge_gone: {
    fr: 'Le badge de cette adresse n’existe plus, son émetteur l’a retiré ou effacé',
    en: 'The badge at this address is gone, its issuer withdrew or deleted it',
  },
  no_badge_in_picture: {
    fr: 'L’image ne contient ni badge ni code QR lisible',
    en: 'The picture holds neither a badge nor a readable QR code',
  },
  not_a_badge: {
    fr: 'Ce n’est pas un badge : il faut son lien (https://…), son image (PNG, SVG) ou son fichier (JSON, JWT)',
    en: 'This is no badge: give its link (https://…), its picture (PNG, SVG) or its file (JSON, JWT)',
  },
  paper_handed_in: {
    fr: 'Un PDF ne contient pas le badge : scannez le code imprimé sur le certificat, ou donnez son adresse courte',
    en: 'A PDF does not hold the badge: scan the code printed on the certificate, or give its short address',
  },
  qr_without_address: { fr: 'Le code QR ne contient pas d’adresse', en: 'The QR code holds no address' },
  picture_too_large: { fr: 'L’image a trop de points', en: 'The picture has too many dots' },
};

/** Why there was no badge to verify, for people. */
export function noBadgeText(source: string, error: DomainError, language: Language): string {
  const text = texts[(error as { code?: string }).code ?? ''];
  return plain(
    text
      ? `${text[language]}${language === 'fr' ? ' : ' : ': '}${error.message}`
      : `${source}: ${error.message}`,
  );
}

/**
 * What `--json` prints of a badge, as it may be passed on (`withoutFalseNames`); not the credential itself, which is in
 * the hands of who asks.
 */
export const jsonReport = (source: string, report: BadgeReport): object => ({
  source,
  verdict: report.verdict,
  id: report.credential?.id,
  issuer: report.issuer,
  subject: report.subject,
  badgeClass: report.badgeClass,
  format: report.format?.name,
  identity: report.identity,
  endorsements: report.endorsements,
  results: report.results,
  badges: report.badges,
  checks: report.checks,
  notChecked: report.notChecked,
  notProven: report.notProven,
});

/** What `--json` prints where there was no badge. */
export const noReport = (source: string, error: DomainError): object => ({
  source,
  verdict: 'cannot_check',
  checks: [],
  error: (error as { code?: string }).code,
});
