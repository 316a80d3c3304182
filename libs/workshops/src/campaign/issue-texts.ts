import type { Severity } from './issue.js';

export interface IssueText {
  severity: Severity;
  fr: string;
  en: string;
  doFr: string;
  doEn: string;
}

const text = (severity: Severity, fr: string, doFr: string, en: string, doEn: string): IssueText => ({
  severity,
  fr,
  en,
  doFr,
  doEn,
});

const ofFiles = {
  file_empty: text(
    'reject',
    'Le fichier est vide.',
    'Exportez de nouveau la campagne et choisissez ce fichier.',
    'The file is empty.',
    'Export the campaign again and choose that file.',
  ),
  file_too_large: text(
    'reject',
    'Le fichier pèse {0} Mo ; la limite est de {1} Mo.',
    'Découpez la campagne en plusieurs fichiers, avec la ligne de titres dans chacun.',
    'The file has {0} MB; the limit is {1} MB.',
    'Split the campaign into several files, each with the header line.',
  ),
  file_too_many_rows: text(
    'reject',
    'Le fichier a plus de {0} lignes.',
    'Découpez la campagne en plusieurs fichiers, avec la ligne de titres dans chacun.',
    'The file has more than {0} rows.',
    'Split the campaign into several files, each with the header line.',
  ),
  file_not_utf8: text(
    'reject',
    "Le fichier n'est pas enregistré en UTF-8 : les accents seraient perdus (octet illisible à la ligne {0}).",
    'Dans votre tableur : Fichier > Enregistrer sous > « CSV UTF-8 (délimité par des virgules ou points-virgules) », puis recommencez.',
    'The file is not saved as UTF-8: accents would be lost (unreadable byte on line {0}).',
    'In your spreadsheet program: File > Save as > "CSV UTF-8", then try again.',
  ),
  file_not_text: text(
    'reject',
    "Ce fichier n'est pas un fichier CSV (il contient des données qui ne sont pas du texte).",
    'Ouvrez-le dans votre tableur et enregistrez-le au format « CSV UTF-8 ».',
    'This is not a CSV file (it contains data that is not text).',
    'Open it in your spreadsheet program and save it as "CSV UTF-8".',
  ),
  file_is_spreadsheet: text(
    'reject',
    'Ce fichier est un classeur ou un document ({0}), pas un fichier CSV.',
    'Ouvrez-le dans votre tableur et enregistrez-le au format « CSV UTF-8 ».',
    'This file is a workbook or document ({0}), not a CSV file.',
    'Open it in your spreadsheet program and save it as "CSV UTF-8".',
  ),
  file_without_rows: text(
    'reject',
    "Le fichier n'a que la ligne de titres.",
    'Ajoutez les lignes de présence sous les titres.',
    'The file has nothing below the header line.',
    'Add the attendance rows below the header line.',
  ),
  header_not_recognised: text(
    'reject',
    "La première ligne n'est pas la ligne de titres d'une campagne.",
    'La première ligne doit porter les titres : {0}.',
    'The first line is not the header line of a campaign.',
    'The first line must hold these titles: {0}.',
  ),
  header_wrong: text(
    'reject',
    'La ligne de titres ne va pas. {0}',
    "Corrigez la ligne de titres d'après le modèle. L'ordre des colonnes est libre.",
    'The header line is not right. {1}',
    'Correct the header line as in the template. Columns may be in any order.',
  ),
  quote_not_closed: text(
    'reject',
    'Ligne {0} : un guillemet (") est ouvert et jamais fermé ; la suite du fichier ne peut pas être lue. Rien ne sera enregistré.',
    'Corrigez la ligne {0} : fermez le guillemet, ou écrivez "" pour un guillemet dans le texte.',
    'Line {0}: a quotation mark (") is opened and never closed; what follows cannot be read. Nothing will be recorded.',
    'Correct line {0}: close the quotation mark, or write "" for one inside the text.',
  ),
  quote_misplaced: text(
    'reject',
    'Ligne {0} : un guillemet (") est mal placé ; la suite du fichier ne peut pas être lue. Rien ne sera enregistré.',
    'Corrigez la ligne {0} : entourez la cellule de guillemets et doublez ("") ceux du texte.',
    'Line {0}: a quotation mark (") is misplaced; what follows cannot be read. Nothing will be recorded.',
    'Correct line {0}: put the cell between quotation marks and double ("") those of the text.',
  ),
};

