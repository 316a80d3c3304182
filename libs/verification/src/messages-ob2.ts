import type { Text } from '#platform';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What is said of badges of Open Badges 2.0 alone. */
export const ob2Messages = {
  ob2_context_missing: text(
    'Il ne dit pas qu’il est un Open Badge 2.0.',
    'It does not say that it is an Open Badge 2.0.',
  ),
  ob2_schema_followed: text('Il a la forme d’un Open Badge 2.0.', 'It has the form of an Open Badge 2.0.'),
  ob2_schema_broken: text(
    'Il n’a pas la forme d’un Open Badge 2.0.',
    'It does not have the form of an Open Badge 2.0.',
  ),
  ob2_form_differs: text(
    'Il dit être vérifiable d’une autre façon que celle sous laquelle il est donné.',
    'It says it is to be verified in another way than the one it is given in.',
  ),
  linked_unreachable: text(
    'La description du badge ou de son émetteur n’a pas pu être consultée.',
    'The description of the badge or of its issuer could not be consulted.',
  ),
  linked_elsewhere: text(
    'L’adresse renvoie vers un autre site, qui ne peut pas répondre à sa place.',
    'The address leads to another site, which cannot answer in its place.',
  ),
  linked_unreadable: text(
    'La description du badge ou de son émetteur est illisible.',
    'The description of the badge or of its issuer is unreadable.',
  ),
  linked_id_differs: text(
    'À l’adresse indiquée se trouve la description d’autre chose.',
    'At the address given stands the description of something else.',
  ),
  host_authorised: text(
    'Le badge se trouve là où son émetteur publie ses badges.',
    'The badge stands where its issuer publishes its badges.',
  ),
  host_not_authorised: text(
    'Le badge ne se trouve pas là où son émetteur publie ses badges.',
    'The badge does not stand where its issuer publishes its badges.',
  ),
  hosted_there: text(
    'Le badge se trouve bien à son adresse, tel qu’il a été donné.',
    'The badge stands at its address, as it was given.',
  ),
  hosted_gone: text(
    'Son adresse répond qu’il ne compte pas aujourd’hui.',
    'Its address answers that it does not count today.',
  ),
  hosted_unreachable: text(
    'L’adresse du badge n’a pas pu être consultée.',
    'The address of the badge could not be consulted.',
  ),
  hosted_unreadable: text(
    'À l’adresse du badge se trouve quelque chose d’illisible.',
    'At the address of the badge stands something unreadable.',
  ),
  hosted_id_differs: text(
    'À l’adresse du badge se trouve un autre badge.',
    'At the address of the badge stands another badge.',
  ),
  hosted_differs: text(
    'Ce qui a été donné ne dit pas la même chose que le badge à son adresse.',
    'What was given does not say the same as the badge at its address.',
  ),
} satisfies Record<string, Text>;
