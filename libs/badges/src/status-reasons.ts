import type { Text } from '#platform';

/**
 * Why a status was changed: a closed list of neutral classes. What a stranger reads is the class, never the story,
 * and no class says anything about the person.
 */
export const statusReasons = {
  issued_in_error: { fr: 'délivré par erreur', en: 'issued in error' },
  register_corrected: { fr: 'registre de la séance corrigé', en: 'session register corrected' },
  key_compromised: { fr: 'clé de signature remplacée', en: 'signing key replaced' },
  learner_request: { fr: 'demande de la personne', en: 'asked for by the person' },
  fraud: { fr: 'conditions non remplies', en: 'conditions not met' },
  superseded: { fr: 'version plus récente', en: 'newer version' },
  organisation_request: { fr: 'demande de l’organisation', en: 'asked for by the organisation' },
  under_review: { fr: 'vérification en cours', en: 'being checked' },
  review_closed: { fr: 'vérification terminée', en: 'check completed' },
  /** Nobody gives it: what an older backup lacks, the signed lists bring back without its reason. */
  unknown: { fr: 'inconnue depuis une restauration des données', en: 'not known since data was restored' },
} satisfies Record<string, Text>;

export type StatusReason = keyof typeof statusReasons;

export const statusReasonCodes = Object.keys(statusReasons) as StatusReason[];

const takenBack = [
  'issued_in_error',
  'register_corrected',
  'learner_request',
  'fraud',
  'organisation_request',
] as const satisfies StatusReason[];

/**
 * The classes that people give, by what they do: the page says the class, so it has to fit the act. What the product
 * does by itself, and what was done before, may have another one.
 *
 * `superseded` says that a newer badge stands in the place of this one, which only replacing does: a badge that is
 * plainly revoked has no successor to lead to. A key that is no longer safe is reported as such (`insigne keys
 * compromise`): its badges are issued again, while one that a person revoked stays without successor.
 */
export const reasonsFor = {
  revoke: takenBack,
  withdraw: takenBack,
  replace: ['issued_in_error', 'register_corrected', 'learner_request', 'superseded'],
  suspend: ['under_review', 'learner_request', 'organisation_request', 'fraud', 'issued_in_error'],
  reinstate: ['review_closed', 'learner_request', 'organisation_request'],
} as const satisfies Record<string, readonly StatusReason[]>;