const ofRows = {
  row_too_short: text(
    'reject',
    'La ligne a {0} cellules au lieu de {1}.',
    'Complétez la ligne : une cellule par colonne, vide si besoin.',
    'The row has {0} cells instead of {1}.',
    'Complete the row: one cell for each column, empty where needed.',
  ),
  row_too_long: text(
    'reject',
    'La ligne a {0} cellules au lieu de {1}.',
    'Ôtez les cellules en trop, ou entourez de guillemets un texte qui contient le séparateur.',
    'The row has {0} cells instead of {1}.',
    'Remove the extra cells, or put a text that contains the separator between quotation marks.',
  ),
  row_other_separator: text(
    'reject',
    'La ligne est séparée par « {0} » alors que les titres le sont par « {1} ».',
    'Remplacez les séparateurs de cette ligne par « {1} ».',
    'The row is separated by "{0}" while the header is separated by "{1}".',
    'Replace the separators of this row by "{1}".',
  ),
  cell_too_long: text(
    'reject',
    'La cellule a {0} caractères ; la limite est de {1}.',
    'Raccourcissez le texte.',
    'The cell has {0} characters; the limit is {1}.',
    'Shorten the text.',
  ),
};

const ofSessions = {
  session_missing: text(
    'reject',
    'Le numéro de séance manque.',
    'Écrivez le numéro de la séance, par exemple S01.',
    'The session number is missing.',
    'Write the number of the session, for example S01.',
  ),
  session_unknown: text(
    'reject',
    "Cette séance n'existe pas dans votre structure.",
    'Écrivez un numéro de séance de votre structure, sans nom de structure, par exemple S01.',
    'This session does not exist in your structure.',
    'Write a session number of your structure, without the name of a structure, for example S01.',
  ),
  session_number_invalid: text(
    'reject',
    'Le numéro de séance « {0} » ne convient pas.',
    'Employez au plus 40 lettres, chiffres, points ou tirets, par exemple S01.',
    'The session number "{0}" cannot be used.',
    'Use at most 40 letters, digits, dots or dashes, for example S01.',
  ),
  session_conflict: text(
    'reject',
    'Les lignes de la séance {0} ne disent pas toutes le même atelier et la même date.',
    'Donnez à chaque séance son propre numéro, avec un seul atelier et une seule date.',
    'The rows of session {0} do not all name the same workshop and date.',
    'Give each session its own number, with one workshop and one date.',
  ),
  session_recorded_otherwise: text(
    'reject',
    'La séance {0} est déjà enregistrée pour « {1} » le {2}.',
    'Donnez un autre numéro à cette séance, par exemple {3}-{0}.',
    'Session {0} is already recorded for "{1}" on {2}.',
    'Give this session another number, for example {3}-{0}.',
  ),
  session_details_differ: text(
    'warning',
    "L'heure, la durée ou le lieu de la séance {0} changent d'une ligne à l'autre ; le plus fréquent est retenu.",
    'Vérifiez que ces lignes sont bien de la même séance.',
    'Time, duration or place of session {0} differ between rows; the most frequent is kept.',
    'Check that these rows are of the same session.',
  ),
  room_limit: text(
    'warning',
    "La séance {0} compte {1} personnes ; l'atelier en prévoit {2} au plus.",
    "Vérifiez la liste de présence. L'import n'est pas empêché.",
    'Session {0} has {1} people; the workshop is meant for {2} at most.',
    'Check the attendance list. The import is not prevented.',
  ),
  workshop_missing: text(
    'reject',
    "L'atelier manque.",
    'Écrivez le code de l’atelier. Codes connus : {0}.',
    'The workshop is missing.',
    'Write the code of the workshop. Known codes: {0}.',
  ),
  workshop_unknown: text(
    'reject',
    "L'atelier « {0} » n'est pas au catalogue.",
    'Choisissez un code connu : {1}.',
    'The workshop "{0}" is not in the catalogue.',
    'Choose a known code: {1}.',
  ),
  date_missing: text(
    'reject',
    'La date manque.',
    'Écrivez la date en jj/mm/aaaa.',
    'The date is missing.',
    'Write the date as dd/mm/yyyy.',
  ),
  date_invalid: text(
    'reject',
    "« {0} » n'est pas une date lisible.",
    'Écrivez la date en jj/mm/aaaa, par exemple 05/10/2026.',
    '"{0}" is not a date that can be read.',
    'Write the date as dd/mm/yyyy, for example 05/10/2026.',
  ),
  date_impossible: text(
    'reject',
    "La date « {0} » n'existe pas au calendrier (jour/mois/année).",
    "Corrigez la date. L'ordre est jour/mois/année ; il n'est jamais deviné.",
    'The date "{0}" does not exist in the calendar (day/month/year).',
    'Correct the date. The order is day/month/year; it is never guessed.',
  ),
  date_in_future: text(
    'reject',
    'La séance est dans le futur ({0}).',
    "Importez la séance quand elle a eu lieu, ou corrigez l'année.",
    'The session is in the future ({0}).',
    'Import the session once it has taken place, or correct the year.',
  ),
  date_too_old: text(
    'reject',
    'La date {0} est trop ancienne.',
    "Corrigez l'année.",
    'The date {0} is too old.',
    'Correct the year.',
  ),
  time_invalid: text(
    'warning',
    "L'heure « {0} » n'est pas lisible ; elle est laissée de côté.",
    "Écrivez l'heure en hh:mm, par exemple 09:30.",
    'The time "{0}" cannot be read; it is left out.',
    'Write the time as hh:mm, for example 09:30.',
  ),
  duration_invalid: text(
    'reject',
    "La durée « {0} » n'est pas lisible.",
    'Écrivez un nombre d’heures, par exemple 2 ou 1,5.',
    'The duration "{0}" cannot be read.',
    'Write a number of hours, for example 2 or 1.5.',
  ),
  duration_not_positive: text(
    'reject',
    'La durée « {0} » doit être plus grande que zéro.',
    'Écrivez le nombre d’heures de la séance, par exemple 2 ou 1,5.',
    'The duration "{0}" must be greater than zero.',
    'Write the number of hours of the session, for example 2 or 1.5.',
  ),
  duration_too_long: text(
    'reject',
    'La durée « {0} » dépasse 24 heures.',
    'Écrivez la durée en heures, par exemple 2 ou 1,5.',
    'The duration "{0}" is more than 24 hours.',
    'Write the duration in hours, for example 2 or 1.5.',
  ),
};

