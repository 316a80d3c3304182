import type { Language } from './text.js';

const numberFormats = {
  fr: new Intl.NumberFormat('fr-FR'),
  en: new Intl.NumberFormat('en-GB'),
};

/** « 1 204 », '1,204'. */
export const number = (value: number, language: Language): string => numberFormats[language].format(value);

/** One of two sentences by number (French: 0 and 1 are singular), with the number in place of `{n}`. */
export const counted = ([one, many]: string[], value: number, language: Language): string =>
  (value === 1 || (value === 0 && language === 'fr') ? one! : many!).replace('{n}', number(value, language));

/** Whole seconds as people say them, in the largest unit: « 12 s », « 3 min », « 2 h », « 4 j ». */
export function age(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}\u00a0s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)}\u00a0min`;
  if (whole < 172_800) return `${Math.floor(whole / 3_600)}\u00a0h`;
  return `${Math.floor(whole / 86_400)}\u00a0${language === 'fr' ? 'j' : 'd'}`;
}
