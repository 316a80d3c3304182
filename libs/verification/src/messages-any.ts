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
} satisfies Record<string, Text>;
