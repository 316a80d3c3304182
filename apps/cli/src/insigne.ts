import type { Text } from '#platform';
import { help } from './help.js';
import { terminalLanguage } from './terminal.js';
import { badgeWords } from './words/badges.js';
import { type CommandWords, readWords, Usage } from './words/command-words.js';
import { keysWords } from './words/keys.js';
import { serviceWords } from './words/service.js';
import { statementWords } from './words/statements.js';

/** Every command but `verify`, by its one or two words. */
export const commands: ReadonlyMap<string, CommandWords> = new Map(
  Object.entries({ ...serviceWords, ...badgeWords, ...statementWords, ...keysWords }),
);

/**
 * Does what the words say. They are read before any library is loaded and before anything is opened.
 * @returns the exit code
 * @throws Usage (`usage`), and the refusals of the command
 */
export async function run([name = '', ...args]: string[]): Promise<number> {
  if (name === 'verify') {
    const { runVerify } = await import('./verify-command.js');
    return runVerify(args, process);
  }
  const [verb, ...rest] = args;
  const two = commands.get(`${name} ${verb ?? ''}`);
  const command = two ?? commands.get(name);
  if (!command) throw new Usage(name);
  if (!command.load) throw new Usage(command.usage);
  const words = readWords(command, two ? rest : args);
  const work = await command.load();
  try {
    return await work(words);
  } catch (error) {
    throw error instanceof Usage ? new Usage(`${error.message}\n${command.usage}`) : error;
  }
}

/** The whole program: as `run`, with help, and with refusals told on stderr. @returns the exit code */
export async function insigne(words: string[]): Promise<number> {
  const [name] = words;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(help[terminalLanguage()]);
    return name === undefined ? 64 : 0;
  }
  return run(words).catch(tellFailure);
}

/** @returns the exit code of a command that failed */
async function tellFailure(error: unknown): Promise<number> {
  if (error instanceof Usage) {
    console.error(`${error.message}\n\n${help[terminalLanguage()]}`);
    return 64;
  }
  const { DomainError, textIn } = await import('#platform');
  if (!(error instanceof DomainError)) {
    console.error(error);
    return 70;
  }
  // A refusal is a sentence that says what to do; a stack would hide it.
  const { refusalTexts } = await import('./refusal-texts.js');
  const { text: own, why } = error as { text?: Text; why?: string };
  const text = own ?? refusalTexts.get(`${error.code} ${why}`) ?? refusalTexts.get(error.code);
  console.error(text ? textIn(text, terminalLanguage()) : error.message);
  return 1;
}