const ofPeople = {
  name_missing: text(
    'reject',
    'Le nom ou le prénom manque : sans personne, pas de badge.',
    'Écrivez le nom et le prénom, ou ANONYME dans « Nom ». Pour un nom unique, mettez un tiret (-) dans « Prénom ».',
    'The family or given name is missing: without a person there is no badge.',
    'Write both names, or ANONYME in "Nom". For somebody with a single name put a dash (-) in "Prénom".',
  ),
  name_controls_removed: text(
    'warning',
    'Le nom contient des caractères qui changent le sens de lecture ; ils sont ôtés. Il devient « {0} ».',
    'Vérifiez que le nom est bien celui de la personne.',
    'The name contains characters that change the reading direction; they are removed. It becomes "{0}".',
    'Check that the name is really the one of this person.',
  ),
  name_invisible_removed: text(
    'warning',
    'Le nom contient des caractères invisibles ; ils sont ôtés. Il devient « {0} ».',
    'Vérifiez que le nom est bien celui de la personne.',
    'The name contains invisible characters; they are removed. It becomes "{0}".',
    'Check that the name is really the one of this person.',
  ),
  birth_year_missing: text(
    'no_award',
    "L'année de naissance manque : la présence est comptée sans le nom, sans badge.",
    "Ajoutez l'année de naissance (quatre chiffres) : elle distingue les homonymes.",
    'The birth year is missing: the presence is counted without the name and without a badge.',
    'Add the birth year (four digits): it tells namesakes apart.',
  ),
  birth_year_invalid: text(
    'reject',
    "« {0} » n'est pas une année de naissance à quatre chiffres.",
    "Écrivez l'année en entier, par exemple 1990.",
    '"{0}" is not a birth year of four digits.',
    'Write the whole year, for example 1990.',
  ),
  birth_year_implausible: text(
    'reject',
    "L'année de naissance {0} n'est pas possible pour une séance de {1}.",
    "Corrigez l'année de naissance.",
    'The birth year {0} is not possible for a session in {1}.',
    'Correct the birth year.',
  ),
  under_15: text(
    'warning',
    'La personne a moins de 15 ans (ou les aura cette année) : tout reste privé.',
    "Avant toute publication, recueillez l'accord conjoint de la personne et d'un titulaire de l'autorité parentale.",
    'The person is under 15 (or turns 15 this year): everything stays private.',
    'Before any publication, get the joint agreement of the person and of a holder of parental authority.',
  ),
  minor: text(
    'info',
    'La personne est mineure : rien ne sera public sans elle.',
    'Expliquez-lui, et à son représentant légal, ce que montre un badge avant toute publication.',
    'The person is a minor: nothing becomes public without her or him.',
    'Explain to the person and the legal guardian what a badge shows before any publication.',
  ),
  email_invalid: text(
    'warning',
    "L'adresse « {0} » n'est pas une adresse e-mail ; elle est laissée de côté, la personne est gardée.",
    "Corrigez l'adresse ou videz la cellule.",
    '"{0}" is not an e-mail address; it is left out, the person is kept.',
    'Correct the address or empty the cell.',
  ),
  phone_invalid: text(
    'warning',
    "« {0} » n'est pas un numéro de téléphone ; il est laissé de côté, la personne est gardée.",
    'Corrigez le numéro (des chiffres seulement, attention à la lettre O) ou videz la cellule.',
    '"{0}" is not a phone number; it is left out, the person is kept.',
    'Correct the number (digits only, mind the letter O) or empty the cell.',
  ),
  diagnostic_date_invalid: text(
    'warning',
    'La date de diagnostic « {0} » n’est pas lisible ; elle est laissée de côté.',
    'Écrivez la date en jj/mm/aaaa, ou videz la cellule.',
    'The diagnostic date "{0}" cannot be read; it is left out.',
    'Write the date as dd/mm/yyyy, or empty the cell.',
  ),
  publication_unknown: text(
    'warning',
    '« {0} » n’est pas un accord de publication connu ; lu comme « à demander ».',
    'Écrivez oui, non ou à demander.',
    '"{0}" is not a known publication agreement; read as "to ask".',
    'Write oui, non or à demander.',
  ),
};

