import type { Reconciliation } from '#badges';
import { type Language, type Text, textIn } from '#platform';
import { firstOf, howToSeeAll } from './first-of.js';

/** What a reconciliation did, or with a dry run would do, for a person. */
export function reconciliationInWords(report: Reconciliation, dryRun: boolean, language: Language): string {
  const { archived, statements, repeated, alreadyThere, putBack, orphans, differing, keysPutBack, damaged } =
    report;
  const others =
    statements > 0
      ? {
          fr: ` et ${statements} autres documents signés (recommandations, réunions, VC-API)`,
          en: ` and ${statements} other signed documents (endorsements, records, VC-API)`,
        }
      : { fr: '', en: '' };
  const { listsBroughtForward: lists, statusesBroughtForward: statuses } = report;
  const lines = [
    ...(dryRun ? [{ fr: 'Essai : rien n’est écrit.', en: 'Dry run: nothing is written.' }] : []),
    {
      fr: `${archived - statements} badges${others.fr} dans l’archive ; ${alreadyThere} déjà là, ${putBack} remis, ${orphans.length} sans attribution.`,
      en: `${archived - statements} badges${others.en} in the archive; ${alreadyThere} there already, ${putBack} put back, ${orphans.length} without an award.`,
    },
    ...(repeated > 0
      ? [
          {
            fr: `${repeated} lignes de l’archive répètent un badge ou un document déjà compté : c’est normal.`,
            en: `${repeated} lines of the archive repeat a badge or document that is counted already: that is normal.`,
          },
        ]
      : []),
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
    ...orphansInWords(report),
    ...firstOf(
      differing,
      (id) => ({
        fr: `  ${id} a d’autres octets dans la base que dans l’archive : lancez « insigne check ».`,
        en: `  ${id} has other bytes in the database than in the archive: run "insigne check".`,
      }),
      { fr: 'avec d’autres octets', en: 'with other bytes' },
    ),
    ...firstOf(
      damaged,
      ({ file, line }) => ({
        fr: `  ligne ${line} de ${file} abîmée : remettez ce fichier depuis sa copie, puis recommencez. Sans copie : --damaged-lost.`,
        en: `  line ${line} of ${file} is damaged: put this file back from its copy, then run again. No copy: --damaged-lost.`,
      }),
      { fr: 'lignes abîmées', en: 'damaged lines' },
    ),
  ];
  return lines.map((line) => textIn(line, language)).join('\n');
}

const orphansInWords = ({ orphans, orphansBefore }: Reconciliation): Required<Text>[] => [
  ...firstOf(
    orphans,
    ({ credentialId, badgeCode, why }) => {
      // Without its organisation there is no list in which it could have a place.
      const hasList = why !== 'organisation_unknown';
      return {
        fr: `  sans attribution : ${credentialId} (${badgeCode}), ${why} ; ${hasList ? 'sa place reste réservée' : 'sa liste est perdue : il ne peut être ni vérifié ni retiré'}.`,
        en: `  without an award: ${credentialId} (${badgeCode}), ${why}; ${hasList ? 'its place stays reserved' : 'its list is lost: it can be neither checked nor revoked'}.`,
      };
    },
    { fr: 'sans attribution', en: 'without an award' },
  ),
  // The dry run gives the orphans of earlier reconciliations too.
  ...(orphansBefore.length > 0
    ? [
        {
          fr: `  ${orphansBefore.length} sans attribution depuis un rapprochement précédent (${howToSeeAll.fr}).`,
          en: `  ${orphansBefore.length} without an award since an earlier reconciliation (${howToSeeAll.en}).`,
        },
      ]
    : []),
];
