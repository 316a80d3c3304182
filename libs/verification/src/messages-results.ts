import type { Text } from '#platform';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What is wrong with a result and what it refers to, said to who writes a badge and to who reads it. */
export const resultLinkMessages = {
  result_without_description: text(
    'Un résultat renvoie à une description absente.',
    'A result refers to a description that is absent.',
  ),
  level_unknown: text(
    'Un résultat renvoie à un niveau absent.',
    'A result refers to a level that is absent.',
  ),
  result_without_status: text(
    'Un résultat de type « Status » n’a pas de statut.',
    'A result of type Status has no status.',
  ),
  result_ambiguous: text(
    'Un résultat renvoie à un identifiant porté deux fois : lequel vaut, rien ne le dit.',
    'A result refers to an identifier that is borne twice: nothing says which one counts.',
  ),
} satisfies Record<string, Text>;

/** What is said of results beside the descriptions that they refer to. */
export const resultMessages = {
  // links, failed or open
  ...resultLinkMessages,
  // links, passed, and told beside the verdict
  result_below_required: text(
    'D’après l’échelle de l’émetteur, un résultat est au-dessous de ce qui est demandé.',
    'By its issuer’s own scale, a result is below what is asked for.',
  ),
  result_not_completed: text(
    'Un résultat dit que ce n’est pas réussi, ou pas fini.',
    'A result says that it is not passed, or not finished.',
  ),
  result_outside_allowed: text(
    'Un résultat est hors de ce que sa description permet.',
    'A result lies outside what its description allows.',
  ),
  requirement_unclear: text(
    'Ce qui est demandé pour réussir ne se trouve pas dans sa description.',
    'What is asked for to pass is not in its description.',
  ),
  result_not_compared: text(
    'Un résultat ne se laisse pas comparer à ce qui est demandé.',
    'A result cannot be compared with what is asked for.',
  ),
} satisfies Record<string, Text>;