const ofAssessments = {
  presence_missing: text(
    'reject',
    'La présence manque.',
    'Écrivez Présent, Absent ou Absent excusé.',
    'The presence is missing.',
    'Write Présent, Absent or Absent excusé.',
  ),
  presence_unknown: text(
    'reject',
    '« {0} » n’est pas une présence connue.',
    'Écrivez Présent, Absent ou Absent excusé.',
    '"{0}" is not a known presence.',
    'Write Présent, Absent or Absent excusé.',
  ),
  result_unknown: text(
    'reject',
    '« {0} » n’est pas un résultat connu.',
    'Écrivez : Acquis (A), En cours d’acquisition (ECA), Non acquis ou Non évalué.',
    '"{0}" is not a known result.',
    'Write: Acquis (A), En cours d’acquisition (ECA), Non acquis or Non évalué.',
  ),
  competency_unknown: text(
    'reject',
    'La compétence « {0} » n’existe ni dans le CRCN, ni dans DigComp 2.2, ni dans les critères de l’atelier.',
    'Corrigez le code, par exemple {1}.',
    'The competency "{0}" exists neither in CRCN, nor in DigComp 2.2, nor among the workshop’s criteria.',
    'Correct the code, for example {1}.',
  ),
  competency_missing: text(
    'no_award',
    'Un résultat est donné sans compétence évaluée : seule la présence est enregistrée.',
    'Écrivez le code de la compétence évaluée, par exemple {0}.',
    'A result is given without an assessed competency: only the presence is recorded.',
    'Write the code of the assessed competency, for example {0}.',
  ),
  absent_but_assessed: text(
    'reject',
    'La personne est notée absente et évaluée « {0} ».',
    'Corrigez la présence ou videz le résultat.',
    'The person is marked absent and assessed "{0}".',
    'Correct the presence or empty the result.',
  ),
  assessor_missing: text(
    'no_award',
    'Le résultat n’a pas d’évaluateur : la présence est enregistrée, pas le résultat.',
    'Écrivez dans « Évalué par » qui a observé la personne.',
    'The result has no assessor: the presence is recorded, the result is not.',
    'Write in "Évalué par" who observed the person.',
  ),
  self_assessed: text(
    'no_award',
    'La personne s’évalue elle-même : la présence est enregistrée, pas le résultat.',
    'Écrivez dans « Évalué par » le nom d’une autre personne, mandatée par la structure.',
    'The person assesses herself or himself: the presence is recorded, the result is not.',
    'Write in "Évalué par" the name of another person, mandated by the structure.',
  ),
  anonymous_assessed: text(
    'no_award',
    'Une personne anonyme ne peut pas recevoir de badge : seule la présence est comptée.',
    'Pour un badge, écrivez le nom, le prénom et l’année de naissance.',
    'An anonymous person cannot receive a badge: only the presence is counted.',
    'For a badge, write both names and the birth year.',
  ),
  anonymous: text(
    'info',
    'Personne anonyme : la présence est comptée, sans badge.',
    'Rien à faire.',
    'Anonymous person: the presence is counted, without a badge.',
    'Nothing to do.',
  ),
  assessor_awaits_confirmation: text(
    'info',
    '« {0} » n’est pas encore confirmé comme évaluateur à cette date : le badge attend.',
    'Un administrateur de la structure doit confirmer cette personne.',
    '"{0}" is not yet confirmed as an assessor on that date: the badge waits.',
    'An administrator of the structure has to confirm this person.',
  ),
};

