import type { Text } from '#platform';

const unchanged = (fr: string, en: string): Text => ({
  fr: `${fr} Rien n’a été changé.`,
  en: `${en} Nothing was changed.`,
});

/** Refusals of endorsements and records, by code, or by code and reason. */
export const statementRefusals: [string, Text][] = Object.entries({
  'endorsement_refused unknown': unchanged(
    'Ce badge n’est pas au catalogue de cette organisation, ou n’y est pas délivré.',
    'No such badge in the catalogue of this organisation, or none issued.',
  ),
  'endorsement_refused not_shown': unchanged(
    'La personne ne montre pas ce badge : personne du dehors ne peut en parler.',
    'The learner does not show this badge: nobody outside can say something of it.',
  ),
  'endorsement_refused agreement_missing': unchanged(
    'Ces mots parlent d’une personne : demandez-lui si elle accepte qu’on les montre, puis ajoutez --learner-agreed.',
    'This says something of one learner: ask whether the learner agrees that it is shown, then add --learner-agreed.',
  ),
  'endorsement_refused oneself': unchanged(
    'Une organisation ne se recommande pas elle-même.',
    'An organisation does not endorse itself.',
  ),
  'endorsement_refused not_authentic': unchanged(
    'La recommandation signée ailleurs ne tient plus : « insigne verify » dit pourquoi.',
    'The endorsement that was signed elsewhere does not hold any more: "insigne verify" says why.',
  ),
  endorsement_refused: unchanged(
    'Ces mots ne peuvent pas être pris : 20 à 1 500 caractères, sans lien, sans adresse, sans téléphone.',
    'These words cannot be taken: 20 to 1,500 characters, without links, addresses and telephone numbers.',
  ),
  endorsement_link_invalid: unchanged(
    'Ce lien est inconnu, a déjà servi ou est trop ancien : demandez-en un autre.',
    'This link is unknown, was used or is out of date: ask for another.',
  ),
  endorsement_not_found: unchanged(
    'Aucune recommandation de ce numéro pour cette organisation : « insigne endorse list » les donne.',
    'No endorsement with this id for this organisation: "insigne endorse list" gives them.',
  ),
  endorsement_state_conflict: unchanged(
    'Son état ne le permet pas : relisez-le avec « insigne endorse list ».',
    'Its state does not allow it: read it with "insigne endorse list".',
  ),
  endorsement_too_many_open: unchanged(
    'Trop de demandes sont ouvertes : décidez ou annulez-en d’abord.',
    'Too many questions are open: decide or cancel some first.',
  ),
  'record_refused awards': unchanged(
    'Donnez 1 à 25 attributions différentes d’une même personne : « insigne badge list » les donne.',
    'Give 1 to 25 different awards of one person: "insigne badge list" gives them.',
  ),
  'record_refused not_issued': unchanged(
    'Un de ces badges n’est pas signé.',
    'One of these badges is not signed.',
  ),
  'record_refused not_shown': unchanged(
    'La personne ne montre pas un de ces badges.',
    'The learner does not show one of these badges.',
  ),
  'record_refused withdrawn': unchanged(
    'Un de ces badges est retiré ou suspendu.',
    'One of these badges is revoked or suspended.',
  ),
  'record_refused consent': unchanged(
    'Le jour de l’accord est dans l’avenir.',
    'The day on which the learner agreed is in the future.',
  ),
  'record_refused too_large': unchanged(
    'Ces badges sont trop gros pour un seul fichier : choisissez-en moins.',
    'The badges are too large for one record: choose fewer.',
  ),
  record_not_found: unchanged(
    'Aucune réunion de badges de ce numéro : « insigne record list » les donne.',
    'No record with this id: "insigne record list" gives them.',
  ),
});
