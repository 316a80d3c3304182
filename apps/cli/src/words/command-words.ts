import { type ParseArgsConfig, parseArgs } from 'node:util';
import { say } from '../terminal.js';
import { refuseActor } from './who.js';

// Nothing here, nor in the tables beside it, loads a library: a command that is not understood is refused at once.

/** The command line is not understood (`usage`): exit code 64. */
export class Usage extends Error {
  readonly code = 'usage';
}

/** What was typed behind a command, read and in order. */
export interface Words {
  values: Record<string, string | boolean | string[] | undefined>;
  positionals: string[];
}

export type Command = (words: Words) => Promise<number>;

/** How a command is written, and where it lies. */
export interface CommandWords {
  /** Printed when the words are not understood. */
  usage: string;
  options?: NonNullable<ParseArgsConfig['options']>;
  /** How many words may stand without an option (default: none). */
  least?: number;
  most?: number;
  /** It takes `--by CODE`: who acts, for the history of a badge and the audit. */
  hasActor?: boolean;
  /** What is wrong with these words, in the terminal's language; '' when the usage says it all. */
  refuse?(words: Words): string | undefined;
  /** Left out where a verb must follow. */
  load?(): Promise<Command>;
}

export const word = { type: 'string' } as const;
export const words = { type: 'string', multiple: true } as const;
export const flag = { type: 'boolean' } as const;

/** Options of every command that works on an instance. */
const instanceOptions = { data: word, port: word, origin: word };

/** The refusal of a command without an option that it needs. @param form as one types it, `--key ID` */
export const isMissing = (form: string): string => say(`Il manque ${form}.`, `${form} is missing.`);

/** `parseArgs`, with a refusal instead of a stack. @throws Usage (`usage`) in Node's words */
export function parseWords<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new Usage((error as Error).message);
  }
}

/** Adds to a refusal how the command is written. @throws Usage (`usage`) */
function withUsage<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof Usage ? new Usage(`${error.message}\n${usage}`) : error;
  }
}

/** Reads what stands behind a command. @throws Usage (`usage`) naming what is wrong, with how the command is written */
export function readWords(command: CommandWords, args: string[]): Words {
  const { usage, options, least = 0, most = 0, hasActor = false, refuse } = command;
  const read = withUsage(usage, () =>
    parseWords({
      args,
      options: { ...instanceOptions, ...(hasActor && { by: word }), ...options },
      allowPositionals: true,
    }),
  ) as Words;
  const refusal =
    (hasActor ? refuseActor(read) : undefined) ?? refusePlaces(read, least, most) ?? refuse?.(read);
  if (refusal === undefined) return read;
  throw new Usage(refusal === '' ? usage : `${refusal}\n${usage}`);
}

function refusePlaces({ positionals }: Words, least: number, most: number): string | undefined {
  if (positionals.length < least) return '';
  const surplus = positionals.slice(most).join(' ');
  return surplus === ''
    ? undefined
    : say(
        `« ${surplus} » n’est pas compris : un mot s’écrit après son option.`,
        `"${surplus}" is not understood: a word goes behind its option.`,
      );
}