const ofCases = {
  exact_duplicate: text(
    'duplicate',
    'Même personne, même séance que la ligne {0} : une seule présence est comptée.',
    'Rien à faire. Vous pouvez supprimer la ligne en double.',
    'Same person and session as row {0}: one presence is counted.',
    'Nothing to do. You may delete the duplicate row.',
  ),
  already_decided: text(
    'duplicate',
    'Ce cas a déjà été mis en attente ou décidé lors d’un import précédent.',
    'Voyez la liste des cas en attente.',
    'This case was already held or decided in an earlier import.',
    'See the list of held cases.',
  ),
  contradiction: text(
    'hold',
    'Deux lignes de la même personne dans la séance {0} se contredisent (lignes {1}) : rien n’est enregistré avant votre décision.',
    'Dites quelle ligne est juste.',
    'Two rows of the same person in session {0} contradict each other (rows {1}): nothing is recorded before your decision.',
    'Say which row is right.',
  ),
  contradicts_record: text(
    'hold',
    'La ligne contredit ce qui est déjà enregistré pour cette personne dans la séance {0}.',
    'Dites si la ligne ou l’enregistrement est juste.',
    'The row contradicts what is already recorded for this person in session {0}.',
    'Say whether the row or the record is right.',
  ),
  probable_duplicate: text(
    'hold',
    '« {0} » et « {1} » sont peut-être une seule personne (séance {2}) : rien n’est fusionné ni enregistré avant votre décision.',
    'Dites si c’est la même personne ou deux personnes.',
    '"{0}" and "{1}" may be one person (session {2}): nothing is merged or recorded before your decision.',
    'Say whether this is the same person or two people.',
  ),
};

/** Every issue an analysis can tell, with what it does and its texts for people. `{0}` … are filled in. */
export const issueTexts = { ...ofFiles, ...ofRows, ...ofSessions, ...ofPeople, ...ofAssessments, ...ofCases };
export type IssueCode = keyof typeof issueTexts;
