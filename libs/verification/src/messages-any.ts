import type { Text } from '#platform';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What is asked of credentials that are no badges, and of presentations. */
export const anyMessages = {
  // parse
  envelope_not_supported: text(
    'Ce programme ne sait pas ouvrir ce genre d’enveloppe.',
    'This program cannot open this kind of envelope.',
  ),
  // schema
  data_model_followed: text(
    'Il suit le modèle de données des Verifiable Credentials 2.0.',
    'It follows the Verifiable Credentials Data Model 2.0.',
  ),
  data_model_broken: text(
    'Il ne suit pas le modèle de données des Verifiable Credentials 2.0.',
    'It does not follow the Verifiable Credentials Data Model 2.0.',
  ),
  // holder
  holder_key_found: text('La clé appartient bien à qui présente.', 'The key belongs to whoever presents.'),
  holder_unknown: text('Rien ne dit qui présente.', 'Nothing says who presents.'),
  key_not_for_authentication: text(
    'Cette clé n’est pas faite pour montrer qui présente.',
    'This key is not meant to show who presents.',
  ),
  signed_with_presentation: text(
    'C’est la parole de qui présente, signée avec la présentation.',
    'It is the word of whoever presents, signed with the presentation.',
  ),
  // proof of a presentation
  presentation_unsigned: text(
    'La présentation n’est pas signée : rien ne montre qui présente.',
    'The presentation is not signed: nothing shows who presents.',
  ),
  challenge_differs: text(
    'La signature ne répond pas à la question posée.',
    'The signature does not answer the challenge that was given.',
  ),
  domain_differs: text(
    'La signature a été faite pour un autre destinataire.',
    'The signature was made for somebody else.',
  ),
  // what was not checked
  not_reached: text(
    'Pas fait : un contrôle précédent n’a pas réussi.',
    'Not made: an earlier check did not pass.',
  ),
  identity_not_asked: text(
    'Qui est l’émetteur n’a pas été cherché : à vous d’en juger.',
    'Who the issuer is was not looked for: that is yours to judge.',
  ),
  recipient_not_asked: text(
    'À qui il est n’a pas été comparé : à vous d’en juger.',
    'Whose it is was not compared: that is yours to judge.',
  ),
  refresh_not_asked: text(
    'L’émetteur n’a pas été interrogé sur une version plus récente.',
    'The issuer was not asked whether there is a newer one.',
  ),
  endorsements_not_asked: text(
    'Les recommandations qu’il porte n’ont pas été vérifiées.',
    'The endorsements it carries were not checked.',
  ),
  evidence_not_opened: text(
    'Les preuves auxquelles il renvoie n’ont pas été ouvertes.',
    'The evidence it refers to was not opened.',
  ),
  terms_not_read: text('Ses conditions d’utilisation n’ont pas été lues.', 'Its terms of use were not read.'),
  schema_not_held: text(
    'Il dit suivre un schéma que ce programme ne connaît pas.',
    'It says it follows a schema that this program does not know.',
  ),
  challenge_not_asked: text(
    'Aucune question n’a été donnée : la présentation a pu être montrée avant.',
    'No challenge was given: the presentation may have been shown before.',
  ),
  domain_not_asked: text(
    'Aucun destinataire n’a été donné : elle a pu être faite pour un autre.',
    'No domain was given: it may have been made for somebody else.',
  ),
} satisfies Record<string, Text>;
