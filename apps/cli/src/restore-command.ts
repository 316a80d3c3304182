import type { DataSource } from 'typeorm';
import { ArchiveUnavailable, ReconcileArchive, someWorkerBeats } from '#badges';
import { chainAudit, DomainError, type Text, whileNobodyServes } from '#platform';
import { openCheckDatabase } from './check/check-database.js';
import { connectInstance } from './instance.js';
import { reconciliationInWords } from './restore-words.js';
import { tellOnStderr, terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';
import { actorIn } from './words/who.js';

/**
 * `insigne restore reconcile [--dry-run] [--damaged-lost] [--archive-lost] [--json] [--by CODE]`: after an older backup was restored, finds what was issued since.
 * `--archive-lost`: what the archive lacks of files that it had is lost for good.
 * @returns 0; 1 when lines of the archive are damaged, a badge differs, or the service runs
 */
export async function restoreCommand({ values }: Words): Promise<number> {
  const { data, port, origin } = values as Record<string, string | undefined>;
  const instance = await connectInstance({ data, port, origin }, process.env, tellOnStderr);
  try {
    const database = await openCheckDatabase(instance.workerUrl);
    try {
      if (values['dry-run']) return await reconcile(database, instance.archiveFolder, values);
      // A worker of an older version, or one that has just lost its connection, holds no lock.
      const code = instance.isServed
        ? undefined
        : await whileNobodyServes(instance.workerUrl, async () =>
            (await someWorkerBeats(database))
              ? undefined
              : await reconcile(database, instance.archiveFolder, values),
          );
      if (code === undefined) tellOnStderr(serviceRuns);
      return code ?? 1;
    } finally {
      await database.destroy();
    }
  } finally {
    await instance.close();
  }
}

const serviceRuns = {
  fr: 'Le service tourne sur ces données : arrêtez-le d’abord (Ctrl-C ; ou chaque api et chaque worker), rien n’a été changé. S’il vient d’être coupé net, recommencez dans une minute.',
  en: 'The service runs on this data: stop it first (Ctrl-C; or every api and every worker); nothing was changed. If it has just been cut off, run again in a minute.',
};

async function reconcile(
  database: DataSource,
  archiveFolder: string,
  values: Words['values'],
): Promise<number> {
  const dryRun = values['dry-run'] === true;
  const report = await new ReconcileArchive(database, archiveFolder)
    .run({
      dryRun,
      damagedAreLost: values['damaged-lost'] === true,
      missingAreLost: values['archive-lost'] === true,
      by: actorIn({ values }),
    })
    .catch(refuseUnreadable(archiveFolder));
  if (!dryRun) await chainAudit(database);
  console.log(
    values.json ? JSON.stringify(report, null, 2) : reconciliationInWords(report, dryRun, terminalLanguage()),
  );
  return report.damaged.length + report.differing.length === 0 ? 0 : 1;
}

/** The archive, or a file of it, cannot be read or written (`archive_unreadable`). */
class ArchiveUnreadable extends DomainError {
  readonly code = 'archive_unreadable';
  constructor(
    folder: string,
    cause: NodeJS.ErrnoException,
    readonly text: Required<Text> = {
      fr: `L’archive ${folder} ne peut pas être lue ou écrite (${cause.code}) : rendez à ce compte le droit d’y lire et d’y écrire, ou remettez le fichier depuis sa sauvegarde, puis recommencez. Ce qui est déjà remis n’est pas perdu.`,
      en: `The archive ${folder} cannot be read or written (${cause.code}): let this account read and write it, or put the file back from its backup, then run again. What was put back already is not lost.`,
    },
  ) {
    super(text.en, { cause });
  }
}

const refuseUnreadable =
  (folder: string) =>
  (error: NodeJS.ErrnoException): never => {
    if (error instanceof ArchiveUnavailable)
      throw new ArchiveUnreadable(folder, error.cause as NodeJS.ErrnoException);
    const isOfSystem = /^(E[A-Z]+|Z_[A-Z_]+)$/.test(error.code ?? '') && !(error instanceof DomainError);
    throw isOfSystem ? new ArchiveUnreadable(folder, error) : error;
  };
