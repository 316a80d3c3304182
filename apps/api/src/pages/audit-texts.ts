import type { Language } from '#platform';

const texts = {
  fr: {
    heading: 'Journal d’audit',
    lead: 'Chaque jour, Insigne publie une empreinte de tout ce qui a été fait avant. Personne ne peut plus changer le passé sans que cela se voie.',
    what: 'Ce que contient le journal',
    whatText:
      'Chaque ligne dit qui a fait quoi et quand : un badge prévu, signé ou retiré, une clé créée, un fichier importé. Elle ne contient que des numéros et des empreintes, jamais un nom.',
    how: 'Comment vérifier',
    howSteps: [
      'Gardez aujourd’hui l’empreinte d’un jour : notez-la ou téléchargez la liste.',
      'Revenez plus tard : la même date doit montrer la même empreinte. « insigne check --heads FICHIER » compare une liste gardée avec le journal.',
      'Qui tient le service contrôle toute la chaîne avec « insigne check » : chaque ligne est recalculée depuis la première, et chaque empreinte publiée doit s’y trouver.',
    ],
    again: 'Recalculer soi-même',
    againText:
      'Un contrôleur peut demander le journal à qui tient le service (« insigne audit export --until AAAA-MM-JJ > audit.tsv ») et refaire chaque empreinte, de la première à la dernière, avec ces quelques lignes. Le résultat doit être le numéro et l’empreinte publiés pour ce jour.',
    formula:
      'L’empreinte d’une ligne est SHA-256(empreinte de la ligne d’avant, puis l’événement en JSON aux clés triées). Avant la première ligne, l’empreinte est faite de 32 octets nuls.',
    days: 'Empreintes par jour',
    download: 'Télécharger toutes les empreintes (JSON)',
    none: 'La première empreinte sera publiée demain.',
    day: 'Jour (UTC)',
    hash: 'Empreinte',
    seq: 'Numéro de la dernière ligne',
    lines: 'Lignes ce jour-là',
    all: 'Tous les jours',
    oneDay: 'Journal d’audit du {day}',
    older: 'Les jours plus anciens sont dans le fichier.',
  },
  en: {
    heading: 'Audit trail',
    lead: 'Every day Insigne publishes a fingerprint of all that was done before. Nobody can change the past any more without it being seen.',
    what: 'What the trail holds',
    whatText:
      'Each line says who did what and when: a badge planned, signed or revoked, a key made, a file imported. It holds numbers and fingerprints only, never a name.',
    how: 'How to check',
    howSteps: [
      'Keep the fingerprint of a day today: write it down or download the list.',
      'Come back later: the same date must show the same fingerprint. "insigne check --heads FILE" compares a kept list with the trail.',
      'Whoever runs the service checks the whole chain with "insigne check": each line is computed again from the first, and each published fingerprint must be on it.',
    ],
    again: 'Compute it yourself',
    againText:
      'An auditor can ask whoever runs the service for the trail ("insigne audit export --until YYYY-MM-DD > audit.tsv") and make each fingerprint again, from the first to the last, with these few lines. What comes out must be the number and the fingerprint published for that day.',
    formula:
      'The fingerprint of a line is SHA-256(fingerprint of the line before, then the event as JSON with sorted keys). Before the first line the fingerprint is 32 zero bytes.',
    days: 'Fingerprints by day',
    download: 'Download all fingerprints (JSON)',
    none: 'The first fingerprint will be published tomorrow.',
    day: 'Day (UTC)',
    hash: 'Fingerprint',
    seq: 'Number of the last line',
    lines: 'Lines on that day',
    all: 'All days',
    oneDay: 'Audit trail of {day}',
    older: 'Earlier days are in the file.',
  },
};

/** The words of the audit pages. */
export const auditTexts = (language: Language): (typeof texts)['fr'] => texts[language];
