import type { Text } from '#platform';
import { resultLinkMessages } from './messages-results.js';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What every fault of the linter means and what to do about it. */
export const lintMessages = {
  too_large: text(
    'Le badge dépasse 64 ko : raccourcir les textes.',
    'The badge is larger than 64 kB: shorten the texts.',
  ),
  too_deep: text('Le badge est imbriqué trop profondément.', 'The badge is nested too deeply.'),
  control_character: text(
    'Un texte contient une tabulation ou un caractère de commande, que certains vérificateurs refusent : le supprimer.',
    'A text holds a tab or control character, which some verifiers refuse: remove it.',
  ),
  lone_surrogate: text(
    'Un texte contient une moitié de caractère : le retaper.',
    'A text holds half a character: type it again.',
  ),
  bidi_control: text(
    'Un texte contient un caractère invisible qui change l’ordre de lecture : le supprimer.',
    'A text holds an invisible character that changes the reading order: remove it.',
  ),
  schema_broken: text(
    'Le badge n’a pas la forme d’un Open Badge 3.0.',
    'The badge does not have the form of an Open Badge 3.0.',
  ),
  not_an_array: text(
    'Une valeur qui peut être multiple doit être écrite en liste.',
    'A value that may be multiple must be written as a list.',
  ),
  empty_value: text('Les valeurs vides ou nulles sont à omettre.', 'Empty and null values must be left out.'),
  data_model_broken: text(
    'Le contenu ne suit pas le modèle de données des Verifiable Credentials 2.0.',
    'The content does not follow the Verifiable Credentials Data Model 2.0.',
  ),
  claim_as_member: text(
    'Ce mot est une donnée du jeton JWT (iss, sub, exp…) : dans un justificatif il se dit autrement (issuer, credentialSubject, validUntil…).',
    'This word is a claim of a JWT (iss, sub, exp…): a credential says it in another way (issuer, credentialSubject, validUntil…).',
  ),
  badge_refused: text(
    'Les badges, recommandations, recueils et listes de retrait ne viennent pas par cette voie : un badge se gagne dans un atelier.',
    'Badges, endorsements, records and status lists are not issued this way: a badge is earned in a workshop.',
  ),
  status_too_many: text(
    'Trop de renvois à des listes de retrait : trois au plus, celui de ce service vient en plus.',
    'Too many status entries: three at most, that of this service is added.',
  ),
  type_wrong: text(
    'Le contenu doit être un OpenBadgeCredential, un EndorsementCredential ou un ClrCredential.',
    'The content must be an OpenBadgeCredential, an EndorsementCredential or a ClrCredential.',
  ),
  context_wrong: text(
    'Les contextes doivent être ceux de VC 2.0 et d’Open Badges 3.0.3, dans cet ordre.',
    'The contexts must be those of VC 2.0 and Open Badges 3.0.3, in this order.',
  ),
  context_unknown: text(
    'Le badge utilise un contexte que le programme ne connaît pas.',
    'The badge uses a context the program does not know.',
  ),
  context_inline: text(
    'Le badge définit un contexte en son sein.',
    'The badge defines a context inside itself.',
  ),
  jsonld_unsafe: text(
    'Une partie du badge ne serait pas couverte par la signature.',
    'Part of the badge would not be covered by the signature.',
  ),
  subject_unidentified: text(
    'Le badge ne dit pas à qui il est remis.',
    'The badge does not say whom it is given to.',
  ),
  ...resultLinkMessages,
  date_not_whole_second: text(
    'Une date doit être écrite à la seconde entière, avec son fuseau.',
    'A date must be written in whole seconds, with its zone.',
  ),
  date_order: text(
    'La fin de validité doit suivre le début.',
    'The end of validity must come after its beginning.',
  ),
  private_email: text('Le badge contient une adresse de courriel.', 'The badge holds an e-mail address.'),
  private_phone: text(
    'Le badge contient un numéro qui ressemble à un téléphone.',
    'The badge holds a number that looks like a telephone.',
  ),
  private_birth_date: text('Le badge contient une date de naissance.', 'The badge holds a date of birth.'),
  private_contact: text(
    'Le badge contient un moyen de joindre la personne.',
    'The badge holds a way to reach the person.',
  ),
  identity_not_hashed: text(
    'L’identité de la personne doit être hachée (sha256).',
    'The person’s identity must be hashed (sha256).',
  ),
  status_missing: text(
    'Le badge n’a pas de place dans une liste de retrait : il ne pourrait pas être retiré.',
    'The badge has no place in a withdrawal list: it could not be withdrawn.',
  ),
  status_malformed: text(
    'Le renvoi à la liste de retrait est mal formé.',
    'The reference to the withdrawal list is malformed.',
  ),
  issuer_not_did: text(
    'L’émetteur doit être un profil avec un identifiant did:web.',
    'The issuer must be a profile with a did:web identifier.',
  ),
  proof_present: text('Le badge porte déjà une signature.', 'The badge already carries a proof.'),
  jwt_unfit: text('Le badge ne peut pas être écrit en JWT.', 'The badge cannot be written as a JWT.'),
  rehearsal_failed: text(
    'Le badge signé avec une clé d’essai ne se vérifie pas.',
    'The badge signed with a throw-away key does not verify.',
  ),
} satisfies Record<string, Text>;

export type LintCode = keyof typeof lintMessages;
