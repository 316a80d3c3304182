import type { Language } from '#platform';

/** French sets a space before these signs, which must not begin a line; English is left as it is. */
export const inFrench = (text: string, language: Language): string =>
  language === 'fr' ? text.replace(/ ([:;?!»])/g, '\u00a0$1').replace(/« /g, '«\u00a0') : text;
