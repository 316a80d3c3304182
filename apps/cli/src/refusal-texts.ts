import type { Text } from '#platform';
import { statementRefusals } from './statement-refusals.js';

/**
 * Refusals in the language of whoever sits at the terminal, by code, or by code and reason: what is wrong, and what to
 * do.
 */
export const refusalTexts: ReadonlyMap<string, Text> = new Map(
  Object.entries<Text>({
    ...Object.fromEntries(statementRefusals),
    credential_not_found: {
      fr: 'Aucun badge à cette adresse dans cette organisation. Rien n’a été changé. « insigne badge list » les donne.',
      en: 'No badge at this address in this organisation. Nothing was changed. "insigne badge list" gives them.',
    },
    award_not_found: {
      fr: 'Aucun badge signé pour cette attribution dans cette organisation. Rien n’a été changé. « insigne badge list » donne les attributions.',
      en: 'No signed badge for this award in this organisation. Nothing was changed. "insigne badge list" gives the awards.',
    },
    award_not_issued: {
      fr: 'Le badge de cette attribution n’est pas encore signé. Rien n’a été changé. « insigne badge list » dit où il en est.',
      en: 'The badge of this award is not signed yet. Nothing was changed. "insigne badge list" says how far it is.',
    },
    'award_not_issued refused': {
      fr: 'La signature de ce badge a été refusée : il n’y a rien à montrer. Rien n’a été changé. « insigne badge list --json » dit pourquoi.',
      en: 'The signing of this badge was refused: there is nothing to show. Nothing was changed. "insigne badge list --json" says why.',
    },
    'award_not_issued taken_back': {
      fr: 'Ce badge n’est plus valable : il a été retiré, ou un autre est à sa place. Rien n’a été changé. « insigne badge list » donne ceux qui restent.',
      en: 'This badge counts no more: it was taken back, or another one stands in its place. Nothing was changed. "insigne badge list" gives those that stand.',
    },
    email_malformed: {
      fr: '--email doit être une seule adresse, comme nom@example.org. Rien n’a été changé.',
      en: '--email must be one address, such as name@example.org. Nothing was changed.',
    },
    credential_revoked: {
      fr: 'Ce badge est déjà retiré, et un retrait est définitif. Rien n’a été changé.',
      en: 'This badge is revoked already, and that is for good. Nothing was changed.',
    },
    credential_not_suspended: {
      fr: 'Ce badge n’est pas suspendu : il n’y a rien à rétablir. Rien n’a été changé.',
      en: 'This badge is not suspended: there is nothing to reinstate. Nothing was changed.',
    },
    status_changed_meanwhile: {
      fr: 'L’état a changé entre-temps : relisez-le, puis décidez. Rien n’a été changé.',
      en: 'The status was changed meanwhile: read it again, then decide. Nothing was changed.',
    },
    analysis_changed: {
      fr: 'Ce que cela ferait a changé depuis l’essai : refaites --dry-run. Rien n’a été changé.',
      en: 'What this would do has changed since the dry run: do --dry-run again. Nothing was changed.',
    },
    session_not_found: {
      fr: 'Aucune séance de ce numéro dans cette organisation. Rien n’a été changé.',
      en: 'No session with this number in this organisation. Nothing was changed.',
    },
    session_already_withdrawn: {
      fr: 'Cette séance est déjà retirée. Un registre corrigé la fait compter de nouveau.',
      en: 'This session is withdrawn already. A corrected register makes it count again.',
    },
    session_withdrawn: {
      fr: 'La séance de ces lignes est retirée : rien n’y compte. Si elle doit compter de nouveau, importez d’abord son registre entier (« insigne import campaign » avec --correct) ; sinon, écartez ces lignes (--decision discard). Rien n’a été changé.',
      en: 'The session of these rows is withdrawn: nothing in it counts. If it is to count again, import its whole register first ("insigne import campaign" with --correct); if not, drop these rows (--decision discard). Nothing was changed.',
    },
    badge_not_carried: {
      fr: 'Ce qui est enregistré ne donne pas droit à ce badge : corrigez le registre, ou retirez le badge. Rien n’a été changé.',
      en: 'What is recorded does not carry this badge: correct the register, or revoke the badge. Nothing was changed.',
    },
    badge_without_session: {
      fr: 'Ce badge repose sur d’autres badges, pas sur une séance : remplacez celui dont la date est fausse. Rien n’a été changé.',
      en: 'This badge stands on other badges, not on a session: replace the one whose day is wrong. Nothing was changed.',
    },
    person_name_taken: {
      fr: 'Une autre personne est enregistrée sous ce nom et cette année de naissance. Rien n’a été changé.',
      en: 'Somebody else is recorded under this name and birth year. Nothing was changed.',
    },
    person_refused: {
      fr: 'Il faut un nom de famille. Rien n’a été changé.',
      en: 'A person needs a family name. Nothing was changed.',
    },
    orphan_not_found: {
      fr: 'Pas parmi les badges sans attribution de cette organisation : « insigne restore reconcile --dry-run --json » les donne. Rien n’a été changé.',
      en: 'Not among the badges without an award of this organisation: "insigne restore reconcile --dry-run --json" gives them. Nothing was changed.',
    },
    orphan_without_place: {
      fr: 'Un autre badge a reçu la place de celui-ci dans la liste, ou sa liste est perdue avec sa structure. Remplacez cet autre badge, s’il y en a un : cela retire les deux. Rien n’a été changé.',
      en: 'Another badge was given the place of this one in the list, or its list was lost with its structure. Replace that other badge, if there is one: it revokes both. Nothing was changed.',
    },
  }),
);
