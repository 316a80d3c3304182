import type { Text } from '#platform';

const text = (fr: string, en: string): Text => ({ fr, en });

/** What is said of presentations in which badges were handed in. */
export const presentedMessages = {
  presentation_signed: text(
    'La présentation est bien signée ; elle a pu être copiée d’une autre fois.',
    'The presentation is properly signed; it may have been copied from another time.',
  ),
  presentation_not_supported: text(
    'Ce programme ne vérifie pas la signature de ce genre de présentation.',
    'This program does not check the signature of this kind of presentation.',
  ),
  presentation_empty: text('La présentation ne contient aucun badge.', 'The presentation holds no badge.'),
} satisfies Record<string, Text>;
