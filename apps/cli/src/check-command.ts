import { readFileSync } from 'node:fs';
import { Organisation } from '#people';
import { DomainError, textIn } from '#platform';
import { openCheckDatabase } from './check/check-database.js';
import { type CheckReport, checkIssued } from './check/check-issued.js';
import { CheckProgress } from './check/check-progress.js';
import { reportInWords, reportWithWords } from './check/check-words.js';
import type { KeptHead } from './check/database-faults.js';
import { OrganisationNotFound } from './command.js';
import { connectInstance } from './instance.js';
import { tellOnStderr, terminalLanguage } from './terminal.js';
import { Usage, type Words } from './words/command-words.js';
import { isDay } from './words/instants.js';

const [couldNotCheck, incomplete] = [2, 3];

/**
 * `insigne check`: re-reads everything that was issued. Ctrl-C ends it and tells what was read until then.
 * @returns 0 when all is as it must be, 1 when there are faults, 2 when it could not be checked, 3 when it was ended
 *   before everything was read
 */
export async function checkCommand({ values }: Words): Promise<number> {
  const given = values as Record<string, string | undefined>;
  const language = terminalLanguage();
  const ending = new AbortController();
  const end = (): void => {
    if (ending.signal.aborted) process.exit(incomplete);
    tellOnStderr({
      fr: 'Arrêt du contrôle… (encore une fois pour quitter tout de suite)',
      en: 'Ending the check… (once more to leave at once)',
    });
    ending.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
  try {
    const keptHeads = given.heads === undefined ? [] : headsIn(given.heads);
    const report = await run(given, keptHeads, ending.signal);
    console.log(
      values.json ? JSON.stringify(reportWithWords(report), null, 2) : reportInWords(report, language),
    );
    if (!report.isComplete) leaveSoon();
    if (!report.isComplete) return incomplete;
    return report.faults.length === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof Usage) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    const told = (error as { text?: { fr: string; en: string } }).text;
    const why = (told && textIn(told, language)) || message || code;
    tellOnStderr({
      fr: `Le contrôle n’a pas pu se faire : ${why}`,
      en: `The check could not be made: ${why}`,
    });
    return couldNotCheck;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  }
}

/** What was asked of the database before the end, and not answered, would keep the process alive. */
const leaveSoon = (): void => {
  setTimeout(() => process.exit(incomplete), 500).unref();
};

async function run(
  given: Record<string, string | undefined>,
  keptHeads: KeptHead[],
  signal: AbortSignal,
): Promise<CheckReport> {
  const { data, port, origin, organisation, since } = given;
  const instance = await connectInstance({ data, port, origin }, process.env, tellOnStderr);
  try {
    const database = await openCheckDatabase(instance.workerUrl);
    let isOver = false;
    try {
      const organisations = database.getRepository(Organisation);
      const found =
        organisation === undefined ? undefined : await organisations.findOneBy({ slug: organisation });
      if (found === null)
        throw new OrganisationNotFound(
          organisation!,
          (await organisations.find({ order: { slug: 'ASC' } })).map(({ slug }) => slug),
        );
      const progress = new CheckProgress(tellOnStderr);
      const report = await checkIssued(database, {
        databaseUrl: instance.workerUrl,
        origin: instance.origin,
        archiveFolder: instance.archiveFolder,
        scope: { organisationId: found?.id, since },
        keptHeads,
        signal,
        onProgress: (step, done, total) => {
          if (!isOver) progress.at(step, done, total);
        },
      });
      isOver = true;
      return report;
    } finally {
      // What a check that was ended still asks of the database must hold nobody up.
      await Promise.race([
        database.destroy(),
        new Promise((resolve) => setTimeout(resolve, 2_000).unref()),
      ]).catch(() => undefined);
    }
  } finally {
    await instance.close();
  }
}

/** The file is not one of kept heads (`kept_heads_unreadable`). */
class KeptHeadsUnreadable extends DomainError {
  readonly code = 'kept_heads_unreadable';
  constructor(file: string, why: string) {
    super(
      `${file} ne contient pas d’empreintes gardées (${why}) : téléchargez /audit/heads.json et gardez ce fichier. / ` +
        `${file} holds no kept fingerprints (${why}): download /audit/heads.json and keep that file.`,
    );
  }
}

/** @throws KeptHeadsUnreadable (`kept_heads_unreadable`) */
function headsIn(file: string): KeptHead[] {
  let kept: { heads?: unknown };
  try {
    kept = JSON.parse(readFileSync(file, 'utf8')) as { heads?: unknown };
  } catch (error) {
    throw new KeptHeadsUnreadable(file, (error as NodeJS.ErrnoException).code ?? 'JSON');
  }
  // The list, or one day's answer.
  const heads = Array.isArray(kept?.heads)
    ? (kept.heads as Partial<KeptHead>[])
    : [kept as Partial<KeptHead>];
  for (const [place, head] of heads.entries())
    if (
      !head ||
      !isDay(head.day) ||
      !Number.isSafeInteger(head.seq) ||
      !/^[0-9a-f]{64}$/.test(String(head.hash))
    )
      throw new KeptHeadsUnreadable(file, `/heads/${place}`);
  return heads as KeptHead[];
}
