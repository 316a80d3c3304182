import { ArchiveUnavailable, ReconcileArchive, type Reconciliation } from '#badges';
import { chainAudit, DomainError, type Language, type Text, textIn } from '#platform';
import { openCheckDatabase } from './check/check-database.js';
import { connectInstance } from './instance.js';
import { tellOnStderr, terminalLanguage } from './terminal.js';
import type { Words } from './words/command-words.js';

/**
 * `insigne restore reconcile [--dry-run] [--damaged-lost] [--archive-lost] [--json]`: after an older backup was restored, finds what was issued since.
 * `--archive-lost`: what the archive lacks of files that it had is lost for good.
 * @returns 0; 1 when lines of the archive are damaged, a badge differs, or the service runs
 */
export async function restoreCommand({ values }: Words): Promise<number> {
  const { data, port, origin } = values as Record<string, string | undefined>;
  const instance = await connectInstance({ data, port, origin }, process.env, tellOnStderr);
  try {
    if (instance.isServed && !values['dry-run']) {
      tellOnStderr({
        fr: 'Le service tourne sur ces données : arrêtez-le d’abord (Ctrl-C), rien n’a été changé.',
        en: 'The service runs on this data: stop it first (Ctrl-C); nothing was changed.',
      });
      return 1;
    }
    const database = await openCheckDatabase(instance.workerUrl);
    try {
      const dryRun = values['dry-run'] === true;
      const report = await new ReconcileArchive(database, instance.archiveFolder)
        .run({
          dryRun,
          damagedAreLost: values['damaged-lost'] === true,
          missingAreLost: values['archive-lost'] === true,
        })
        .catch(refuseUnreadable(instance.archiveFolder));
      if (!dryRun) await chainAudit(database);
      console.log(
        values.json ? JSON.stringify(report, null, 2) : inWords(report, dryRun, terminalLanguage()),
      );
      return report.damaged.length + report.differing.length === 0 ? 0 : 1;
    } finally {
      await database.destroy();
    }
  } finally {
    await instance.close();
  }
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

function inWords(report: Reconciliation, dryRun: boolean, language: Language): string {
  const { archived, alreadyThere, putBack, orphans, differing, keysPutBack, damaged } = report;
  const { listsBroughtForward: lists, statusesBroughtForward: statuses } = report;
  const lines = [
    ...(dryRun ? [{ fr: 'Essai : rien n’est écrit.', en: 'Dry run: nothing is written.' }] : []),
    {
      fr: `${archived} badges dans l’archive ; ${alreadyThere} déjà là, ${putBack} remis, ${orphans.length} sans attribution.`,
      en: `${archived} badges in the archive; ${alreadyThere} there already, ${putBack} put back, ${orphans.length} without an award.`,
    },
    {
      fr: `${keysPutBack} clés publiques remises ; ${lists} listes de statut remises à jour, ${statuses} états corrigés.`,
      en: `${keysPutBack} public keys put back; ${lists} status lists brought forward, ${statuses} states corrected.`,
    },
    ...(report.placesReserved > 0
      ? [
          {
            fr: `${report.placesReserved} places retirées ou suspendues avant toute signature : réservées pour toujours.`,
            en: `${report.placesReserved} places revoked or suspended before anything was signed: reserved for ever.`,
          },
        ]
      : []),
    ...(report.auditLinesLost > 0
      ? [
          {
            fr: `Le journal d’audit a perdu ${report.auditLinesLost} lignes avec la base : il continue depuis la sauvegarde, et l’archive le note.`,
            en: `The audit chain lost ${report.auditLinesLost} lines with the database: it goes on from the backup, and the archive notes it.`,
          },
        ]
      : []),
    ...report.issuersPutBack.map(({ slug }) => ({
      fr: `  structure remise avec ce qu’elle montrait d’elle : ${slug}. Enregistrez-la à nouveau pour la compléter.`,
      en: `  structure put back with what it showed of itself: ${slug}. Record it again to complete it.`,
    })),
    ...orphans.map(({ credentialId, badgeCode, why }) => {
      // Without its organisation there is no list in which it could have a place.
      const hasList = why !== 'organisation_unknown';
      return {
        fr: `  sans attribution : ${credentialId} (${badgeCode}), ${why} ; ${hasList ? 'sa place reste réservée' : 'sa liste est perdue : il ne peut être ni vérifié ni retiré'}.`,
        en: `  without an award: ${credentialId} (${badgeCode}), ${why}; ${hasList ? 'its place stays reserved' : 'its list is lost: it can be neither checked nor revoked'}.`,
      };
    }),
    ...differing.map((id) => ({
      fr: `  ${id} a d’autres octets dans la base que dans l’archive : lancez « insigne check ».`,
      en: `  ${id} has other bytes in the database than in the archive: run "insigne check".`,
    })),
    ...damaged.map(({ file, line }) => ({
      fr: `  ligne ${line} de ${file} abîmée : remettez ce fichier depuis sa copie, puis recommencez. Sans copie : --damaged-lost.`,
      en: `  line ${line} of ${file} is damaged: put this file back from its copy, then run again. No copy: --damaged-lost.`,
    })),
  ];
  return lines.map((line) => textIn(line, language)).join('\n');
}
