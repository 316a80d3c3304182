export type Language = 'fr' | 'en';
/** A text for people in the languages it exists in. */
export type Text = { fr?: string; en?: string };

/** The text in the wanted language, else in the other one, else ''. */
export const textIn = (text: Text | null | undefined, language: Language): string =>
  text?.[language] ?? text?.[language === 'fr' ? 'en' : 'fr'] ?? '';

/** The language `textIn` really answers in. */
export const languageOf = (text: Text | null | undefined, language: Language): Language =>
  text?.[language] !== undefined ? language : language === 'fr' ? 'en' : 'fr';
