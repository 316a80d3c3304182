import type { ComponentChild } from 'preact';
import type { Language } from '#platform';
import { en } from './texts.en.js';
import { fr } from './texts.fr.js';

export type Wording = typeof fr;

/** The texts of the pages in one language. */
export const wording = (language: Language): Wording => (language === 'fr' ? fr : en);

/** Puts values in the `{places}` of a sentence; a value may be markup. An unknown place stays as it is. */
export function fill(sentence: string, values: Record<string, ComponentChild>): ComponentChild[] {
  return sentence
    .split(/(\{[a-z]+\})/i)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith('{') ? (values[part.slice(1, -1)] ?? part) : part));
}

const locale: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' };
const firstOfMonth = (date: string): string => date.replace(/^1 /, '1er ');

/** 'YYYY-MM-DD' (or an ISO time, seen from Paris) in long form: « 1er octobre 2026 », '1 October 2026'. */
export function longDate(iso: string, language: Language): string {
  const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  const date = new Intl.DateTimeFormat(locale[language], {
    dateStyle: 'long',
    timeZone: wholeDay ? 'UTC' : 'Europe/Paris',
  }).format(new Date(iso));
  return language === 'fr' ? firstOfMonth(date) : date;
}

/** An ISO time as date and hour in Paris: « 19 octobre 2026 à 14 h 05 », '19 October 2026 at 14:05'. */
export function longTime(iso: string, language: Language): string {
  const [hour, minute] = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Europe/Paris' })
    .format(new Date(iso))
    .split(':') as [string, string];
  const day = longDate(new Date(iso).toISOString(), language);
  return language === 'fr' ? `${day} à ${Number(hour)}\u00a0h\u00a0${minute}` : `${day} at ${hour}:${minute}`;
}

/** Whole minutes as people say them: « 45 min », « 2 h », « 1 h 30 ». */
export function duration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest}\u00a0min`;
  return rest === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${String(rest).padStart(2, '0')}`;
}

/** 14 digits in the groups of the French register; anything else unchanged. */
export const siretGroups = (siret: string): string =>
  siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, '$1\u00a0$2\u00a0$3\u00a0$4');
