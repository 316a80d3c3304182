import { readFile, stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Language } from '#platform';
import { DomainError } from '#platform/basics';
import type { Recipient, Verdict } from '#verification';
import { type Checker, jsonReport, jsonText, noBadgeText, noReport, verifyMany } from './verify-many.js';
import { NoSource, skippedText, sourcesOf } from './verify-sources.js';

/** Where a command writes, and the instant it takes for now. */
export interface CommandOutput {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  now?: Date;
}

const usage = {
  fr: `Usage : insigne verify FICHIER|DOSSIER|ADRESSE … [--list FICHIER] [--name NOM] [--email E-MAIL]
                       [--json] [--lang fr|en] [--origin http://localhost:4180]
  Vérifie tout Open Badge 3.0 ou 2.0 : JSON, JWT, image PNG ou SVG, photo d’un code QR. Un dossier, plusieurs
  badges, ou une liste (une adresse ou un fichier par ligne) sont vérifiés six à la fois, une ligne chacun, dans
  l’ordre donné ; avec --json, une ligne JSON chacun. D’un dossier, les fichiers .json .jsonld .jwt .jws .txt .png
  .svg .jpg .jpeg. Code de sortie : 0 authentique, 1 non authentique, retiré ou expiré,
  2 impossible à vérifier, 3 suspendu pour le moment et pas expiré, comme un relevé dont seuls des badges le sont,
  64 commande incorrecte ; de plusieurs, le plus grave : 1, puis 2, puis 3.
`,
  en: `Usage: insigne verify FILE|FOLDER|URL … [--list FILE] [--name NAME] [--email E-MAIL]
                      [--json] [--lang fr|en] [--origin http://localhost:4180]
  Checks any Open Badge 3.0 or 2.0: JSON, JWT, PNG or SVG picture, photo of a QR code. A folder, several badges, or
  a list (an address or a file on each line) are checked six at a time, a line each, in the order given; with
  --json, a line of JSON each. Of a folder, the files .json .jsonld .jwt .jws .txt .png .svg .jpg .jpeg. Exit code:
  0 authentic, 1 not authentic, withdrawn or expired, 2 could not be checked, 3 suspended for now and not expired, as
  a record is when nothing but badges in it are, 64 wrong command; of several, the gravest: 1, then 2, then 3.
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
const largestFile = 5 * 1024 * 1024;

/**
 * `insigne verify FILE|FOLDER|URL … [--list FILE] [--name NAME] [--email E-MAIL] [--json] [--lang fr|en]
 * [--origin URL]`: verifies badges and prints the named checks, or of several a line each.
 * @param argv what follows `verify` on the command line
 * @returns exit code: 0 authentic, 1 not authentic, withdrawn (or suspended, when which of the two is not known) or
 *   expired (suspended besides or not), 2 could not be checked, 3 suspended for now, 64 wrong usage; of several badges 1 before 2 before 3
 */
export async function runVerify(argv: string[], io: CommandOutput): Promise<number> {
  const request = readArguments(argv);
  if (typeof request === 'string') {
    io.stderr.write(request);
    return 64;
  }
  const { json, language } = request;
  try {
    const sources = await sourcesOf(request.sources, request.list, language, request.origin);
    const left = skippedText(sources.skipped, language);
    if (left !== '') io.stderr.write(`${left}\n`);
    const checked = await checkerOf(request, io.now);
    if (sources.isOne) return await verifyOne(sources.all[0]!, checked, request, io);
    return await verifyMany(sources.all, checked, { json, language }, io);
  } catch (error) {
    if (!(error instanceof NoSource)) throw error;
    io.stderr.write(`${error.message}\n`);
    return 64;
  }
}

/** Verifies what is at a path or an address. @throws DomainError when there is no badge, NoSource when no file */
async function checkerOf({ language, origin, recipient }: VerifyRequest, now?: Date): Promise<Checker> {
  const verification = await import('#verification');
  const { badgeOfFile, badgeOfText, GuardedFetcher, isAddress, KeyDocuments, onlyBadge } = verification;
  const fetcher = new GuardedFetcher({ ownOrigin: origin });
  const options = { fetcher, origin, recipient, keyDocuments: new KeyDocuments() };
  return async (source) => {
    const badge = isAddress(source)
      ? await badgeOfText(source, fetcher)
      : await badgeOfFile(await readBadgeFile(source, language), fetcher);
    const whole = await verification.verifyBadge(onlyBadge(badge), { ...options, now: now ?? new Date() });
    const report = verification.withoutFalseNames(whole);
    const code = verification.isSuspended(report) ? suspendedCode : exitCodes[report.verdict];
    return { report, code, title: verification.verdictText(report, language) };
  };
}

async function verifyOne(
  source: string,
  check: Checker,
  { json, language }: VerifyRequest,
  io: CommandOutput,
): Promise<number> {
  const { formatReport } = await import('#verification');
  try {
    const { report, code } = await check(source);
    io.stdout.write(
      json ? `${jsonText(jsonReport(source, report), 2)}\n` : `${formatReport(report, language)}\n`,
    );
    return code;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    if (json) io.stdout.write(`${jsonText(noReport(source, error))}\n`);
    io.stderr.write(`${noBadgeText(source, error, language)}\n`);
    return error instanceof NoSource ? 64 : 2;
  }
}

interface VerifyRequest {
  sources: string[];
  list?: string;
  recipient?: Recipient;
  json: boolean;
  language: Language;
  origin?: string;
}

function readArguments(argv: string[]): VerifyRequest | string {
  let language: Language = Intl.DateTimeFormat().resolvedOptions().locale.startsWith('fr') ? 'fr' : 'en';
  try {
    const { values, positionals } = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        lang: { type: 'string' },
        list: { type: 'string' },
        name: { type: 'string' },
        email: { type: 'string' },
        origin: { type: 'string' },
      },
    });
    if (values.lang !== undefined && values.lang !== 'fr' && values.lang !== 'en') return usage[language];
    language = values.lang ?? language;
    const { list, name, email } = values;
    if (positionals.length === 0 && list === undefined) return usage[language];
    if (values.origin !== undefined && !/^https?:\/\/[^/?#\s]+$/.test(values.origin)) return usage[language];
    return {
      sources: positionals,
      ...(list === undefined ? {} : { list }),
      ...(name || email ? { recipient: { ...(name && { name }), ...(email && { email }) } } : {}),
      json: values.json,
      language,
      origin: values.origin ?? loopbackOrigin(positionals[0] ?? ''),
    };
  } catch {
    return usage[language];
  }
}

// Who types an address of this very machine means the service that runs on it.
function loopbackOrigin(source: string): string | undefined {
  const address = /^(localhost|127\.|\[::1\])/i.test(source) ? `http://${source}` : source;
  if (!/^http:\/\//i.test(address) || !URL.canParse(address)) return undefined;
  const { hostname, origin } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
    ? origin
    : undefined;
}

async function readBadgeFile(file: string, language: Language): Promise<Buffer> {
  try {
    if ((await stat(file)).size <= largestFile) return await readFile(file);
  } catch {
    // Told below, as for a file that is too large.
  }
  throw new NoSource(
    language === 'fr'
      ? `Le fichier ${file} n’existe pas, ne se lit pas ou dépasse 5 Mo.`
      : `The file ${file} does not exist, cannot be read or is larger than 5 MB.`,
  );
}
