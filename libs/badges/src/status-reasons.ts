import type { Text } from '#platform';

/**
 * Why a status was changed: a closed list of neutral classes. What a stranger reads is the class, never the story,
 * and no class says anything about the person.
 */
export const statusReasons = {
  issued_in_error: { fr: 'délivré par erreur', en: 'issued in error' },
  register_corrected: {
    fr: 'le registre de la séance a été corrigé',
    en: "the session's register was corrected",
  },
  key_compromised: {
    fr: "une clé de signature de l'émetteur n'est plus sûre",
    en: 'a signing key of the issuer is no longer safe',
  },
  learner_request: { fr: 'à la demande de la personne', en: 'at the request of the person' },
  fraud: {
    fr: "les conditions d'attribution n'étaient pas réunies",
    en: 'the conditions of the award were not met',
  },
  superseded: { fr: 'remplacé par une version plus récente', en: 'replaced by a newer version' },
  organisation_request: { fr: "à la demande de l'organisation", en: 'at the request of the organisation' },
  under_review: { fr: 'une vérification est en cours', en: 'a check is under way' },
  review_closed: { fr: 'la vérification est terminée', en: 'the check is over' },
} satisfies Record<string, Text>;

export type StatusReason = keyof typeof statusReasons;

export const statusReasonCodes = Object.keys(statusReasons) as StatusReason[];

export const isStatusReason = (text: string): text is StatusReason => Object.hasOwn(statusReasons, text);
