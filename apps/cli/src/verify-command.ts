import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Language } from '#platform';
import { DomainError } from '#platform/basics';
import type { GuardedFetcher, Verdict, VerificationReport } from '#verification';

/** Where a command writes, and the instant it takes for now. */
export interface CommandOutput {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  now?: Date;
}

const usage = {
  fr: `Usage : insigne verify FICHIER|ADRESSE [--json] [--lang fr|en] [--origin http://localhost:4180]
  Vérifie un Open Badge 3.0 (JSON ou JWT). Code de sortie : 0 authentique, 1 non authentique, retiré ou expiré,
  2 impossible à vérifier, 3 suspendu pour le moment, 64 commande incorrecte.
`,
  en: `Usage: insigne verify FILE|URL [--json] [--lang fr|en] [--origin http://localhost:4180]
  Checks an Open Badge 3.0 (JSON or JWT). Exit code: 0 authentic, 1 not authentic, withdrawn or expired,
  2 could not be checked, 3 suspended for now, 64 wrong command.
`,
};

const exitCodes: Record<Verdict, number> = {
  authentic: 0,
  expired: 1,
  withdrawn: 1,
  not_authentic: 1,
  cannot_check: 2,
};
const suspendedCode = 3;
const accept =
  'application/vc+ld+json, application/ld+json;q=0.9, application/json;q=0.8, application/vc+jwt;q=0.7, text/plain;q=0.5';
const largestFile = 1024 * 1024;

/**
 * `insigne verify FILE|URL [--json] [--lang fr|en] [--origin URL]`: verifies a badge and prints the named checks.
 * @param argv what follows `verify` on the command line
 * @returns exit code: 0 authentic, 1 not authentic, withdrawn (or suspended, when which of the two is not known) or
 *   expired, 2 could not be checked, 3 suspended for now, 64 wrong usage
 */
export async function runVerify(argv: string[], io: CommandOutput): Promise<number> {
  const request = readArguments(argv);
  if (typeof request === 'string') {
    io.stderr.write(request);
    return 64;
  }
  const { source, json, language, origin } = request;
  const { formatReport, GuardedFetcher, isSuspended, verifyCredential } = await import('#verification');
  const fetcher = new GuardedFetcher({ ownOrigin: origin });
  let input: string;
  try {
    input = isUrl(source) ? await download(source, fetcher, language) : await readBadgeFile(source, language);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (json)
      io.stdout.write(
        `${JSON.stringify({ source, verdict: 'cannot_check', checks: [], error: error.code })}\n`,
      );
    io.stderr.write(`${error.message}\n`);
    return error instanceof NoBadge ? error.exitCode : 2;
  }
  const report = await verifyCredential(input, { fetcher, now: io.now ?? new Date(), origin });
  io.stdout.write(
    json ? `${JSON.stringify(jsonReport(source, report), null, 2)}\n` : `${formatReport(report, language)}\n`,
  );
  return isSuspended(report) ? suspendedCode : exitCodes[report.verdict];
}

interface VerifyRequest {
  source: string;
  json: boolean;
  language: Language;
  origin?: string;
}

class NoBadge extends DomainError {
  constructor(
    readonly code: 'file_unreadable' | 'badge_not_found',
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

const isUrl = (text: string): boolean => /^https?:\/\//i.test(text);

function readArguments(argv: string[]): VerifyRequest | string {
  let language: Language = Intl.DateTimeFormat().resolvedOptions().locale.startsWith('fr') ? 'fr' : 'en';
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        lang: { type: 'string' },
        origin: { type: 'string' },
      },
    });
    if (values.lang !== undefined && values.lang !== 'fr' && values.lang !== 'en') return usage[language];
    language = values.lang ?? language;
    const [source, ...more] = positionals;
    if (!source || more.length > 0) return usage[language];
    if (values.origin !== undefined && !/^https?:\/\/[^/?#\s]+$/.test(values.origin)) return usage[language];
    return { source, json: values.json, language, origin: values.origin ?? loopbackOrigin(source) };
  } catch {
    return usage[language];
  }
}

// Who types an address of this very machine means the service that runs on it.
function loopbackOrigin(source: string): string | undefined {
  if (!/^http:\/\//i.test(source) || !URL.canParse(source)) return undefined;
  const { hostname, origin } = new URL(source);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
    ? origin
    : undefined;
}

async function download(url: string, fetcher: GuardedFetcher, language: Language): Promise<string> {
  const { status, body } = await fetcher.fetch(url, accept);
  if (status === 200) return body;
  const message =
    language === 'fr'
      ? `Pas de badge public à ${url} (réponse ${status}).`
      : `No public badge at ${url} (answer ${status}).`;
  throw new NoBadge('badge_not_found', 2, message);
}

async function readBadgeFile(file: string, language: Language): Promise<string> {
  try {
    if ((await stat(file)).size <= largestFile) return await readFile(file, 'utf8');
  } catch {
    // Told below, as for a file that is too large.
  }
  const message =
    language === 'fr'
      ? `Le fichier ${file} n’existe pas, ne se lit pas ou dépasse 1 Mo.`
      : `The file ${file} does not exist, cannot be read or is larger than 1 MB.`;
  throw new NoBadge('file_unreadable', 64, message);
}

const jsonReport = (source: string, { verdict, checks, issuer, credential }: VerificationReport): object => ({
  source,
  verdict,
  id: credential?.id,
  issuer,
  checks,
});
