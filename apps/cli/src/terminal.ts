/** The language of the terminal: French when the locale says so, else English. */
export const terminalLanguage = (environment: NodeJS.ProcessEnv = process.env): 'fr' | 'en' =>
  /^fr/i.test(environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '') ? 'fr' : 'en';

/** One of two sentences, in the terminal's language. */
export const say = (fr: string, en: string): string => (terminalLanguage() === 'fr' ? fr : en);

/** Writes sentences to stderr in the terminal's language, so that stdout carries results alone. */
export const tellOnStderr = (sentence: Record<'fr' | 'en', string>): void =>
  console.error(sentence[terminalLanguage()]);
